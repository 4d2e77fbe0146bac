"""Rows of `messages`, as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from playground.types import Message


def write_rows(rows: Iterable[tuple[Message, ...]], path: Path) -> None:
    """One row a line in OpenAI's shape."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            messages = [{"role": m.role, "content": m.content} for m in row]
            file.write(json.dumps({"messages": messages}, ensure_ascii=False) + "\n")
