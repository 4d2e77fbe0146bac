"""A round goes on whoever watches: it can be followed from anywhere, stopped, and gone on from."""

from __future__ import annotations

import threading
import time

import pytest

from playground.app import Playground
from playground.asking import Asking
from playground.comparisons import Comparisons
from playground.engines.fake import FakeEngine
from playground.errors import EmptyQuestion, NoModeChosen, UnknownName
from playground.modes import AskOptions
from playground.settings import Settings
from playground.types import Delta

PATIENCE = 20


class Gated(FakeEngine):
    """Writes on until the gate is opened."""

    def __init__(self):
        super().__init__()
        self.gate = threading.Event()
        self.left = 0

    def stream(self, messages, sampling, adapter=None):
        try:
            while not self.gate.is_set():
                yield Delta("on ")
                time.sleep(0.01)
            yield from super().stream(messages, sampling, adapter)
        finally:
            self.left += 1


@pytest.fixture
def engine(monkeypatch):
    made = Gated()
    monkeypatch.setattr("playground.engines.room.FakeEngine", lambda: made)
    return made


@pytest.fixture
def playground(tmp_path, engine):
    settings = Settings(model="fake", embedder="fake", data_dir=tmp_path, adapters_dir=tmp_path)
    made = Playground(settings)
    list(made.bases.add_files("Tea", [("tea.txt", b"Tea is served at nine.")]))
    return made


@pytest.fixture
def asking(playground):
    return Asking(playground, Comparisons(playground.settings.comparisons_file), "me")


def last(asking):
    return list(asking.follow())[-1]


def soon(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_round_is_answered_though_nobody_watches(asking, engine):
    engine.gate.set()
    asking.ask("When?", modes=["rag", "base"], knowledge="Tea")
    soon(lambda: asking.now.is_over)
    assert asking.now.modes == ("base", "rag")  # in their own order
    assert [pane.status for pane in asking.now.panes] == ["done", "done"]
    soon(asking.before)
    assert asking.get(asking.now.id).panes[0].text == "[base] When?"


def test_who_comes_in_the_middle_sees_what_there_is_and_what_comes(asking, engine):
    asking.ask("When?", modes=["base"])
    soon(lambda: asking.now.panes[0].text)
    following = asking.follow()
    assert next(following).panes[0].text.startswith("on")
    engine.gate.set()
    assert list(following)[-1].panes[0].status == "done"


def test_two_can_follow(asking, engine):
    asking.ask("When?", modes=["base"])
    seen = []
    watching = [threading.Thread(target=lambda: seen.append(last(asking))) for _ in range(2)]
    for thread in watching:
        thread.start()
    engine.gate.set()
    for thread in watching:
        thread.join(PATIENCE)
    assert seen[0] == seen[1] == asking.now
    assert asking.now.is_over


def test_stopping_keeps_what_there_is_and_frees_the_model(asking, engine):
    asking.ask("When?", modes=["base", "rag"], knowledge="Tea")
    soon(lambda: asking.now.panes[0].text)
    stopped = asking.stop()
    assert [pane.status for pane in stopped.panes] == ["stopped", "stopped"]
    assert stopped.panes[0].text.startswith("on")
    soon(lambda: engine.left == 1)
    assert last(asking) == stopped
    soon(asking.before)


def test_the_next_question_stops_the_one_before_and_whoever_follows_it_is_let_go(asking, engine):
    asking.ask("First?", modes=["base"])
    following = asking.follow()
    first = next(following)
    asking.ask("Second?", modes=["base"])
    engine.gate.set()
    assert all(round.id == first.id for round in following)
    assert last(asking).question == "Second?"
    soon(lambda: len(asking.before()) == 2)
    assert {one.question for one in asking.before()} == {"First?", "Second?"}


def test_a_follow_up_goes_on_from_the_answers(asking, engine):
    engine.gate.set()
    asking.ask("When?", modes=["base"])
    first = last(asking)
    asking.ask("And why?", modes=["base"], follows=first)
    second = last(asking)
    assert [message.content for message in second.panes[0].history] == ["When?", "[base] When?"]
    assert (
        second.panes[0].answer.metrics.prompt_tokens > first.panes[0].answer.metrics.prompt_tokens
    )


def test_the_same_can_be_asked_again_in_the_same_talk(asking, engine):
    engine.gate.set()
    asking.ask("When?", modes=["base"])
    asking.ask("And why?", modes=["base", "rag"], knowledge="Tea", follows=last(asking))
    first = last(asking)
    asking.again(first)
    second = last(asking)
    assert second.id != first.id
    assert (second.question, second.histories) == (first.question, first.histories)
    assert [pane.text for pane in second.panes] == [pane.text for pane in first.panes]
    assert second.options == first.options  # nothing in them is left to chance
    soon(lambda: len(asking.before()) == 3)


def test_asking_again_takes_another_chance(asking, engine):
    engine.gate.set()
    asking.ask("When?", modes=["base"], options=AskOptions(temperature=1, seed=2**31 - 1))
    assert asking.again(last(asking)).options == AskOptions(temperature=1, seed=0)


@pytest.mark.parametrize(
    ("question", "modes", "error"),
    [(" ", ["base"], EmptyQuestion), ("When?", [], NoModeChosen)],
)
def test_what_cannot_be_asked_leaves_the_round_before_as_it_was(
    asking, engine, question, modes, error
):
    engine.gate.set()
    asking.ask("When?", modes=["base"])
    before = last(asking)
    with pytest.raises(error):
        asking.ask(question, modes=modes)
    with pytest.raises(UnknownName):
        asking.ask("When?", modes=["rag"], knowledge="nowhere")
    assert asking.now == before
