"""CSV, TSV and the like to raw rows, and whether a text is such a table at all."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from itertools import islice

from playground.dataset.formats import find_shape, folded, is_usual_column
from playground.dataset.raw_rows import RawRow, is_unnamed
from playground.errors import BrokenTable, RowCellsTooMany

_DELIMITERS = ",\t;"
_NO_DELIMITER = "\x1f"  # for a single column, whose cells may hold commas without quotes
_BEFORE_HEADER = re.compile(r"(?:[ \t]*+\n|sep=.\n)*+")  # "sep=;" is a hint for Excel
_SAMPLE_ROWS = 50
_MAX_NAME_CHARACTERS = 40


def delimited(
    file: str, text: str, *, columns: Collection[str] = (), is_prose: bool = False
) -> tuple[RawRow, ...] | None:
    """The rows of a table, None if `text` reads rather like prose with some commas in it.

    `columns` are known to be the table's. With `is_prose`, only a header that is known will do.

    Raises:
        BrokenTable: its quotes do not match.
    """
    start = _BEFORE_HEADER.match(text)
    offset = start.end() if start else 0
    body = text[offset:]
    head = body.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    if delimiter not in head:
        delimiter = _NO_DELIMITER
    # Python's own limit, of the whole process, is 128 kB: less than a document in a cell.
    csv.field_size_limit(max(csv.field_size_limit(), len(body)))
    if not _is_table(body, delimiter, columns, is_prose):
        return None
    return tuple(_rows(file, body, delimiter, skipped=text.count("\n", 0, offset)))


def _is_table(body: str, delimiter: str, columns: Collection[str], is_prose: bool) -> bool:
    """By its header if that is known, else by the number of cells, which prose varies in."""
    try:
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
        cells, *sample = islice(reader, _SAMPLE_ROWS + 1)
    except (csv.Error, ValueError):
        return False
    names = [cell.strip() for cell in cells]
    if columns and set(columns) <= set(names):
        return True
    if find_shape(folded(dict.fromkeys(names))) or (len(names) == 1 and is_usual_column(names[0])):
        return True
    if is_prose or len(names) == 1:
        return False
    filled = [row for row in sample if row]
    are_even = sum(len(row) == len(names) for row in filled) >= 0.8 * len(filled)
    has_blank_lines = len(filled) < len(sample)
    return are_even and ((len(filled) > 1 and not has_blank_lines) or all(map(_is_name, cells)))


def _is_name(cell: str) -> bool:
    is_short = len(cell) <= _MAX_NAME_CHARACTERS
    return is_short and not cell.startswith(" ") and not cell.rstrip().endswith(tuple(".!?。！？"))


def _rows(file: str, body: str, delimiter: str, *, skipped: int) -> Iterator[RawRow]:
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    line = 0
    try:
        names = [name.strip() for name in next(reader)]
        line = reader.line_num
        for cells in reader:
            if any(cells):
                yield _row(skipped + line + 1, names, cells)
            line = reader.line_num
    except csv.Error as error:
        raise BrokenTable(file=file, line=skipped + line + 1, reason=str(error)) from error


def _row(number: int, names: list[str], cells: list[str]) -> RawRow:
    if any(cells[len(names) :]):
        return RawRow(number, {}, RowCellsTooMany(cells=len(cells), columns=len(names)))
    named = zip(names, cells, strict=False)
    return RawRow(number, {name: cell for name, cell in named if not is_unnamed(name)})
