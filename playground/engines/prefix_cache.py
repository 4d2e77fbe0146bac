"""Keys and values of earlier prompts, so that a prompt that starts alike is not read again.

Prompts are read in pieces of CHUNK tokens, counted from the start, and only whole pieces are kept.
A piece is thus computed from the same shapes whether the ones before it were kept or not, and an
answer is the same to the bit, cold or warm. (Reusing any prefix would be a little faster, but
rounding would make answers depend on what was asked before.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from transformers import DynamicCache, PreTrainedConfig
from transformers.cache_utils import DynamicLayer

CHUNK = 128


@dataclass(frozen=True)
class Prefix:
    """The keys and values of `tokens` under one set of weights.

    `layers` holds a (keys, values) pair a layer, each [1, heads, len(tokens), head size].
    """

    weights: str
    tokens: tuple[int, ...]
    layers: tuple[tuple[torch.Tensor, torch.Tensor], ...]

    @property
    def nbytes(self) -> int:
        return sum(keys.nbytes + values.nbytes for keys, values in self.layers)

    def shared(self, weights: str, tokens: Sequence[int]) -> int:
        """How many leading tokens, in whole chunks, `tokens` has in common with this prefix."""
        if weights != self.weights:
            return 0
        pairs = enumerate(zip(self.tokens, tokens, strict=False))
        shorter = min(len(self.tokens), len(tokens))
        return whole_chunks(next((i for i, (mine, other) in pairs if mine != other), shorter))


class PrefixCache:
    """The most recently used prefixes, within a budget of bytes. Not thread-safe by itself."""

    def __init__(self, budget_bytes: int = 1 << 30) -> None:
        self._budget_bytes = budget_bytes
        self._prefixes: list[Prefix] = []  # least recently used first

    def match(self, weights: str, tokens: Sequence[int], config: PreTrainedConfig) -> DynamicCache:
        """A fresh cache that holds the longest known part of `tokens`; empty if none is."""
        asked = _kept_part(tokens)
        lengths = [prefix.shared(weights, asked) for prefix in self._prefixes]
        cache = DynamicCache(config=config)
        if length := max(lengths, default=0):
            best = self._prefixes.pop(lengths.index(length))
            self._prefixes.append(best)
            for index, (keys, values) in enumerate(best.layers):
                cache.update(keys[:, :, :length], values[:, :, :length], index)
        return cache

    def keep(self, weights: str, tokens: Sequence[int], cache: DynamicCache) -> None:
        """Remember the whole chunks of `tokens` that `cache` holds; drops the oldest over budget.

        Caches that are not plain (sliding windows, recurrent layers) are not kept.
        """
        kept = _kept_part(tokens)
        known = any(old.shared(weights, kept) == len(kept) for old in self._prefixes)
        filled = [
            (layer.keys, layer.values)
            for layer in cache.layers
            if type(layer) is DynamicLayer and layer.keys is not None and layer.values is not None
        ]
        if not kept or known or len(filled) < len(cache.layers):
            return
        layers = tuple(
            (keys[:, :, : len(kept)].clone(), values[:, :, : len(kept)].clone())
            for keys, values in filled
        )
        longer = Prefix(weights, kept, layers)
        self._prefixes = [
            old
            for old in self._prefixes
            if longer.shared(old.weights, old.tokens) < len(old.tokens)
        ]
        self._prefixes.append(longer)
        while sum(prefix.nbytes for prefix in self._prefixes) > self._budget_bytes:
            self._prefixes.pop(0)


def _kept_part(tokens: Sequence[int]) -> tuple[int, ...]:
    """The whole chunks of a prompt, less its last token: that one is computed, for its logits."""
    return tuple(tokens[: whole_chunks(len(tokens) - 1)])


def whole_chunks(tokens: int) -> int:
    """`tokens` rounded down to a multiple of CHUNK."""
    return tokens // CHUNK * CHUNK
