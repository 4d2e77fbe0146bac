"""The formats that can be read, and which of them a file is in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playground.decoding import decode
from playground.errors import FileTooLarge, NoText, UnsupportedFormat
from playground.readers.docx import is_docx, read_docx
from playground.readers.html import is_html, read_html
from playground.readers.pdf import is_pdf, read_pdf
from playground.readers.text import read_text
from playground.readers.titles import suffix_of, title_of
from playground.types import Document

MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class Reader:
    """One format: its suffixes, what reads it, and how its content is known (None: it is not)."""

    suffixes: tuple[str, ...]
    read: Callable[[str, bytes], Document]
    matches: Callable[[bytes], bool] | None
    is_text: bool


TEXT = Reader((".txt", ".md", ".csv", ".json", ".jsonl"), read_text, None, True)
READERS = (
    Reader((".pdf",), read_pdf, is_pdf, False),
    Reader((".docx",), read_docx, is_docx, False),
    Reader((".html", ".htm", ".xhtml"), read_html, is_html, True),
    TEXT,
)


def supported_suffixes() -> tuple[str, ...]:
    """The file name endings to offer; other text files are read too."""
    return tuple(suffix for reader in READERS for suffix in reader.suffixes)


def read(name: str, data: bytes) -> Document:
    """The document in `data`. `name` gives its title and hints at its format; it is no path.

    Raises:
        DocumentError: it is too large, empty, damaged, protected, or in no known format.
    """
    title = title_of(name)
    if len(data) > MAX_BYTES:
        raise FileTooLarge(
            title=title, megabytes=len(data) // 1_000_000, limit=MAX_BYTES // 1_000_000
        )
    if not data.strip():
        raise NoText(title=title)
    return _reader_of(name, title, data).read(title, data)


def _reader_of(name: str, title: str, data: bytes) -> Reader:
    """By content first, since names lie; by the name's suffix where content does not tell."""
    for reader in READERS:
        if reader.matches and reader.matches(data):
            return reader
    suffix, is_text = suffix_of(name), decode(data) is not None
    for reader in READERS:
        if suffix in reader.suffixes and reader.is_text == is_text:
            return reader
    if is_text:
        return TEXT
    raise UnsupportedFormat(title=title, supported=", ".join(supported_suffixes()))
