"""Training rows: loaded from a file, checked one by one, split for validation."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from playground.dataset.formats import SHAPES_SHOWN, Fields, Shape, find_shape, folded
from playground.dataset.mapping import Mapping, column_names
from playground.dataset.parsing import parse
from playground.dataset.raw_rows import RawRow, RawRows
from playground.dataset.reasons import Reason, listed
from playground.errors import (
    ColumnUnknown,
    DatasetError,
    NoUsableRows,
    RowContentEmpty,
    RowContentInvalid,
    RowFieldMissing,
    RowRolesOutOfOrder,
    RowTextInvalid,
    RowWithoutAnswer,
    UnknownShape,
)
from playground.types import Message

_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True)
class Row:
    """One conversation to learn from, or a plain `text` and no messages.

    `number` is where it stood in the file (from 1).
    """

    number: int
    messages: tuple[Message, ...]
    text: str = ""


@dataclass(frozen=True)
class Problem:
    """A row that cannot be used, and why."""

    row: int
    reason: Reason


@dataclass(frozen=True)
class Dataset:
    """The usable rows of a file, those that are not, and how the file was understood."""

    file: str
    shape: str
    reason: Reason
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


class Split(NamedTuple):
    """Rows to learn, and rows held back to test with; the latter may be empty (off)."""

    training: tuple[Row, ...]
    validation: tuple[Row, ...]


def load(name: str, data: bytes, mapping: Mapping | None = None) -> Dataset:
    """The rows of the file called `name`, whatever its suffix says it is.

    `mapping` says what its columns hold; without one, that is told by their names.

    Raises:
        DatasetError: no row can be used; the message says why.
    """
    raw = parse(name, data, columns=mapping.columns if mapping else ())
    shape, reason = _chosen(name, raw, mapping) if mapping else _detected(name, raw)
    rows: list[Row] = []
    errors: list[tuple[int, DatasetError]] = []
    for raw_row in raw.rows:
        try:
            rows.append(_usable(raw_row, shape, _as_is if mapping else folded))
        except DatasetError as error:
            errors.append((raw_row.number, error))
    if not rows:
        number, error = errors[0]
        raise NoUsableRows(file=name, total=len(raw.rows), row=number, reason=error)
    problems = tuple(Problem(number, Reason.of(error)) for number, error in errors)
    return Dataset(name, shape.name, reason, tuple(rows), problems)


def split(rows: Sequence[Row], validation_share: float = 0.1, *, seed: int) -> Split:
    """`validation_share` of the rows, rounded down, are held back at random.

    Where there are two rows or more and the share is not 0, at least one row is held back, and at
    least one is left to learn. Rows that ask the same may come to lie on both sides, which
    `checks.check_leaks` tells.
    """
    count = int(len(rows) * validation_share + 1e-9)
    at_least = 1 if validation_share > 0 else 0
    count = max(0, min(max(count, at_least), len(rows) - 1))
    held_back = set(random.Random(seed).sample(range(len(rows)), count))
    training = tuple(row for i, row in enumerate(rows) if i not in held_back)
    return Split(training, tuple(row for i, row in enumerate(rows) if i in held_back))


def check_messages(messages: Sequence[Message]) -> None:
    """Raise DatasetError unless: at most a system message, then user and assistant in turns."""
    turns = messages[1:] if messages and messages[0].role == "system" else messages
    skipped = len(messages) - len(turns)
    for position, message in enumerate(messages, start=1):
        turn = position - 1 - skipped
        wanted = "system" if turn < 0 else ("user", "assistant")[turn % 2]
        if message.role != wanted:
            raise RowRolesOutOfOrder(position=position, role=message.role, wanted=wanted)
        if not message.content.strip():
            raise RowContentEmpty(position=position, role=message.role)
        if _SURROGATE.search(message.content):
            raise RowContentInvalid(position=position, role=message.role)
    if not turns or turns[-1].role != "assistant":
        raise RowWithoutAnswer


def check_text(text: str) -> None:
    """Raise DatasetError unless there is something in `text` that can be learned."""
    if not text.strip():
        raise RowFieldMissing(field="text")
    if _SURROGATE.search(text):
        raise RowTextInvalid


def _detected(name: str, raw: RawRows) -> tuple[Shape, Reason]:
    """The shape of the first row that has one."""
    readable = [row for row in raw.rows if row.error is None]
    if not readable:
        first = raw.rows[0]
        raise NoUsableRows(file=name, total=len(raw.rows), row=first.number, reason=first.error)
    seen: set[frozenset[str]] = set()
    for row in readable:
        columns = frozenset(folded(row.fields))
        if columns not in seen and (shape := find_shape(columns)):
            return shape, _reason(shape, raw, tuple(row.fields))
        seen.add(columns)
    columns = listed(column_names(readable))
    raise UnknownShape(file=name, columns=columns, shapes=SHAPES_SHOWN)


def _chosen(name: str, raw: RawRows, mapping: Mapping) -> tuple[Shape, Reason]:
    names = {column for row in raw.rows for column in row.fields}
    for column in mapping.columns:
        if column not in names:
            there = listed(column_names(raw.rows))
            raise ColumnUnknown(file=name, column=column, columns=there)
    columns = listed(mapping.columns)
    reason = Reason(
        f"it is {raw.container.en}; you chose the columns {columns}",
        f"它是{raw.container.zh}；您选择了列 {columns}",
    )
    return mapping.shape(), reason


def _reason(shape: Shape, raw: RawRows, columns: tuple[str, ...]) -> Reason:
    """How the file was understood, and which of its columns are not used."""
    en, zh = f"it is {raw.container.en}", f"它是{raw.container.zh}"
    if raw.has_columns:
        en, zh = f"{en} with the columns {listed(columns)}", f"{zh}，列为 {listed(columns)}"
    known = (*shape.required, *shape.optional)
    unused = [column for column in columns if column.strip().casefold() not in known]
    if unused:
        en, zh = f"{en}; not used: {listed(unused)}", f"{zh}；未使用：{listed(unused)}"
    return Reason(en, zh)


def _as_is(fields: Fields) -> Fields:
    """Columns that the user named are called as they are called."""
    return fields


def _usable(raw: RawRow, shape: Shape, names: Callable[[Fields], Fields]) -> Row:
    if raw.error is not None:
        raise raw.error
    content = shape.read(names(raw.fields))
    if isinstance(content, str):
        check_text(content)
        return Row(raw.number, (), content)
    check_messages(content)
    return Row(raw.number, content)
