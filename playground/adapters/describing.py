"""What is known of an adapter from its papers, as rows for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from playground.adapters.store import read_config, read_record
from playground.types import Adapter

_LONGEST = 200
_OF_LORA = ("r", "lora_alpha", "lora_dropout", "target_modules")


def describe(adapter: Adapter) -> tuple[tuple[str, str], ...]:
    """Name and value of each fact: what LoRA it is, and what it was trained on.

    The papers may come from anybody: a value is one line of characters that can be shown.

    Raises:
        AdapterError: a paper cannot be read.
    """
    config, record = read_config(adapter), read_record(adapter)
    of_lora = {name: config.get(name) for name in _OF_LORA}
    known = {"base_model": adapter.base_model, **of_lora, **dict(_flat(record))}
    shown = {name: _line(value) for name, value in known.items() if value is not None}
    return tuple((_line(name), value) for name, value in shown.items() if name != "name")


def _flat(record: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The settings, which lie a level deeper, among the others."""
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value)
        else:
            yield name, value


def _line(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        text = ", ".join(sorted(value))
    elif isinstance(value, float):
        text = f"{value:.6g}"
    else:
        text = value if isinstance(value, str) else json.dumps(value)
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
