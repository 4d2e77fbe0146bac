"""Why something is as it is, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from playground.errors import PlaygroundError
from playground.types import Language

_MAX_LISTED = 20
_MAX_CHARACTERS = 40


class Reason(NamedTuple):
    """Why something is as it is, in both languages."""

    en: str
    zh: str

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    @classmethod
    def of(cls, error: PlaygroundError) -> Reason:
        return cls(error.text("en"), error.text("zh"))


def listed(names: Iterable[object]) -> str:
    """`names` as a message can hold them: the first of many, and none of them endless."""
    some = islice(names, _MAX_LISTED + 1)
    first = [str(n).encode("utf-8", "replace").decode("utf-8") for n in some]  # lone surrogates
    shown = [n if len(n) <= _MAX_CHARACTERS else n[: _MAX_CHARACTERS - 1] + "…" for n in first]
    if len(shown) > _MAX_LISTED:
        shown[-1] = "…"
    return ", ".join(shown) or "-"
