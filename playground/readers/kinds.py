"""What a file's content shows it to be, without any library of its format."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Literal
from zipfile import ZIP_STORED, ZipFile

from playground.readers.limits import MAX_ZIP_ENTRIES

Kind = Literal["pdf", "docx", "pptx", "sheets", "epub", "html", "zip", "encrypted", "other"]

_HTML = re.compile(  # possessive: comments in a row would else be tried in every grouping
    rb"[\xef\xbb\xbf\s]*+(?:<\?xml[^>]*+>\s*+)?+(?:<!--(?:[^-]|-(?!->))*+-->\s*+)*+"
    rb"<(?:!doctype html|html[\s>])",
    re.IGNORECASE,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office files before 2007, and encrypted ones
_ENTRY = b"PK\1\2"
_BY_MEMBER: tuple[tuple[str, Kind], ...] = (
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("xl/workbook.xml", "sheets"),
    ("xl/workbook.bin", "sheets"),
    ("META-INF/container.xml", "epub"),
    ("[Content_Types].xml", "other"),  # of Office, but none of those above
)
_BY_MIMETYPE: dict[bytes, Kind] = {
    b"application/vnd.oasis.opendocument.spreadsheet": "sheets",
    b"application/epub+zip": "epub",
}


def kind_of(data: bytes) -> Kind | None:
    """The kind that `data` begins like, "other" if it is known not to be readable.

    None: nothing tells, so it may be text.
    """
    if data[:1024].lstrip(b"\xef\xbb\xbf\0 \t\r\n").startswith(b"%PDF-"):
        return "pdf"
    if data.startswith((b"PK\3\4", b"PK\5\6")):
        return _zip_kind(data)
    if data.startswith(_OLE):
        return _ole_kind(data)
    if data.startswith(b"{\\rtf"):
        return "other"
    return "html" if _HTML.match(data[:2048]) else None


def has_too_many_entries(data: bytes) -> bool:
    """True for a zip whose mere list of contents would fill the memory."""
    return data.count(_ENTRY) > MAX_ZIP_ENTRIES


def _zip_kind(data: bytes) -> Kind:
    if has_too_many_entries(data):
        return "zip"
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = frozenset(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").compress_type == ZIP_STORED:
                return _BY_MIMETYPE.get(archive.read("mimetype").strip(), "other")
    except Exception:  # zipfile lets struct's and more out of broken archives
        return "zip"
    for member, kind in _BY_MEMBER:
        if member in names:
            return kind
    return "zip"


def _ole_kind(data: bytes) -> Kind:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "encrypted"
    books = ("Workbook", "Book")
    return "sheets" if any(name.encode("utf-16-le") in data for name in books) else "other"
