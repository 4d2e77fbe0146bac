"""Everybody once a round, and everybody by the same clock."""

from __future__ import annotations

from itertools import count

import pytest

from playground.bench.rounds import interleaved, timed
from playground.errors import Unexpected
from playground.types import Delta, Finish


def finish(generator):
    steps = []
    while True:
        try:
            steps.append(next(generator))
        except StopIteration as end:
            return steps, end.value


def test_each_contestant_has_its_turn_in_each_round_and_another_one_begins():
    order = []
    tasks = {name: lambda n, name=name: order.append((n, name)) or name * n for name in "abc"}
    steps, results = finish(interleaved(tasks, 2))
    assert order == [(0, "a"), (0, "b"), (0, "c"), (1, "b"), (1, "c"), (1, "a")]
    assert results == {"a": ["", "a"], "b": ["", "b"], "c": ["", "c"]}
    assert steps[0].text == "round 1 of 2: a"


def test_time_begins_before_the_stream_and_the_first_token_does_not_count_for_the_rate():
    ticks = count()
    events = [Delta("a"), Delta("b"), Finish("stop", 5, 9, 3)]
    timing = timed(events, clock=lambda: float(next(ticks)))
    assert (timing.text, timing.prompt_tokens, timing.cached_tokens) == ("ab", 5, 3)
    assert (timing.first_seconds, timing.total_seconds) == (1.0, 2.0)
    assert timing.tokens_per_second == 8.0


def test_an_answer_without_text_has_no_rate():
    timing = timed([Finish("stop", 5, 1)])
    assert timing.first_seconds == timing.total_seconds
    assert timing.tokens_per_second is None


def test_a_stream_that_breaks_off_is_an_error():
    with pytest.raises(Unexpected):
        timed([Delta("a")])
