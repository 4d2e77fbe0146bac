"""Keys and values of earlier prompts, so that a prompt that starts alike is not read again.

Prompts are read in pieces, counted from the start, and only whole pieces are kept. A piece is thus
computed from the same shapes whether the ones before it were kept or not, and an answer is the
same to the bit, cold or warm. (Reusing any prefix would be a little faster, but rounding would
make answers depend on what was asked before.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from transformers import DynamicCache, PreTrainedConfig
from transformers.cache_utils import DynamicLayer

LONG_PIECE = 512  # long pieces keep the processor busy: 1.4 times as fast as short ones
SHORT_PIECE = 128  # short ones at the end, so that little is read again


def piece_ends(length: int) -> tuple[int, ...]:
    """Where the pieces of a prompt of `length` tokens end.

    The last token is in no piece: it is always computed, for its logits.
    """
    whole = (length - 1) // SHORT_PIECE * SHORT_PIECE
    long = whole // LONG_PIECE * LONG_PIECE
    return (
        *range(LONG_PIECE, long + 1, LONG_PIECE),
        *range(long + SHORT_PIECE, whole + 1, SHORT_PIECE),
    )


@dataclass(frozen=True)
class Prefix:
    """The keys and values of `tokens` under one set of weights, computed in pieces.

    `layers` holds a (keys, values) pair a layer, each [1, heads, len(tokens), head size].
    """

    weights: str
    tokens: tuple[int, ...]
    layers: tuple[tuple[torch.Tensor, torch.Tensor], ...]

    @property
    def nbytes(self) -> int:
        return sum(keys.nbytes + values.nbytes for keys, values in self.layers)

    def shared(self, weights: str, tokens: Sequence[int]) -> int:
        """How many leading tokens a prompt of `tokens` has in common, in the same whole pieces."""
        if weights != self.weights:
            return 0
        pairs = enumerate(zip(self.tokens, tokens, strict=False))
        shorter = min(len(self.tokens), len(tokens))
        alike = next((i for i, (mine, other) in pairs if mine != other), shorter)
        same = 0
        own_ends = piece_ends(len(self.tokens) + 1)  # and the token that was in no piece
        for mine, other in zip(own_ends, piece_ends(len(tokens)), strict=False):
            if mine != other or mine > alike:
                break
            same = mine
        return same


class PrefixCache:
    """The most recently used prefixes, within a budget of bytes. Not thread-safe by itself."""

    def __init__(self, budget_bytes: int = 1 << 30) -> None:
        self._budget_bytes = budget_bytes
        self._prefixes: list[Prefix] = []  # least recently used first

    def match(self, weights: str, tokens: Sequence[int], config: PreTrainedConfig) -> DynamicCache:
        """A fresh cache that holds the longest known part of `tokens`; empty if none is."""
        lengths = [prefix.shared(weights, tokens) for prefix in self._prefixes]
        cache = DynamicCache(config=config)
        if length := max(lengths, default=0):
            best = self._prefixes.pop(lengths.index(length))
            self._prefixes.append(best)
            for index, (keys, values) in enumerate(best.layers):
                cache.update(keys[:, :, :length], values[:, :, :length], index)
        return cache

    def keep(self, weights: str, tokens: Sequence[int], cache: DynamicCache) -> None:
        """Remember the whole pieces of `tokens` that `cache` holds; drops the oldest over budget.

        Caches that are not plain (sliding windows, recurrent layers) are not kept.
        """
        ends = piece_ends(len(tokens))
        length = ends[-1] if ends else 0
        known = any(old.shared(weights, tokens) == length for old in self._prefixes)
        filled = [
            (layer.keys, layer.values)
            for layer in cache.layers
            if type(layer) is DynamicLayer and layer.keys is not None and layer.values is not None
        ]
        if not length or known or len(filled) < len(cache.layers):
            return
        layers = tuple(
            (keys[:, :, :length].clone(), values[:, :, :length].clone()) for keys, values in filled
        )
        new = Prefix(weights, tuple(tokens[:length]), layers)
        self._prefixes = [
            old for old in self._prefixes if old.shared(weights, tokens) < len(old.tokens)
        ]
        self._prefixes.append(new)
        while sum(prefix.nbytes for prefix in self._prefixes) > self._budget_bytes:
            self._prefixes.pop(0)
