"""Rows of `messages`, as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from playground.types import Message


def write_rows(rows: Iterable[tuple[Message, ...]], path: Path) -> int:
    """One row a line in OpenAI's shape. Returns how many."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            count += 1
            messages = [{"role": m.role, "content": m.content} for m in row]
            file.write(json.dumps({"messages": messages}, ensure_ascii=False) + "\n")
    return count
