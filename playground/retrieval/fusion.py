"""Two legs of a search into one ranking."""

from __future__ import annotations

from collections.abc import Mapping

DENSE_WEIGHT = 0.6


def fuse(dense: Mapping[int, float], lexical: Mapping[int, float]) -> list[tuple[int, float]]:
    """(id, score) of every id in `dense`, best first; equal scores in the order of the ids.

    `dense` holds the cosine of each candidate, `lexical` the BM25 score of those with a word of
    the question. Each is brought to 0-1 (cosines from the worst to the best candidate, BM25 by
    the best), and weighed: Bruch, Gai and Ingber (2023), "An Analysis of Fusion Functions for
    Hybrid Retrieval", where it beats reciprocal rank fusion, as it does here.
    """
    if not dense:
        return []
    lowest, highest = min(dense.values()), max(dense.values())
    most = max(lexical.values(), default=0.0)
    scores = {
        key: DENSE_WEIGHT * _share(cosine - lowest, highest - lowest)
        + (1 - DENSE_WEIGHT) * (lexical.get(key, 0.0) / most if most > 0 else 0.0)
        for key, cosine in dense.items()
    }
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 1.0
