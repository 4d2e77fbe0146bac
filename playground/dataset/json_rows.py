"""JSON and JSON lines to raw rows."""

from __future__ import annotations

import json
from typing import Any

from playground.dataset.raw_rows import RawRow
from playground.errors import BrokenJson, RowBroken, RowNotObject

# A single object with one of these is a row, though its value is a list of objects as well.
_LISTS_IN_A_ROW = frozenset({"messages", "conversations", "conversation", "prompt"})


def is_json_lines(text: str) -> bool:
    """Objects one a line. A single line is taken as one too, unless it only wraps a list."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1:
        return lines[1].lstrip().startswith("{") or _is_object(lines[0])
    return _is_object(lines[0]) and not _wrapped_list(json.loads(lines[0]))


def json_lines(text: str) -> tuple[RawRow, ...]:
    """Each line by itself, so that a broken one costs no other."""
    # Not splitlines(): JSON strings may hold U+2028, which it would break at.
    lines = enumerate(text.split("\n"), start=1)
    return tuple(_json_line(number, line) for number, line in lines if line.strip())


def json_list(file: str, text: str) -> tuple[RawRow, ...]:
    """The rows of a list, of an object that wraps one, or a single row.

    Raises:
        BrokenJson: it is not valid.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise BrokenJson(
            file=file, line=error.lineno, column=error.colno, reason=error.msg
        ) from error
    except (ValueError, RecursionError) as error:  # absurdly long numbers, absurd nesting
        raise BrokenJson(file=file, line=1, column=1, reason=str(error)) from error
    if isinstance(value, dict):
        value = _wrapped_list(value) or [value]
    return tuple(_raw_row(number, row) for number, row in enumerate(value, start=1))


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _wrapped_list(value: dict[str, Any]) -> list[Any] | None:
    """The rows of {"data": [...]}; rows in `messages` and the like are not such a list."""
    lists = [v for v in value.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
    return lists[0] if len(lists) == 1 and not _LISTS_IN_A_ROW & value.keys() else None


def _json_line(number: int, line: str) -> RawRow:
    try:
        return _raw_row(number, json.loads(line))
    except json.JSONDecodeError as error:
        return RawRow(number, {}, RowBroken(column=error.colno, reason=error.msg))
    except (ValueError, RecursionError) as error:
        return RawRow(number, {}, RowBroken(column=1, reason=str(error)))


def _raw_row(number: int, value: object) -> RawRow:
    return RawRow(number, value) if isinstance(value, dict) else RawRow(number, {}, RowNotObject())
