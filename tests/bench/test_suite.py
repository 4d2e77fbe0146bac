"""Which groups are run, and what becomes of one that fails."""

from __future__ import annotations

import logging

import pytest

from playground.bench.figures import Failed, Figure, LeftOut, Spread
from playground.bench.options import GROUPS, BenchOptions
from playground.bench.peers import Bench
from playground.bench.suite import MEASURES, chosen, run
from playground.errors import EmptyQuestion, NotAChoice, Unexpected
from playground.settings import Settings
from tests.bench.test_peers import MACHINE

BENCH = Bench(Settings(model="fake"), BenchOptions(), MACHINE)
FIGURE = Figure("good", "n", "s", Spread.of([1]))


def test_groups_are_run_in_their_order_whatever_the_order_of_the_names():
    assert list(MEASURES) == list(GROUPS) == chosen("")
    assert chosen("parity, start") == ["start", "parity"]


def test_a_group_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(NotAChoice, match="start, decode"):
        chosen("start,fast")


def test_a_group_that_fails_does_not_take_the_others_along(caplog):
    def refuse(bench):
        yield LeftOut("something", "for a reason")
        raise EmptyQuestion

    def crash(bench):
        raise ValueError("oh")
        yield

    measures = {"refuse": refuse, "crash": crash, "good": lambda _: iter([FIGURE])}
    with caplog.at_level(logging.CRITICAL):
        events = [event for _, event in run(BENCH, list(measures), measures)]
    assert isinstance(events[1], Failed)
    assert isinstance(events[1].error, EmptyQuestion)
    assert isinstance(events[2], Failed)
    assert isinstance(events[2].error, Unexpected)
    assert events[3] == FIGURE
