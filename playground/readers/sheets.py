"""Spreadsheets (XLSX, XLSB, XLS, ODS), with calamine: each sheet a heading and a table."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from io import BytesIO

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from playground.decoding import clean
from playground.errors import EncryptedFile
from playground.readers.limits import bounded
from playground.readers.packed import open_packed
from playground.readers.tables import markdown_lines
from playground.types import Document

Cell = int | float | str | bool | datetime.date | datetime.time | datetime.timedelta


def read_sheets(title: str, data: bytes) -> Document:
    """The sheets that a user of the file sees, in their order. Merged cells hold their text once.

    Raises:
        EncryptedFile: a password is needed. UnpacksToTooMuch, TooMuchText: it is too large.
    """
    if data.startswith(b"PK"):
        open_packed(title, data).close()
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            text = "\n".join(bounded(title, _lines(book))).strip()
    except PasswordError as error:
        raise EncryptedFile(title=title) from error
    return Document(title, clean(text), format="markdown")


def _lines(book: CalamineWorkbook) -> Iterator[str]:
    for sheet in book.sheets_metadata:
        if (
            sheet.visible is not SheetVisibleEnum.Visible
            or sheet.typ is not SheetTypeEnum.WorkSheet
        ):
            continue
        rows = book.get_sheet_by_name(sheet.name).iter_rows()
        lines = markdown_lines([_shown(cell) for cell in row] for row in rows)
        for number, line in enumerate(lines):
            yield from () if number else (f"\n## {' '.join(sheet.name.split())}\n",)
            yield line


def _shown(cell: Cell) -> str:
    """A value as people read it: 3 for 3.0, no midnight behind a date, no float's noise."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"
    if isinstance(cell, datetime.datetime):
        is_date = cell.time() == datetime.time()
        return cell.date().isoformat() if is_date else cell.isoformat(" ", "seconds")
    if isinstance(cell, datetime.time):
        return cell.isoformat("seconds")
    return str(cell)
