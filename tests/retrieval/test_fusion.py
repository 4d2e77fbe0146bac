"""Reciprocal rank fusion."""

import pytest

from playground.retrieval.fusion import fuse


def test_found_by_both_is_first():
    assert [found for found, _ in fuse([[1, 2, 3], [4, 2]])] == [2, 1, 4, 3]


def test_scores_are_those_of_the_paper():
    assert dict(fuse([[7], [8, 7]]))[7] == pytest.approx(1 / 61 + 1 / 62)


def test_ties_keep_the_order_of_ids():
    assert [found for found, _ in fuse([[9], [2], [5]])] == [2, 5, 9]


def test_nothing_fuses_to_nothing():
    assert fuse([[], []]) == []
