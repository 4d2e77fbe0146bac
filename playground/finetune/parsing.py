"""A file's bytes to raw rows: JSON, JSON lines or a table, told apart by content."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

from playground.decoding import decode
from playground.errors import (
    BrokenJson,
    BrokenTable,
    DatasetError,
    EmptyDataset,
    NotRows,
    NotText,
    RowBroken,
    RowNotObject,
)

_DELIMITERS = ",\t;"


@dataclass(frozen=True)
class RawRow:
    """One row of a file, or why it could not be read.

    `number` is where the row begins: its line in JSON lines and tables, its place (from 1) in a
    JSON list.
    """

    number: int
    fields: dict[str, Any]
    error: DatasetError | None = None


def parse(file: str, data: bytes) -> tuple[RawRow, ...]:
    """All rows of the file called `file`, good and bad.

    Raises:
        DatasetError: the file as a whole cannot be read, or is empty.
    """
    if not data.strip():
        raise EmptyDataset(file=file)
    text = _text(data)
    if text is None:
        raise NotText(file=file)
    text = text.strip("\n") if text.strip() else ""
    if not text:
        raise EmptyDataset(file=file)
    start = text.lstrip()[0]
    if start == "{" and _is_json_lines(text):
        rows = _json_lines(text)
    elif start in "{[":
        rows = _json(file, text)
    else:
        rows = _table(file, text)
    if not rows:
        raise EmptyDataset(file=file)
    return rows


def _text(data: bytes) -> str | None:
    """`decode` makes U+2028 a line end, as is right for documents, but not inside JSON strings."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decode(data)
    return decode(data) if "\0" in text else text.replace("\r\n", "\n").replace("\r", "\n")


def _is_json_lines(text: str) -> bool:
    """Objects one a line. A single line is taken as one too, unless it only wraps a list."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1:
        return lines[1].lstrip().startswith("{") or _is_object(lines[0])
    return _is_object(lines[0]) and not _wrapped_list(json.loads(lines[0]))


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _wrapped_list(value: dict[str, Any]) -> list[Any] | None:
    """The rows of {"data": [...]}; rows in `messages` and the like are not such a list."""
    lists = [v for v in value.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
    if len(lists) != 1 or {"messages", "conversations", "prompt"} & value.keys():
        return None
    return lists[0]


def _json_lines(text: str) -> tuple[RawRow, ...]:
    # Not splitlines(): JSON strings may hold U+2028, which it would break at.
    lines = enumerate(text.split("\n"), start=1)
    return tuple(_json_line(number, line) for number, line in lines if line.strip())


def _json_line(number: int, line: str) -> RawRow:
    try:
        return _raw_row(number, json.loads(line))
    except json.JSONDecodeError as error:
        return RawRow(number, {}, RowBroken(column=error.colno, reason=error.msg))
    except (ValueError, RecursionError) as error:  # absurdly long numbers, absurd nesting
        return RawRow(number, {}, RowBroken(column=1, reason=str(error)))


def _json(file: str, text: str) -> tuple[RawRow, ...]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise BrokenJson(
            file=file, line=error.lineno, column=error.colno, reason=error.msg
        ) from error
    except (ValueError, RecursionError) as error:
        raise BrokenJson(file=file, line=1, column=1, reason=str(error)) from error
    if isinstance(value, dict):
        value = _wrapped_list(value) or [value]
    return tuple(_raw_row(number, row) for number, row in enumerate(value, start=1))


def _raw_row(number: int, value: object) -> RawRow:
    return RawRow(number, value) if isinstance(value, dict) else RawRow(number, {}, RowNotObject())


def _table(file: str, text: str) -> tuple[RawRow, ...]:
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(_DELIMITERS, key=head.count)
    if delimiter not in head:
        raise NotRows(file=file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, line = [], 0
    try:
        names = [name.strip() for name in next(reader)]
        line = reader.line_num
        for cells in reader:
            if any(cells):
                rows.append(_table_row(line + 1, names, cells))
            line = reader.line_num
    except csv.Error as error:
        raise BrokenTable(file=file, line=line + 1, reason=str(error)) from error
    return tuple(rows)


def _table_row(number: int, names: list[str], cells: list[str]) -> RawRow:
    """Unnamed columns (an index that some programs write) are left out."""
    fields = {
        name: cell
        for name, cell in zip(names, cells, strict=False)
        if name and not name.startswith("Unnamed:")
    }
    return RawRow(number, fields)
