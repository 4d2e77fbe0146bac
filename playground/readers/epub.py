"""Books (EPUB): their pages in reading order, each read as a web page is."""

from __future__ import annotations

import posixpath
import xml.etree.ElementTree as ElementTree  # expat refuses entity bombs and opens no other files
from collections.abc import Iterator
from urllib.parse import unquote
from zipfile import ZipFile

from playground.errors import EncryptedFile
from playground.readers.html import decode_page, text_of_page
from playground.readers.limits import bounded
from playground.readers.packed import open_packed, read_entry
from playground.types import Document

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"


def read_epub(title: str, data: bytes) -> Document:
    """The book's title and its chapters, in the order in which they are to be read.

    Raises:
        EncryptedFile: its pages are under copy protection. UnpacksToTooMuch, TooMuchText: it is
        too large.
    """
    with open_packed(title, data) as archive:
        package = _package_path(archive)
        root = _parsed(archive, package)
        pages = _pages(root, posixpath.dirname(package))
        if not _protected(archive).isdisjoint(pages):
            raise EncryptedFile(title=title)
        chapters = bounded(title, _chapters(archive, pages))
        text = "\n\n".join(chapter for chapter in chapters if chapter)
    name = " ".join((root.findtext(".//{*}metadata/{*}title") or "").split())
    heading = f"# {name}"
    if text and name and text.partition("\n")[0] != heading:
        text = f"{heading}\n\n{text}"
    return Document(title, text, format="markdown")


def _parsed(archive: ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(read_entry(archive, archive.getinfo(name)))


def _package_path(archive: ZipFile) -> str:
    root = _parsed(archive, _CONTAINER)
    paths = (file.get("full-path") for file in root.iterfind(".//{*}rootfile"))
    return next(path for path in paths if path)


def _pages(package: ElementTree.Element, folder: str) -> list[str]:
    """The entries that the spine names. One that is named again is read once."""
    paths = {
        item.get("id"): posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        for item in package.iterfind(".//{*}manifest/{*}item")
    }
    spine = (item.get("idref") for item in package.iterfind(".//{*}spine/{*}itemref"))
    return list(dict.fromkeys(paths[id_] for id_ in spine if id_ in paths))


def _protected(archive: ZipFile) -> set[str]:
    if _ENCRYPTION not in archive.namelist():
        return set()
    root = _parsed(archive, _ENCRYPTION)
    return {unquote(item.get("URI", "")) for item in root.iterfind(".//{*}CipherReference")}


def _chapters(archive: ZipFile, pages: list[str]) -> Iterator[str]:
    for page in pages:
        markup = decode_page(read_entry(archive, archive.getinfo(page)))
        yield text_of_page(markup, with_title=False)  # the title of each is mostly the book's
