"""Training rows: loaded from a file, checked one by one, split for validation."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from playground.errors import (
    DatasetError,
    NoUsableRows,
    RowContentEmpty,
    RowContentInvalid,
    RowRolesOutOfOrder,
    RowWithoutAnswer,
    UnknownShape,
)
from playground.finetune.formats import SHAPES, Shape
from playground.finetune.parsing import RawRow, parse
from playground.types import Language, Message


class Reason(NamedTuple):
    """Why something is as it is, in both languages."""

    en: str
    zh: str

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    @classmethod
    def of(cls, error: DatasetError) -> Reason:
        return cls(error.text("en"), error.text("zh"))


@dataclass(frozen=True)
class Row:
    """One conversation to learn from; `number` is where it stood in the file (from 1)."""

    number: int
    messages: tuple[Message, ...]


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


def load(name: str, data: bytes) -> Dataset:
    """The rows of the file called `name`, whatever its suffix says it is.

    Raises:
        DatasetError: no row can be used; the message says why.
    """
    raw_rows = parse(name, data)
    shape, reason = _detect(name, raw_rows)
    rows: list[Row] = []
    errors: list[tuple[int, DatasetError]] = []
    for raw in raw_rows:
        try:
            rows.append(_usable(raw, shape))
        except DatasetError as error:
            errors.append((raw.number, error))
    if not rows:
        number, error = errors[0]
        raise NoUsableRows(file=name, total=len(raw_rows), row=number, reason=error)
    problems = tuple(Problem(number, Reason.of(error)) for number, error in errors)
    return Dataset(name, shape.name, reason, tuple(rows), problems)


def split(rows: Sequence[Row], validation_share: float = 0.1, *, seed: int) -> Split:
    """`validation_share` of the rows, rounded down, are held back at random.

    Small sets lose none: ten rows at 10 % are the fewest that spare one.
    """
    count = int(len(rows) * validation_share + 1e-9)
    held_back = set(random.Random(seed).sample(range(len(rows)), max(0, min(count, len(rows) - 1))))
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
        if any("\ud800" <= character <= "\udfff" for character in message.content):
            raise RowContentInvalid(position=position, role=message.role)
    if not turns or turns[-1].role != "assistant":
        raise RowWithoutAnswer


def _detect(name: str, raw_rows: Sequence[RawRow]) -> tuple[Shape, Reason]:
    """The shape of the first row that has one."""
    readable = [raw for raw in raw_rows if raw.error is None]
    for raw in readable:
        for shape in SHAPES:
            if shape.matches(raw.fields.keys()):
                columns = ", ".join(raw.fields)
                return shape, Reason(f"its columns are {columns}", f"它的列是 {columns}")
    if not readable:
        first = raw_rows[0]
        raise NoUsableRows(file=name, total=len(raw_rows), row=first.number, reason=first.error)
    columns = ", ".join(readable[0].fields) or "-"
    shapes = "; ".join(f"{shape.name} ({shape.columns})" for shape in SHAPES)
    raise UnknownShape(file=name, columns=columns, shapes=shapes)


def _usable(raw: RawRow, shape: Shape) -> Row:
    if raw.error is not None:
        raise raw.error
    messages = shape.to_messages(raw.fields)
    check_messages(messages)
    return Row(raw.number, messages)
