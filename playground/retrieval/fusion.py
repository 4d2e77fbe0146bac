"""Several rankings into one."""

from __future__ import annotations

from collections.abc import Sequence

RANK_CONSTANT = 60


def fuse(rankings: Sequence[Sequence[int]]) -> list[tuple[int, float]]:
    """(id, score) of every ranked id, best first; equal scores in the order of the ids.

    Reciprocal rank fusion, score = sum of 1 / (60 + rank): Cormack, Clarke and Büttcher (2009),
    "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods".
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, found in enumerate(ranking, start=1):
            scores[found] = scores.get(found, 0.0) + 1 / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
