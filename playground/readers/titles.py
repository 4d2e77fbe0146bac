"""Titles of documents: what is left of a file name that nobody vouches for."""

from __future__ import annotations

import re
import unicodedata

from playground.decoding import readable

MAX_TITLE_CHARACTERS = 200
_MAX_FOLDERS = 20
_MAX_NAME_CHARACTERS = 1000  # beyond, only an archive made to waste time has any


def title_of(name: str) -> str:
    """The last component of `name` without control characters; "untitled" if nothing is left."""
    return _components(name)[-1]


def path_title_of(name: str) -> str:
    """`name` as a relative path that leads nowhere else: its components, each as a title."""
    return "/".join(_components(name)[-_MAX_FOLDERS:])


def suffix_of(name: str) -> str:
    """The lower-case ending of `name` with its dot, empty if there is none."""
    stem, dot, ending = name.strip().rpartition(".")
    return f".{ending.lower()}" if dot and stem and "/" not in ending else ""


def _components(name: str) -> list[str]:
    visible = readable(name[-_MAX_NAME_CHARACTERS:])
    if not visible.isprintable():
        visible = "".join(c for c in visible if not unicodedata.category(c).startswith("C"))
    parts = [part.strip() for part in re.split(r"[/\\]", visible)]
    named = [part for part in parts if part.strip(".") and not re.fullmatch("[A-Za-z]:", part)]
    return [_shortened(part) for part in named] or ["untitled"]


def _shortened(part: str) -> str:
    """Its ending stays, as it tells the format."""
    if len(part) <= MAX_TITLE_CHARACTERS:
        return part
    ending = suffix_of(part)
    if len(ending) > 10:  # a dot in a sentence
        ending = ""
    return part[: MAX_TITLE_CHARACTERS - len(ending) - 1].strip() + "…" + ending
