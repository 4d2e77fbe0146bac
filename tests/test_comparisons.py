"""What was asked is kept: each visitor's own, without keys, and no more than so much."""

from __future__ import annotations

import random
import sqlite3

import pytest

from playground import comparisons
from playground.answering import Failure
from playground.comparisons import Comparisons
from playground.errors import ComparisonsUnusable, EmptyQuestion, UnknownName
from playground.modes import AskOptions
from playground.remote import Remote
from playground.rounds import begun
from playground.types import Answer, Message, Metrics, Prompt, Source

SOURCE = Source("id", "cat.md", "The cat is Thimble. 😀", 0, 9, score=0.03, dense_score=0.9)
METRICS = Metrics(9, 2, 0, 0, 0.0, 0.5, 18.25, 1.25)


@pytest.fixture
def kept(tmp_path):
    return Comparisons(tmp_path / "data" / "comparisons.sqlite")


def round_of(question="What?", **more):
    given = {"blind": False, "adapter": "a", "knowledge": "k", "chance": random.Random(0)}
    round = begun(question, ("base", "rag"), **{**given, **more})
    round = round.after("base", Failure(EmptyQuestion()))
    round = round.after("rag", Prompt((Message("user", "long"),), (SOURCE,), passages=7))
    return round.after("rag", Answer("rag", "Thimble [1]", "stop", (SOURCE,), METRICS))


def test_a_round_comes_back_as_it_was_but_for_the_prompts_text(kept):
    round = round_of(options=AskOptions(top_k=5), taught=(48, 51.5))
    kept.put("me", round)
    found = kept.get("me", round.id)
    assert found.panes[0] == round.panes[0]
    assert found.panes[1].answer == round.panes[1].answer
    assert found.panes[1].prompt.sources == (SOURCE,)
    assert found.panes[1].prompt.messages == ()
    assert (found.question, found.options.top_k) == ("What?", 5)


def test_nobody_sees_what_others_asked(kept):
    round = round_of()
    kept.put("me", round)
    assert [one.question for one in kept.list("me")] == ["What?"]
    assert kept.list("you") == ()
    with pytest.raises(UnknownName):
        kept.get("you", round.id)
    kept.forget("you")
    assert len(kept.list("me")) == 1
    kept.forget("me")
    assert kept.list("me") == ()


def test_a_key_is_never_written(kept, tmp_path):
    remote = Remote("https://x.example/v1", "m", "sk-secret-1", input_price=2.0)
    kept.put("me", round := round_of(remote=remote))
    assert kept.get("me", round.id).panes[0].remote == Remote(
        "https://x.example/v1", "m", input_price=2.0
    )
    packed = sqlite3.connect(tmp_path / "data" / "comparisons.sqlite").execute(
        "SELECT round FROM comparisons"
    )
    assert b"sk-secret" not in comparisons.zlib.decompress(next(packed)[0])


def test_only_the_latest_are_kept(kept, monkeypatch):
    monkeypatch.setattr(comparisons, "MOST_KEPT", 3)
    kept.put("you", round_of("Yours"))
    for number in range(5):
        kept.put("me", round_of(f"Question {number}"))
    asked = [one.question for one in kept.list("me")]
    assert asked == ["Question 4", "Question 3", "Question 2"]
    assert len(kept.list("you")) == 1


def test_a_later_state_takes_the_place_of_an_earlier_one(kept):
    round = round_of(blind=True)
    kept.put("me", round)
    kept.put("me", comparisons.replace(round, choice="tie"))
    assert len(kept.list("me")) == 1
    assert kept.get("me", round.id).choice == "tie"


def test_a_file_that_is_none_is_said(tmp_path):
    (tmp_path / "broken").write_bytes(b"no database" * 100)
    with pytest.raises(ComparisonsUnusable):
        Comparisons(tmp_path / "broken").list("me")
