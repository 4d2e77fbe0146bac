"""Titles of documents: what is left of a file name that nobody vouches for."""

from __future__ import annotations

import re
import unicodedata

MAX_TITLE_CHARACTERS = 200


def title_of(name: str) -> str:
    """The last component of `name` without control characters; "untitled" if nothing is left."""
    visible = "".join(c for c in name if not unicodedata.category(c).startswith("C"))
    parts = [part.strip() for part in re.split(r"[/\\]", visible)]
    named = [part for part in parts if part.strip(".")]
    return named[-1][:MAX_TITLE_CHARACTERS].strip() if named else "untitled"


def suffix_of(name: str) -> str:
    """The lower-case ending of `name` with its dot, empty if there is none."""
    stem, dot, ending = name.strip().rpartition(".")
    return f".{ending.lower()}" if dot and stem else ""
