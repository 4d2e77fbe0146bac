"""Word files (DOCX), with python-docx."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph

from playground.decoding import clean
from playground.errors import DamagedFile, FileTooLarge, NoText
from playground.readers.tables import markdown_rows
from playground.types import Document

MAX_UNPACKED_BYTES = 300_000_000
_HEADING = re.compile(r"(?:heading|标题)\s*([1-6])", re.IGNORECASE)


def is_docx(data: bytes) -> bool:
    """True for a zip archive that holds a Word document."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            return "word/document.xml" in archive.namelist()
    except BadZipFile:
        return False


def read_docx(title: str, data: bytes) -> Document:
    """Paragraphs, headings and tables in the order of the document.

    Raises:
        FileTooLarge: it unpacks to too much. NoText: nothing to read. DamagedFile: not parsable.
    """
    try:
        _check_unpacked_size(title, data)
        blocks = list(_blocks(data))
    except FileTooLarge:
        raise
    except Exception as error:  # python-docx lets lxml's, zipfile's and KeyErrors out
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise DamagedFile(title=title, reason=reason) from error
    text = clean("\n\n".join(block for block in blocks if block.strip()))
    if not text:
        raise NoText(title=title)
    return Document(title, text)


def _check_unpacked_size(title: str, data: bytes) -> None:
    with ZipFile(BytesIO(data)) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        megabytes, limit = unpacked // 1_000_000, MAX_UNPACKED_BYTES // 1_000_000
        raise FileTooLarge(title=title, megabytes=megabytes, limit=limit)


def _blocks(data: bytes) -> Iterator[str]:
    for block in docx.Document(BytesIO(data)).iter_inner_content():
        yield _paragraph(block) if isinstance(block, Paragraph) else _table(block)


def _paragraph(paragraph: Paragraph) -> str:
    text = paragraph.text.strip()
    style = (paragraph.style.name or "") if paragraph.style else ""
    heading = _HEADING.fullmatch(style)
    if not text:
        return ""
    if heading or style == "Title":
        level = int(heading[1]) if heading else 1
        return f"{'#' * level} {' '.join(text.split())}"
    return f"- {text}" if style.startswith("List") else text


def _table(table: Table) -> str:
    """Merged cells, which python-docx repeats, are told once."""
    rows = []
    for row in table.rows:
        cells = {id(cell._tc): cell.text for cell in row.cells}
        rows.append(list(cells.values()))
    return markdown_rows(rows)
