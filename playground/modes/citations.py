"""Numbers in an answer that name its sources; those that name none are taken out, and counted."""

from __future__ import annotations

import re

_NUMBERS = r"\d{1,3}(?:\s*[,，、]\s*\d{1,3})*"
_CITATION = re.compile(
    rf"(?P<space>[ \t]*)(?P<open>[\[【])\s*(?P<numbers>{_NUMBERS})\s*(?P<close>[\]】])"
)
# What may still become one when more of the text comes.
_BEGUN = re.compile(r"[ \t]*[\[【][\d\s,，、]{0,40}\Z|[ \t]+\Z")


class Citations:
    """Passes on the pieces of an answer that has `count` sources, numbered from 1."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._held = ""
        self.removed = 0

    def feed(self, piece: str) -> str:
        """What can be shown now of the text up to and with `piece`."""
        text = _CITATION.sub(self._checked, self._held + piece)
        begun = _BEGUN.search(text)
        cut = begun.start() if begun else len(text)
        self._held = text[cut:]
        return text[:cut]

    def end(self) -> str:
        """What was held back."""
        held, self._held = self._held, ""
        return held

    def _checked(self, found: re.Match[str]) -> str:
        numbers = re.findall(r"\d+", found["numbers"])
        kept = [number for number in numbers if 1 <= int(number) <= self._count]
        if len(kept) == len(numbers):
            return found[0]
        self.removed += len(numbers) - len(kept)
        return f"{found['space']}{found['open']}{', '.join(kept)}{found['close']}" if kept else ""
