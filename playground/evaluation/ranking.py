"""How well passages were found, from the rank (1 is best) at which each right one stands.

`ranks` has an entry for every right passage, None for one that was not found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Ranks = Sequence[int | None]


def hit_at(ranks: Ranks, k: int) -> float:
    """1 if any right passage is among the first `k`, else 0."""
    return float(any(rank is not None and rank <= k for rank in ranks))


def recall_at(ranks: Ranks, k: int) -> float:
    """The share of the right passages that are among the first `k`."""
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def reciprocal_rank(ranks: Ranks, k: int = 10) -> float:
    """1 / the first right passage's rank; 0 beyond `k`. Its mean over questions is MRR@k."""
    return max((1 / rank for rank in ranks if rank is not None and rank <= k), default=0.0)


def ndcg_at(ranks: Ranks, k: int = 10) -> float:
    """Discounted gain of right passages over the best order's, log2(rank + 1) (Järvelin, 2002).

    A passage that holds two of what is sought stands at one rank, and counts once.
    """
    found = {rank for rank in ranks if rank is not None and rank <= k}
    best = range(1, min(len(ranks), k) + 1)
    return sum(map(_gain, found)) / sum(map(_gain, best))


def _gain(rank: int) -> float:
    return 1 / math.log2(rank + 1)
