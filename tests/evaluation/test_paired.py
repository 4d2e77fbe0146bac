"""The win/lose matrix, and McNemar's exact test against scipy's binomial one."""

from __future__ import annotations

import random

import pytest
from scipy.stats import binomtest

from playground.evaluation import Paired


def test_pairs_are_counted_and_the_difference_is_the_seconds_gain():
    outcomes = [(True, True), (True, False), (False, True), (False, True), (False, False)]
    paired = Paired.of(outcomes)
    assert paired == Paired(both=1, only_first=1, only_second=2, neither=1)
    assert paired.total == 5
    assert paired.difference == pytest.approx(1 / 5)


@pytest.mark.parametrize(
    ("only_first", "only_second", "p_value"),
    [
        (6, 0, 2 / 64),
        (1, 9, 2 * (1 + 10) / 1024),
        (5, 5, 1),
        (0, 0, 1),
    ],
)
def test_mcnemar_worked_by_hand(only_first, only_second, p_value):
    # What both or neither got right says nothing.
    assert Paired(100, only_first, only_second, 7).p_value == pytest.approx(p_value)


def test_no_question_at_all_shows_no_difference():
    nothing = Paired.of([])
    assert (nothing.total, nothing.difference, nothing.p_value) == (0, 0, 1)


def test_p_values_are_those_of_a_binomial_test_from_few_to_many():
    rng = random.Random(0)
    for most, times in ((5, 50), (50, 50), (2000, 3)):
        for _ in range(times):
            first, second = rng.randint(0, most), rng.randint(0, most)
            if first + second:
                theirs = binomtest(first, first + second).pvalue
                ours = Paired(0, first, second, 0).p_value
                assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-300)
