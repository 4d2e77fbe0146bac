"""The formats that can be read, and which of them a file is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playground.decoding import decode
from playground.errors import (
    ArchiveNotOneDocument,
    DamagedFile,
    DocumentError,
    EncryptedFile,
    FileTooComplex,
    NoText,
    UnsupportedFormat,
)
from playground.readers import limits
from playground.readers.archive import NamedFile, files_in
from playground.readers.kinds import Kind, kind_of
from playground.readers.text import SOURCE_SUFFIXES, TEXT_SUFFIXES, read_text
from playground.readers.titles import suffix_of, title_of
from playground.types import Document


# The libraries are large and are not needed by those who read text, so each is imported when its
# reader is called.
def _pdf(title: str, data: bytes) -> Document:
    from playground.readers.pdf import read_pdf

    return read_pdf(title, data)


def _docx(title: str, data: bytes) -> Document:
    from playground.readers.docx import read_docx

    return read_docx(title, data)


def _pptx(title: str, data: bytes) -> Document:
    from playground.readers.pptx import read_pptx

    return read_pptx(title, data)


def _sheets(title: str, data: bytes) -> Document:
    from playground.readers.sheets import read_sheets

    return read_sheets(title, data)


def _epub(title: str, data: bytes) -> Document:
    from playground.readers.epub import read_epub

    return read_epub(title, data)


def _html(title: str, data: bytes) -> Document:
    from playground.readers.html import read_html

    return read_html(title, data)


@dataclass(frozen=True)
class Reader:
    """One format that takes a library: how its content is called, its suffixes, what reads it."""

    kind: Kind
    suffixes: tuple[str, ...]
    read: Callable[[str, bytes], Document]
    is_text: bool = False


READERS = (
    Reader("pdf", (".pdf",), _pdf),
    Reader("docx", (".docx",), _docx),
    Reader("pptx", (".pptx",), _pptx),
    Reader("sheets", (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), _sheets),
    Reader("epub", (".epub",), _epub),
    Reader("html", (".html", ".htm", ".xhtml"), _html, is_text=True),
)


def supported_suffixes() -> tuple[str, ...]:
    """The file name endings to offer; other text files are read too."""
    return (*_main_suffixes(), *SOURCE_SUFFIXES)


def _main_suffixes() -> tuple[str, ...]:
    libraries = (suffix for reader in READERS for suffix in reader.suffixes)
    return (*libraries, ".zip", *TEXT_SUFFIXES)


def read(name: str, data: bytes) -> Document:
    """The document in `data`. `name` gives its title and hints at its format; it is no path.

    Raises:
        DocumentError: it is too large, empty, damaged, protected, or in no known format.
    """
    return read_file_named(NamedFile(title_of(name), data))


def read_all(name: str, data: bytes) -> Iterator[Document | DocumentError]:
    """The document in `data`, or each of those inside if it is a zip archive; errors are values."""
    for file in files_in(title_of(name), data):
        if isinstance(file, DocumentError):
            yield file
            continue
        try:
            yield read_file_named(file)
        except DocumentError as error:
            yield error


def read_file_named(file: NamedFile) -> Document:
    """The document in `file`, whose title may be a path.

    Raises:
        DocumentError: it is too large, empty, damaged, protected, or in no known format.
    """
    title, data = file.title, file.data
    reader = reader_of(file)
    if reader is None:
        document = read_text(title, data)
        if document is None:
            raise _unsupported(title)
        return document
    try:
        document = reader.read(title, data)
    except DocumentError:
        raise
    except MemoryError as error:
        megabytes = limits.READ_MEMORY_BYTES // 1_000_000
        raise FileTooComplex(title=title, megabytes=megabytes) from error
    except Exception as error:  # the libraries let KeyError, struct's and more out of broken files
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise DamagedFile(title=title, reason=reason) from error
    if not document.text.strip():
        raise NoText(title=title)
    return document


def reader_of(file: NamedFile) -> Reader | None:
    """What reads `file`, None if it can only be text: by content first, since names lie.

    Raises:
        DocumentError: that can be told already.
    """
    title, data = file.title, file.data
    limits.check_size(title, len(data))
    if not data.strip():
        raise NoText(title=title)
    kind = kind_of(data)
    if kind == "encrypted":
        raise EncryptedFile(title=title)
    if kind == "other":
        raise _unsupported(title)
    suffix = suffix_of(title)
    for reader in READERS:
        if reader.kind == kind:
            return reader
    for reader in READERS:
        if suffix in reader.suffixes and reader.is_text == (decode(data) is not None):
            return reader
    if kind == "zip":
        raise ArchiveNotOneDocument(title=title)
    return None


def _unsupported(title: str) -> UnsupportedFormat:
    return UnsupportedFormat(title=title, supported=", ".join(_main_suffixes()))
