"""Groups that need one engine, with the fake one."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.bench import clients, parity, rag, switching
from playground.bench.figures import Figure, LeftOut
from playground.bench.questions import Case, QuestionSet
from playground.bench.rounds import Timing
from playground.engines.fake import FakeEngine
from playground.types import Adapter, Delta, Finish, Message
from tests.bench.fakes import FakeContestant

ADAPTER = Adapter("mine", Path("nowhere"), "fake", 8)


class Parrot(FakeEngine):
    """Says the same to everything."""

    def stream(self, messages, sampling, adapter=None):
        yield Delta("[base] 37 crowns, or so")
        yield Finish("stop", 3, 5)


def figures(events):
    return [event for event in events if isinstance(event, Figure)]


def test_the_same_engine_is_at_par_with_itself():
    cases = tuple(
        Case((Message("user", text),), (right,)) for text, right in [("a b", "b"), ("c", "d")]
    )
    found = figures(
        parity.compare(FakeEngine(), FakeEngine(), QuestionSet("set", cases), str.split)
    )
    assert [figure.ours.median for figure in found] == [1.0, 0.5]
    assert all(verdict.met for figure in found for verdict in figure.verdicts)


def test_another_answer_is_not_the_same_even_if_it_holds_the_right_one():
    cases = (Case((Message("user", "it costs 37 crowns"),), ("37 crowns",)),)
    same, right = figures(
        parity.compare(Parrot(), FakeEngine(), QuestionSet("set", cases), str.split)
    )
    assert same.verdicts[0].met is False
    assert right.verdicts[0].value == 0


def test_an_adapter_is_used_first_and_then_switched_to():
    events = list(switching.compare(FakeEngine(), ADAPTER, 2))
    first, later = figures(events)
    assert len(first.ours.values) == 1
    assert len(later.ours.values) == len(later.peers["without"].values) == 2
    assert any(isinstance(event, LeftOut) for event in events)  # the fake's answers are short


def test_eight_clients_get_what_all_of_them_were_told():
    prompts = [(Message("user", f"number {n}"),) for n in range(8)]
    contestant = FakeContestant()
    crowd = clients.ask(contestant, prompts, clients=8)
    assert sorted(contestant.asked, key=str) == sorted(prompts, key=str)
    assert crowd.tokens_per_second == pytest.approx(8 * 48 / crowd.seconds)


def test_the_slowest_client_of_eight_is_the_95th_percentile():
    together = [clients.Crowd(tuple(Timing("", 300, 48, 0, n, 9.0) for n in range(8)), 9.0)]
    alone = [clients.Crowd((Timing("", 300, 48, 0, 0.5, 1.0),), 1.0)]
    rate, wait = clients.figures(together, alone)
    assert wait.ours.median == 7
    assert rate.verdicts[0].value == pytest.approx((8 * 48 / 9) / 48)


def test_a_rag_answer_is_compared_whole_and_by_its_first_token():
    timings = {
        "ours": [Timing("", 300, 6, 0, 1.0, 2.0)],
        "script": [Timing("", 300, 48, 0, 3.0, 8.0)],
    }
    whole, first = rag.figures(timings)
    assert whole.verdicts[0].value == 0.25
    assert whole.verdicts[0].met
    assert first.verdicts[0].value == 3.0
    assert "script 48.0" in whole.note
