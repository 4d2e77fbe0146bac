"""Medians, comparisons and goals."""

from __future__ import annotations

import pytest

from playground.bench.figures import Figure, Goal, Spread


def figure(ours, peers=None, goals=(), unit="s"):
    spreads = {name: Spread.of(values) for name, values in (peers or {}).items()}
    return Figure("group", "name", unit, Spread.of(ours), spreads, goals)


def test_a_spread_has_the_median_and_the_bounds_of_its_values():
    spread = Spread.of([3.0, 1.0, 10.0])
    assert (spread.median, spread.low, spread.high) == (3.0, 1.0, 10.0)


def test_nothing_measured_is_no_spread():
    with pytest.raises(ValueError, match="nothing"):
        Spread.of([])


@pytest.mark.parametrize(
    ("comparison", "value"),
    [("ours/peer", 0.5), ("peer/ours", 2.0), ("ours-peer", -2.0), ("ours", 2.0)],
)
def test_medians_are_compared_as_the_goal_says(comparison, value):
    goal = Goal(comparison, None if comparison == "ours" else "them", at_least=0)
    (verdict, *_) = figure([1, 2, 9], {"them": [4, 4, 4]}, (goal,)).verdicts
    assert verdict.value == value


def test_bounds_are_part_of_a_goal():
    goal = Goal("ours", at_least=1, at_most=2)
    assert [goal.is_met(value) for value in (0.99, 1, 2, 2.01)] == [False, True, True, False]


def test_a_peer_that_is_left_out_leaves_its_goal_open():
    (verdict,) = figure([1], goals=(Goal("peer/ours", "them", at_least=6),)).verdicts
    assert verdict.value is None
    assert verdict.met is None


@pytest.mark.parametrize(
    ("unit", "label"),
    [("s", "them/ours"), ("tokens/s", "ours/them"), ("share", "ours-them"), ("GB", "them/ours")],
)
def test_a_peer_without_a_goal_is_compared_all_the_same(unit, label):
    (verdict,) = figure([1], {"them": [2]}, unit=unit).verdicts
    assert (verdict.label, verdict.met) == (label, None)
