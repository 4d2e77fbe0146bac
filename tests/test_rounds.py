"""A question in several modes as a value: what follows it goes on from what each answered."""

from __future__ import annotations

import random

from playground.answering import Failure
from playground.errors import EmptyQuestion
from playground.rounds import Round, begun
from playground.types import Answer, Message, Metrics

METRICS = Metrics(9, 2, 0, 0, 0.0, 0.5, 18.25, 1.25)


def start(question="What?", modes=("base", "rag"), **more):
    given = {"blind": False, "adapter": None, "knowledge": None, "chance": random.Random(0)}
    follows = more.pop("follows", Round())
    given["histories"] = {mode: follows.turns(mode) for mode in modes}
    return begun(question, modes, **{**given, **more})


def answered(round, **texts):
    for mode, text in texts.items():
        round = round.after(mode, Answer(mode, text, "stop", (), METRICS))
    return round


def test_each_mode_goes_on_from_its_own_answer():
    first = answered(start(), base="A.", rag="B.")
    second = start("And when?", modes=("base", "rag", "lora"), follows=first)
    asked = Message("user", "What?")
    assert second.histories == {
        "base": (asked, Message("assistant", "A.")),
        "rag": (asked, Message("assistant", "B.")),
        "lora": (),
    }
    third = start("Why?", follows=answered(second, base="C."))
    assert [message.content for message in third.histories["base"]] == [
        *("What?", "A.", "And when?", "C."),
    ]


def test_what_was_not_answered_is_no_part_of_the_talk():
    first = answered(start(), base="A.").after("rag", Failure(EmptyQuestion()))
    assert start("And?", follows=first).histories["rag"] == ()
    stopped = answered(start(), base="A.").stopped()
    assert start("And?", follows=stopped).histories["rag"] == ()


def test_an_error_is_kept_in_both_languages_and_is_no_answer():
    round = start().after("rag", Failure(EmptyQuestion()))
    pane = round.panes[1]
    assert (pane.status, pane.text) == ("failed", "")
    assert pane.error
    assert (pane.error.text("en"), pane.error.text("zh")) == (
        EmptyQuestion().text("en"),
        EmptyQuestion().text("zh"),
    )


def test_a_round_is_over_when_nothing_more_will_come():
    round = start()
    assert not round.is_over
    assert answered(round, base="A.", rag="B.").is_over
    assert round.stopped().is_over
    assert Round().is_over
