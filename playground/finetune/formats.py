"""The shapes that training rows come in, and how each becomes messages."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from playground.errors import (
    RowBroken,
    RowFieldMissing,
    RowFieldWrong,
    RowRoleUnknown,
)
from playground.types import Message, Role

Fields = Mapping[str, Any]


class Shape(Protocol):
    """One way to write a training row. `columns` is what the user is told of it.

    `to_messages` raises DatasetError for a row that is not written that way; the order of the
    roles is checked elsewhere.
    """

    @property
    def name(self) -> str: ...
    @property
    def columns(self) -> str: ...
    def matches(self, columns: Collection[str]) -> bool: ...
    def to_messages(self, row: Fields) -> tuple[Message, ...]: ...


@dataclass(frozen=True)
class Messages:
    """OpenAI's: {"messages": [{"role": "user", "content": "..."}, ...]}."""

    name: str = "messages"
    columns: str = "messages"

    def matches(self, columns: Collection[str]) -> bool:
        return "messages" in columns

    def to_messages(self, row: Fields) -> tuple[Message, ...]:
        return _turns(row, "messages", "role", "content")


@dataclass(frozen=True)
class ShareGpt:
    """ShareGPT's: {"conversations": [{"from": "human", "value": "..."}, ...], "system": "..."}."""

    name: str = "sharegpt"
    columns: str = "conversations[, system]"

    def matches(self, columns: Collection[str]) -> bool:
        return "conversations" in columns

    def to_messages(self, row: Fields) -> tuple[Message, ...]:
        return _system(row) + _turns(row, "conversations", "from", "value")


@dataclass(frozen=True)
class Alpaca:
    """Alpaca's: instruction, output, and maybe input, system and history [[question, answer]]."""

    name: str = "alpaca"
    columns: str = "instruction, output[, input, system, history]"

    def matches(self, columns: Collection[str]) -> bool:
        return {"instruction", "output"} <= set(columns)

    def to_messages(self, row: Fields) -> tuple[Message, ...]:
        before: list[Message] = []
        for turn in _list(row, "history") if row.get("history") else []:
            if not isinstance(turn, list) or len(turn) != 2 or not all(map(_is_text, turn)):
                raise RowFieldWrong(field="history", wanted="a list of [question, answer]")
            before += [Message("user", turn[0]), Message("assistant", turn[1])]
        question = _text(row, "instruction")
        if row.get("input"):
            question += "\n" + _text(row, "input")
        answer = Message("assistant", _text(row, "output"))
        return (*_system(row), *before, Message("user", question), answer)


@dataclass(frozen=True)
class Pair:
    """A question column and an answer column: strings, or (as in TRL) lists of messages."""

    prompt: str
    completion: str

    @property
    def name(self) -> str:
        return f"{self.prompt}/{self.completion}"

    @property
    def columns(self) -> str:
        return f"{self.prompt}, {self.completion}"

    def matches(self, columns: Collection[str]) -> bool:
        return {self.prompt, self.completion} <= set(columns)

    def to_messages(self, row: Fields) -> tuple[Message, ...]:
        if isinstance(row.get(self.prompt), list) or isinstance(row.get(self.completion), list):
            question = _turns(row, self.prompt, "role", "content")
            return question + _turns(row, self.completion, "role", "content")
        question = Message("user", _text(row, self.prompt))
        return (*_system(row), question, Message("assistant", _text(row, self.completion)))


SHAPES: tuple[Shape, ...] = (
    Messages(),
    ShareGpt(),
    Alpaca(),
    Pair("prompt", "completion"),
    Pair("question", "answer"),
)

_ROLES: dict[str, Role] = {
    "system": "system",
    "user": "user",
    "assistant": "assistant",
    "human": "user",
    "gpt": "assistant",
}


def _turns(row: Fields, field: str, role_key: str, content_key: str) -> tuple[Message, ...]:
    messages = []
    for turn in _list(row, field):
        if not isinstance(turn, dict):
            raise RowFieldWrong(field=field, wanted="a list of objects")
        role = turn.get(role_key)
        if not isinstance(role, str) or role not in _ROLES:
            raise RowRoleUnknown(role=role)
        messages.append(Message(_ROLES[role], _text(turn, content_key, empty_is_fine=True)))
    return tuple(messages)


def _system(row: Fields) -> tuple[Message, ...]:
    return (Message("system", _text(row, "system")),) if row.get("system") else ()


def _list(row: Fields, field: str) -> list[Any]:
    """The list in `field`; in a table it is written as JSON."""
    value = row.get(field)
    if isinstance(value, str) and value.strip():
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            column = getattr(error, "colno", 1)
            raise RowBroken(column=column, reason=getattr(error, "msg", str(error))) from error
    if not value:
        raise RowFieldMissing(field=field)
    if not isinstance(value, list):
        raise RowFieldWrong(field=field, wanted="a list")
    return value


def _text(row: Fields, field: str, *, empty_is_fine: bool = False) -> str:
    value = row.get(field)
    if value is None or (value == "" and not empty_is_fine):
        raise RowFieldMissing(field=field)
    if not _is_text(value):
        raise RowFieldWrong(field=field, wanted="text")
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str)
