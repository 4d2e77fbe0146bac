"""A round as a value: what it hides and until when, and when it can be voted on."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from playground.answering import Failure
from playground.errors import EmptyQuestion
from playground.rounds import NO_VOTE, Round, begun
from playground.types import Answer, Delta, Metrics, Prompt, Source
from playground.ui import render_votes
from playground.ui.votes import vote_on
from playground.votes import BAD, TIE, Tally

SOURCE = Source("id", "cat.md", "The cat is Thimble.", 0, 9, score=0.03, dense_score=0.9)
METRICS = Metrics(2294, 14, 2176, 0, 0.25, 0.5, 18.25, 1.25)
TEXTS = {
    "base": "It is Tom [2].",
    "rag": "It is Thimble [1], as [1, 3] say.",
    "long-context+lora": "Thimble【1】 it is",
}
TELLING = ("Base", "RAG", "Long", "LoRA", "demo", "World", "cat.md", "token", "1.25", "[1", "【")


def answer(mode):
    sources = () if mode == "base" else (SOURCE,)
    return Answer(mode, TEXTS[mode], "stop", sources, METRICS, removed_citations=1)


def start(modes=tuple(TEXTS), *, blind=True, seed=0):
    return begun(
        "What is the cat called?",
        modes,
        blind=blind,
        adapter="demo",
        knowledge="World",
        chance=random.Random(seed),
    )


def finished(round, modes=tuple(TEXTS)):
    for mode in modes:
        for event in (Prompt((), (SOURCE,)), Delta(TEXTS[mode]), answer(mode)):
            round = round.after(mode, event)
    return round


def html(round, language="en"):
    columns = [render_votes.column(round, i, language) for i in range(len(round.panes))]
    return "".join(part for column in columns for part in column)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_until_the_vote_nothing_tells_which_mode_stands_where(language):
    names = ("原始", "知识", "微调", "长文本", *TELLING)
    round = start()
    seen = [html(round, language)]
    for mode in TEXTS:
        for event in (Prompt((), (SOURCE,)), Delta(TEXTS[mode]), answer(mode)):
            round = round.after(mode, event)
            seen.append(html(round, language))
    assert round.stage == "voting"
    assert "Thimble" in seen[-1]
    for drawn in seen:
        assert [name for name in names if name in drawn] == []


def test_answers_appear_together_whoever_was_first():
    round = start()
    before = html(round)
    for mode in list(TEXTS)[:-1]:
        round = finished(round, [mode])
        assert html(round) == before
    assert html(finished(round, [list(TEXTS)[-1]])) != before


def test_after_the_vote_everything_is_told():
    round = replace(finished(start()), choice=TIE)
    for place, mode in enumerate(round.modes):
        head, text, foot = render_votes.column(round, place, "en")
        assert f"Answer {'ABC'[place]}" in head
        assert render_votes.text(f"mode.{mode}", "en") in head
        assert text == TEXTS[mode]
        assert "1.25 s" in foot


def test_columns_are_told_as_ever_where_nothing_is_blind():
    round = finished(start(blind=False), ["rag"])
    assert round.modes == tuple(TEXTS)
    assert round.stage == "open"
    head, text, foot = render_votes.column(round, 1, "en")
    assert "RAG" in head
    assert "Answer" not in head
    assert text == TEXTS["rag"]
    assert "cat.md" in foot


def test_every_order_of_a_blind_round_is_as_likely():
    orders = Counter(start(seed=seed).modes for seed in range(600))
    assert len(orders) == 6
    assert min(orders.values()) > 60  # of 100 expected


def test_a_single_mode_has_nothing_to_hide_from():
    assert start(["rag"]).stage == "open"


def test_a_round_can_be_voted_on_when_all_have_answered_and_once():
    round = start()
    assert round.stage == "answering"
    round = finished(round)
    assert round.stage == "voting"
    for choice in ("rag", TIE, BAD, NO_VOTE):
        assert replace(round, choice=choice).stage == "revealed"
        assert replace(round, choice=choice).is_counted == (choice != NO_VOTE)


def test_a_round_with_a_failure_is_never_voted_on_and_hides_nothing_when_it_is_over():
    round = start().after("base", Failure(EmptyQuestion()))
    assert round.stage == "answering"
    assert "empty" not in html(round)
    round = finished(round, ["rag", "long-context+lora"])
    assert round.stage == "spoiled"
    assert "empty" in html(round)
    assert "No vote" in render_votes.state(round, (), "m", "en")


def test_a_stopped_round_is_never_voted_on_unless_all_had_answered():
    assert finished(start(), ["rag"]).stopped().stage == "spoiled"
    assert finished(start()).stopped().stage == "voting"


def test_a_vote_tells_what_was_shown_in_its_order():
    round = replace(finished(start()), choice="rag")
    vote = vote_on(round, "model")
    assert (vote.id, vote.shown, vote.choice) == (round.id, round.modes, "rag")
    assert (vote.knowledge, vote.adapter, vote.model) == ("World", "demo", "model")
    assert start().id != start().id


def test_after_a_vote_the_tally_of_the_modes_of_this_round_is_shown():
    tallies = [Tally("base", "rag", 1, 3, 2, 0), Tally("rag", "lora", 7, 0, 0, 0)]
    round = replace(finished(start()), choice="rag")
    shown = render_votes.state(round, tallies, "<m>", "en")
    assert "25 % (5–70 %)" in shown
    assert "0.625" in shown
    assert ">7</td>" not in shown
    assert "<m>" not in shown
    assert ">7</td>" in render_votes.all_votes(tallies, "zh")
    assert "还没有投票" in render_votes.all_votes((), "zh")


def test_only_numbers_of_sources_are_left_out_of_an_answer():
    assert render_votes.without_citations("In [2024] it cost 5 [1][2, 3]. [x]") == (
        "In [2024] it cost 5. [x]"
    )
    assert render_votes.without_citations("It was cut off [1") == "It was cut off"


def test_counting_the_answers_alone_never_shows_the_columns():
    """They may still hold an earlier round."""
    for done in range(len(TEXTS) + 1):
        counted = render_votes.progress(finished(start(), list(TEXTS)[:done]), "en")
        assert f"{done} of 3" in counted
        assert "pg-answered" not in counted
    assert "pg-answered" in render_votes.ANSWERED


def test_an_empty_round_is_open():
    assert Round().stage == "open"
    assert render_votes.state(Round(), (), "m", "en") == ""
