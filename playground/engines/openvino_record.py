"""Which prompts a process still has in its cache: OpenVINO GenAI reuses them, but does not say."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence

from playground.types import Reading

BLOCK_TOKENS = 32  # of OpenVINO's cache on CPUs: prompts are reused by whole blocks


class PromptRecord:
    """The most recently read token sequences, up to as many tokens as the cache holds."""

    def __init__(self, kv_tokens: int, block_tokens: int = BLOCK_TOKENS) -> None:
        self._kv_tokens = kv_tokens
        self._block_tokens = block_tokens
        self._sequences: list[tuple[int, ...]] = []  # least recently used first
        self._lock = threading.Lock()

    def cached(self, tokens: Sequence[int]) -> int:
        """How many leading tokens of a prompt need not be read, in whole blocks.

        The last token is always read, for what follows it.
        """
        with self._lock:
            shared = max((_shared(known, tokens) for known in self._sequences), default=0)
        return min(shared, len(tokens) - 1) // self._block_tokens * self._block_tokens

    def following(
        self, tokens: Sequence[int], generated: Iterable[Reading | int]
    ) -> Iterator[Reading | int]:
        """Pass on what is `generated` after `tokens`, and note both as read at the end."""
        written: list[int] = []
        try:
            for item in generated:
                if not isinstance(item, Reading):
                    written.append(item)
                yield item
        finally:
            if written:  # else the reader left before the prompt was read
                self._keep([*tokens, *written])

    def _keep(self, tokens: Sequence[int]) -> None:
        new = tuple(tokens)
        with self._lock:
            others = [old for old in self._sequences if _shared(old, new) < len(old)]
            self._sequences = [*others, new]
            while sum(map(len, self._sequences)) > self._kv_tokens and len(self._sequences) > 1:
                self._sequences.pop(0)


def _shared(known: Sequence[int], tokens: Sequence[int]) -> int:
    pairs = enumerate(zip(known, tokens, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(known), len(tokens)))
