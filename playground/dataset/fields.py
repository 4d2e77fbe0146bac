"""What is in the fields of a row: text, turns, or a reason why not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from playground.errors import RowBroken, RowFieldMissing, RowFieldWrong, RowRoleUnknown
from playground.types import Message, Role

Fields = Mapping[str, Any]

_ROLES: dict[str, Role] = {
    "system": "system",
    "user": "user",
    "assistant": "assistant",
    "human": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bot": "assistant",
    "model": "assistant",
}


def number_text(value: float) -> str:
    """A number as people write it: 5 for 5.0, and "" for what is none (NaN)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value != value:
        return ""
    is_whole = isinstance(value, int) or (value.is_integer() and abs(value) < 1e15)
    return str(int(value)) if is_whole else repr(value)


def turns_in(row: Fields, field: str) -> tuple[Message, ...]:
    messages = []
    for turn in _list(row, field):
        if not isinstance(turn, dict):
            raise RowFieldWrong(field=field, wanted="a list of objects")
        role = _first(turn, "role", "from")
        name = role.strip().casefold() if isinstance(role, str) else ""
        if name not in _ROLES:
            raise RowRoleUnknown(role=role)
        content = "value" if turn.get("content") is None and "value" in turn else "content"
        messages.append(Message(_ROLES[name], text_in(turn, content, empty_is_fine=True)))
    return tuple(messages)


def _first(turn: Fields, *names: str) -> object:
    return next((turn[name] for name in names if turn.get(name) is not None), None)


def system_in(row: Fields, field: str) -> tuple[Message, ...]:
    text = optional_text_in(row, field)
    return (Message("system", text),) if text else ()


def history_in(row: Fields, field: str) -> tuple[Message, ...]:
    before: list[Message] = []
    for turn in _list(row, field) if field and row.get(field) else ():
        texts = [_as_text(text) for text in turn] if isinstance(turn, list) else []
        if len(texts) != 2 or not all(isinstance(text, str) for text in texts):
            raise RowFieldWrong(field=field, wanted="a list of [question, answer]")
        question, answer = map(str, texts)
        before += [Message("user", question), Message("assistant", answer)]
    return tuple(before)


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


def optional_text_in(row: Fields, field: str) -> str:
    is_there = field and _as_text(row.get(field)) not in (None, "")
    return text_in(row, field) if is_there else ""


def text_in(row: Fields, field: str, *, empty_is_fine: bool = False) -> str:
    value = _as_text(row.get(field))
    if value is None or (value == "" and not empty_is_fine):
        raise RowFieldMissing(field=field)
    if not isinstance(value, str):
        raise RowFieldWrong(field=field, wanted="text")
    return value


def _as_text(value: object) -> object:
    """Numbers as their text, all else as it is."""
    return number_text(value) if isinstance(value, int | float) else value
