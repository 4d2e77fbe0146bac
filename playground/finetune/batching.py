"""Which rows are learned when: every step of a training, decided before it begins."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from playground.errors import BatchTooSmall

Piece = tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """The rows of each forward pass, in order; `pieces_per_step` of them make a step.

    It depends on nothing but its arguments, so that a run that goes on later goes on with the
    rows that it would have seen.
    """

    pieces: tuple[Piece, ...]
    pieces_per_step: int
    steps_per_epoch: int

    @property
    def steps(self) -> int:
        return len(self.pieces) // self.pieces_per_step


def plan(
    lengths: Sequence[int],
    *,
    batch_size: int,
    epochs: int,
    seed: int,
    piece_tokens: int,
    processes: int = 1,
) -> Plan:
    """Shuffled anew each epoch; steps of `batch_size` rows, or a row more or less to be alike.

    A step is computed in pieces of about `piece_tokens` tokens, to bound the memory. `lengths`
    are the rows' tokens.

    Raises:
        BatchTooSmall: not every process would get a row.
    """
    if processes > min(batch_size, len(lengths)):
        raise BatchTooSmall(rows=min(batch_size, len(lengths)), processes=processes)
    steps = min(math.ceil(len(lengths) / batch_size), len(lengths) // processes)
    smallest = len(lengths) // steps
    mean_tokens = sum(lengths) / steps
    wanted = math.ceil(mean_tokens / piece_tokens / processes) * processes
    count = min(wanted, smallest // processes * processes)
    pieces: list[Piece] = []
    for epoch in range(epochs):
        order = list(range(len(lengths)))
        random.Random(f"{seed} {epoch}").shuffle(order)
        for rows in _shares(order, steps):
            pieces += _even(rows, lengths, count)
    return Plan(tuple(pieces), count, steps)


def in_order(lengths: Sequence[int], *, piece_tokens: int) -> tuple[Piece, ...]:
    """All rows once, as they come, in pieces of at most `piece_tokens` tokens or one row."""
    pieces: list[list[int]] = []
    tokens = 0
    for row, length in enumerate(lengths):
        tokens += length
        if not pieces or tokens > piece_tokens:
            pieces.append([])
            tokens = length
        pieces[-1].append(row)
    return tuple(map(tuple, pieces))


def _shares(rows: Sequence[int], count: int) -> list[Sequence[int]]:
    """`rows` in `count` parts whose sizes differ by one at most."""
    ends = [len(rows) * i // count for i in range(count + 1)]
    return [rows[start:end] for start, end in pairwise(ends)]


def _even(rows: Sequence[int], lengths: Sequence[int], count: int) -> list[Piece]:
    """`rows` in `count` pieces of about as many tokens: the longest first, to the least full."""
    pieces: list[list[int]] = [[] for _ in range(count)]
    tokens = [0] * count
    for row in sorted(rows, key=lambda row: lengths[row], reverse=True):
        least = tokens.index(min(tokens))
        pieces[least].append(row)
        tokens[least] += lengths[row]
    return [tuple(piece) for piece in pieces]
