"""Values to HTML: nothing of a document, a name or an error is ever markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.answering import Budget, Failure
from playground.errors import OverWindow, UnknownName
from playground.rounds import Pane, advance, stopped
from playground.types import Answer, Delta, Metrics, Prompt, Reading, Source
from playground.ui import render

SCALE = render.Scale(1.0, 2294)
EVIL = "<script>alert(1)</script>"
SOURCE = Source("id", EVIL, EVIL, 0, 9, page=4, score=0.0328, dense_score=0.9, lexical_score=4.74)
METRICS = Metrics(
    prompt_tokens=2294,
    completion_tokens=14,
    cached_tokens=2176,
    left_out_tokens=0,
    prepare_seconds=0.25,
    time_to_first_token=0.5,
    tokens_per_second=18.25,
    total_seconds=1.25,
)
ANSWER = Answer("rag", "text", "stop", (SOURCE,), METRICS)


def test_a_pane_goes_from_waiting_to_done():
    pane = Pane("rag", "waiting")
    for event in (Prompt((), (SOURCE,)), Delta("te"), Delta("xt"), ANSWER):
        pane = advance(pane, event)
    assert (pane.status, pane.text, pane.answer) == ("done", "text", ANSWER)


def test_how_far_the_prompt_is_read_is_shown_until_there_is_an_answer():
    pane = advance(advance(Pane("rag"), Prompt((), (SOURCE,))), Reading(1024, 4096))
    assert "1,024 of 4,096 tokens" in render.pane_foot(pane, SCALE, "en")
    assert "left" not in render.pane_foot(pane, SCALE, "en")
    pane = advance(pane, Reading(2048, 4096, seconds_left=61.6))
    foot = render.pane_foot(pane, SCALE, "en")
    assert "about 1:02 min left" in foot
    assert "width:50.0%" in foot
    assert "2,048 / 4,096" in render.pane_foot(pane, SCALE, "zh")
    assert "2,048" not in render.pane_foot(advance(pane, Delta("te")), SCALE, "en")
    assert "2,048" not in render.pane_foot(stopped(pane), SCALE, "en")


def test_a_failed_pane_shows_the_error_and_no_text():
    error = OverWindow(model="m", prompt_tokens=9000, max_tokens=128, context_window=8192)
    pane = advance(advance(Pane("rag"), Delta("half an ans")), Failure(error))
    assert pane.text == ""
    foot = render.pane_foot(pane, SCALE, "en")
    assert "pg-error" in foot
    assert "9,000" in foot
    assert "8,192" in foot
    assert "窗口" in render.pane_foot(pane, SCALE, "zh")


def test_stopping_marks_what_is_not_finished():
    answering = advance(Pane("base"), Delta("half"))
    assert stopped(answering).status == "stopped"
    assert stopped(answering).text == "half"
    assert stopped(advance(answering, ANSWER)).status == "done"
    assert "stopped" in render.pane_foot(stopped(answering), SCALE, "en")


def test_what_was_thought_aloud_stands_apart_and_estimates_are_said_to_be_some():
    thinking = advance(Pane("base", "reading"), Delta("", reasoning="Let me see."))
    assert (thinking.status, thinking.text) == ("reading", "")
    metrics = replace(METRICS, is_estimated=True)
    answer = replace(ANSWER, sources=(), reasoning=EVIL, metrics=metrics)
    foot = render.pane_foot(advance(thinking, answer), SCALE, "en")
    assert "thought first" in foot
    assert "estimates" in foot
    assert EVIL not in foot
    assert "thought first" not in render.pane_foot(advance(Pane("rag"), ANSWER), SCALE, "en")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_from_outside_becomes_markup(language):
    error = UnknownName(kind="document", name=EVIL, available=EVIL)
    pane = advance(Pane("rag+lora", adapter=EVIL), Prompt((), (SOURCE,)))
    html = [
        render.source_card(1, SOURCE, language),
        render.pane_head(pane, language),
        render.pane_foot(advance(pane, Failure(error)), SCALE, language),
        render.table([EVIL], [[EVIL]]),
        render.notice(EVIL),
    ]
    assert "<script" not in "".join(html)


def test_every_number_stands_under_the_answer():
    html = render.costs(METRICS, render.Scale(2.5, 2294), "en")
    for number in ("0.50 s", "0.25 s", "1.25 s", "18.2 tokens/s", "2,294 tokens", "2,176", "14 t"):
        assert number in html


def test_bars_are_drawn_against_the_slowest():
    html = render.costs(METRICS, render.Scale(2.5, 2294), "en")
    assert "width:20.0%" in html
    assert "width:50.0%" in html


def test_a_source_tells_its_page_and_scores():
    html = render.source_card(2, SOURCE, "en")
    for fact in ("[2]", "page 4", "score 0.0328", "meaning 0.90", "words 4.7"):
        assert fact in html


def test_what_was_left_out_is_said():
    metrics = Metrics(10, 2, 0, 345, 0.0, 0.1, None, 0.2)
    assert "345 tokens" in render.costs(metrics, render.Scale(1.0, 2294), "en")


def test_the_meter_is_red_when_the_window_is_too_small():
    assert "pg-over" not in render.budget_meter(Budget(100, 28, 128, 0), "en")
    assert "pg-over" in render.budget_meter(Budget(101, 28, 128, 0), "en")
