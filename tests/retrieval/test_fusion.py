"""Two legs into one ranking."""

import pytest

from playground.retrieval.fusion import DENSE_WEIGHT, fuse


def test_found_by_both_is_first():
    cosines = {1: 0.9, 2: 0.89, 3: 0.8, 4: 0.79}
    assert [found for found, _ in fuse(cosines, {4: 1.0, 2: 3.0})] == [2, 1, 4, 3]


def test_best_in_both_has_the_score_one_and_worst_in_both_none():
    scores = dict(fuse({7: 0.9, 8: 0.5, 9: 0.4}, {7: 12.0, 8: 3.0}))
    assert scores[7] == pytest.approx(1)
    assert scores[8] == pytest.approx(DENSE_WEIGHT * 0.2 + (1 - DENSE_WEIGHT) * 0.25)
    assert scores[9] == 0


def test_ties_keep_the_order_of_ids():
    assert [found for found, _ in fuse({9: 0.5, 2: 0.5, 5: 0.5}, {})] == [2, 5, 9]


def test_words_alone_decide_where_all_cosines_are_equal():
    assert [found for found, _ in fuse({1: 0.5, 2: 0.5}, {2: 0.1})] == [2, 1]


def test_nothing_fuses_to_nothing():
    assert fuse({}, {}) == []
