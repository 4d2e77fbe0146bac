"""The process that reads a spreadsheet or Parquet file, and answers with its rows as JSON lines.

A process of its own, since a crafted file may make a library hang, crash or take all memory: a
few kilobytes can state a sheet of a million by sixteen thousand cells.
"""

from __future__ import annotations

import datetime
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from playground.dataset.fields import number_text
from playground.dataset.formats import find_shape, folded
from playground.dataset.raw_rows import is_unnamed
from playground.dataset.tables import PARQUET
from playground.errors import DamagedFile, DocumentError, EncryptedFile, FileTooComplex
from playground.readers import limits, wire
from playground.readers.archive import NamedFile
from playground.readers.packed import open_packed
from playground.types import Document

_BATCH_ROWS = 1000
_Table = list[tuple[int, list[str]]]  # the rows that are not empty, and their numbers


def main() -> None:
    """Answer one file with a Document: a line of what it is, then a line a row."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, whose end ends us
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer
    if message := wire.receive(sys.stdin.buffer):
        threading.Thread(target=_end_with_the_parent, daemon=True).start()
        wire.send(answers, wire.from_result(_read(wire.to_file(message))))


def _end_with_the_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _read(file: NamedFile) -> Document | DocumentError:
    is_parquet = file.data.startswith(PARQUET)
    lines = _parquet_lines(file.data) if is_parquet else _sheet_lines(file.title, file.data)
    try:
        return Document(file.title, "\n".join(limits.bounded(file.title, lines)))
    except DocumentError as error:
        return error
    except MemoryError:
        megabytes = limits.READ_MEMORY_BYTES // 1_000_000
        return FileTooComplex(title=file.title, megabytes=megabytes)
    except Exception as error:  # the libraries let KeyError, struct's and more out of broken files
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        return DamagedFile(title=file.title, reason=reason)


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_other_text)


def _other_text(value: object) -> str:
    """Dates, decimals and the like; bytes too, for some writers do not mark them as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _parquet_lines(data: bytes) -> Iterator[str]:
    from pyarrow.parquet import ParquetFile

    yield _line({})
    number = 0
    for batch in ParquetFile(BytesIO(data)).iter_batches(batch_size=_BATCH_ROWS):
        for row in batch.to_pylist():
            number += 1
            yield _line([number, {n: value for n, value in row.items() if not is_unnamed(n)}])


def _sheet_lines(title: str, data: bytes) -> Iterator[str]:
    if data.startswith(b"PK"):
        open_packed(title, data).close()
    tables = _tables(title, data)
    if not tables:
        yield _line({"sheet": ""})
        return
    chosen = _with_rows(tables)
    yield _line({"sheet": chosen, "others": [name for name in tables if name != chosen]})
    (_, header), *rows = tables[chosen]
    names = [name.strip() for name in header]
    for number, cells in rows:
        named = zip(names, cells, strict=False)
        yield _line([number, {name: cell for name, cell in named if not is_unnamed(name)}])


def _tables(title: str, data: bytes) -> dict[str, _Table]:
    """The sheets that a user of the file sees, but empty ones, by name."""
    from python_calamine import (
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    tables: dict[str, _Table] = {}
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            for sheet in book.sheets_metadata:
                is_visible = sheet.visible is SheetVisibleEnum.Visible
                if is_visible and sheet.typ is SheetTypeEnum.WorkSheet:
                    cells = book.get_sheet_by_name(sheet.name).iter_rows()
                    rows = enumerate((list(map(_cell_text, row)) for row in cells), start=1)
                    tables[sheet.name] = [(number, row) for number, row in rows if any(row)]
    except PasswordError as error:
        raise EncryptedFile(title=title) from error
    return {name: table for name, table in tables.items() if table}


def _with_rows(tables: dict[str, _Table]) -> str:
    """The first sheet whose header is understood, else the first with rows under its header."""
    for name, table in tables.items():
        if len(table) > 1 and find_shape(folded(dict.fromkeys(table[0][1]))):
            return name
    return next((name for name, table in tables.items() if len(table) > 1), next(iter(tables)))


def _cell_text(cell: object) -> str:
    """A value as people read it: 3 for 3.0, no midnight behind a date, no float's noise."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return number_text(float(f"{cell:.15g}"))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return str(cell)


if __name__ == "__main__":
    main()
