"""Figures of retrieval, worked by hand, and nDCG against scikit-learn's."""

from __future__ import annotations

import random

import pytest
from sklearn.metrics import ndcg_score

from playground.evaluation.ranking import hit_at, ndcg_at, recall_at, reciprocal_rank


@pytest.mark.parametrize(
    ("ranks", "hit_at_3", "recall_at_3", "mrr", "ndcg"),
    [
        ((1,), 1, 1, 1, 1),
        ((3,), 1, 1, 1 / 3, 1 / 2),  # 1 / log2(4)
        ((4,), 0, 0, 1 / 4, 0.430677),  # 1 / log2(5)
        ((10,), 0, 0, 1 / 10, 0.289065),  # 1 / log2(11)
        ((11,), 0, 0, 0, 0),
        ((1, None), 1, 1 / 2, 1, 0.613147),  # 1 / (1 + 1 / log2(3))
        ((2, 5), 1, 1 / 2, 1 / 2, 0.624051),  # (0.630930 + 0.386853) / 1.630930
        ((None, None), 0, 0, 0, 0),
    ],
)
def test_worked_by_hand(ranks, hit_at_3, recall_at_3, mrr, ndcg):
    assert hit_at(ranks, 3) == hit_at_3
    assert recall_at(ranks, 3) == recall_at_3
    assert reciprocal_rank(ranks) == pytest.approx(mrr)
    assert ndcg_at(ranks) == pytest.approx(ndcg, abs=1e-6)


def test_random_rankings_have_the_ndcg_of_scikit_learn():
    rng = random.Random(0)
    for _ in range(300):
        places = rng.sample(range(1, 31), rng.randint(1, 12))
        relevance = [float(place in places) for place in range(1, 31)]
        ranks = [place if place <= 20 else None for place in places]  # 20 were retrieved
        theirs = ndcg_score([relevance], [list(range(30, 0, -1))], k=10)
        assert ndcg_at(ranks) == pytest.approx(theirs)
