"""Rows to JSON lines of messages, as fine-tuning platforms take them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from playground.dataset.reasons import Reason
from playground.dataset.rows import Problem, Row, check_messages
from playground.errors import (
    DatasetError,
    RowContentEmpty,
    RowContentInvalid,
    RowOfPlainText,
    RowsTooFew,
    RowWithoutAnswer,
)

Rules = Literal["openai", "siliconflow"]
OPENAI_LEAST_ROWS = 10
WHOLE_FILE = 0  # instead of a row's number
# They end a line for programs that split text as Unicode says; JSON can write them otherwise.
_LINE_ENDS = {ord(c): f"\\u{ord(c):04x}" for c in "\u0085\u2028\u2029"}


class Exported(NamedTuple):
    """`data` is UTF-8, an object a line; `problems` are the rows that are not in it."""

    data: bytes
    rows: int
    problems: tuple[Problem, ...]


def export_rows(rows: Sequence[Row], *, rules: Rules) -> Exported:
    """The rows that the platform takes, and why it would not take the others."""
    problems = export_problems(rows, rules=rules)
    refused = {problem.row for problem in problems}
    lines = [_line(row) for row in rows if row.number not in refused]
    return Exported("".join(lines).encode("utf-8"), len(lines), problems)


def export_problems(rows: Sequence[Row], *, rules: Rules) -> tuple[Problem, ...]:
    """What the platform would refuse: rows, or as row `WHOLE_FILE` all of them."""
    return tuple(_problems(rows, rules))


def _problems(rows: Sequence[Row], rules: Rules) -> Iterator[Problem]:
    usable = 0
    for row in rows:
        try:
            _check(row, rules)
            usable += 1
        except DatasetError as error:
            yield Problem(row.number, Reason.of(error))
    if rules == "openai" and usable < OPENAI_LEAST_ROWS:
        few = RowsTooFew(rows=usable, least=OPENAI_LEAST_ROWS)
        yield Problem(WHOLE_FILE, Reason.of(few))


def _check(row: Row, rules: Rules) -> None:
    """SiliconFlow's rules are ours: system first, then user and assistant in turns."""
    if row.text:
        raise RowOfPlainText
    if rules == "siliconflow":
        check_messages(row.messages)
        return
    for position, message in enumerate(row.messages, start=1):
        if not message.content.strip():
            raise RowContentEmpty(position=position, role=message.role)
        if any("\ud800" <= character <= "\udfff" for character in message.content):
            raise RowContentInvalid(position=position, role=message.role)
    if not row.messages or row.messages[-1].role != "assistant":
        raise RowWithoutAnswer


def _line(row: Row) -> str:
    messages = [{"role": m.role, "content": m.content} for m in row.messages]
    return json.dumps({"messages": messages}, ensure_ascii=False).translate(_LINE_ENDS) + "\n"
