"""Trials as HTML."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.errors import TrialBusy
from playground.evaluation import Evaluation, Plan
from playground.tradeoffs import (
    CRITERIA,
    Doing,
    Prices,
    Situation,
    TrialState,
    recommend,
)
from playground.types import Question
from playground.ui import render_tradeoffs, render_tradeoffs_choice
from tests.tradeoffs.examples import costs, full_trial, share, trained, trial

EVIL = "<script>alert('x')</script>"
OWN = Evaluation("e1", 1.0, Plan(("rag",), questions=EVIL), (Question("1", "en", "", "?", ()),), {})
BOTH = pytest.mark.parametrize("language", ["en", "zh"])


@BOTH
def test_without_a_trial_the_statements_stand_alone(language):
    html = render_tradeoffs.table(None, language)
    for row in CRITERIA:
        assert f"id='criterion-{row.key}'" in html
        for statement in row.statements.values():
            assert statement.text(language) in html.replace("&#x27;", "'")
    assert "pg-measured" not in html
    assert "pg-note" in render_tradeoffs.about(None, None, language)


@BOTH
def test_what_was_measured_stands_under_each_statement(language):
    html = render_tradeoffs.table(full_trial(language), language)
    assert html.count("<tr id='criterion-") == 11
    cells = html.split("<td ")
    found = [cell for cell in cells if "600" in cell]
    assert found
    assert all(cell.index("<p>") < cell.index("600") for cell in found)


def test_what_is_missing_is_said_in_its_row():
    html = render_tradeoffs.table(full_trial(), "en")
    row = html.split("id='criterion-freshness'")[1].split("<tr ")[0]
    assert "<li class='pg-lacking'>not measured" in row
    assert "none of 2 was right" in row
    row = html.split("id='criterion-data_dependence'")[1].split("<tr ")[0]
    assert "at 16,260; 64,162 tokens" in row


@BOTH
def test_the_row_on_growth_has_a_curve_with_the_window_marked(language):
    html = render_tradeoffs.table(full_trial(language), language)
    curve = html.split("id='criterion-data_dependence'")[1].split("id='criterion-freshness'")[0]
    assert curve.count("pg-joined") == 2
    assert "8,192" in curve
    assert "span class='pg-limit'" in curve
    assert html.count("<figure") == 1


def test_there_is_no_curve_where_nothing_grew():
    assert "<figure" not in render_tradeoffs.table(trial(share("rag", 1, 3)), "en")


def test_the_base_model_has_figures_and_no_statements():
    html = render_tradeoffs.table(full_trial(), "en")
    goal = html.split("id='criterion-goal'")[1].split("</tr>")[0]
    base = goal.split("data-head='Base model'>")[1].split("</td>")[0]
    assert base == "<ul class='pg-measured'><li>1/9 right</li></ul>"


def test_of_ones_own_numbers_what_is_the_worlds_is_marked():
    html = render_tradeoffs.table(full_trial(), "en", own=True)
    assert "<li class='pg-world'>2.5 s from an edit" in html
    assert "<li>600 prompt tokens</li>" in html
    assert "pg-world" not in render_tradeoffs.table(full_trial(), "en")


@BOTH
def test_where_the_figures_are_from_is_said(language):
    alone = render_tradeoffs.about(full_trial(), None, language)
    assert "some-model" in alone
    assert "Some CPU" in alone
    own = render_tradeoffs.about(full_trial(), OWN, language)
    assert "◦" in own
    assert EVIL not in own
    assert "&lt;script&gt;" in own
    assert "◦" not in render_tradeoffs.about(None, OWN, language)


def test_nothing_in_a_trial_is_markup():
    evil = trial(share("rag", 1, 3, kind=EVIL), *costs("rag", 1.0))
    evil = replace(evil, setup={"model": EVIL, "processor": EVIL})
    found = recommend(evil, Situation("never", "pages", "facts", "laptop"), ["rag"])
    for html in (
        render_tradeoffs.table(evil, "en"),
        render_tradeoffs.about(evil, None, "en"),
        render_tradeoffs_choice.recommendation(found, "en"),
    ):
        assert "<script" not in html


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (TrialState(), ""),
        (TrialState(running=True, seconds=3.0), "Step 1 of 6"),
        (
            TrialState(running=True, doing=Doing("growth", 3, 6), seconds=65.0),
            "Step 6 of 6: letting the knowledge grow · 1:05 min so far · about 11 s left",
        ),
        (TrialState(running=True, stopping=True, seconds=3.0), "Stopping"),
        (TrialState(seconds=3.0), "nothing of it was kept"),
        (TrialState(trial="x", seconds=305.0), "Measured in 5:05"),
        (TrialState(failure=TrialBusy(), seconds=3.0), "already"),
    ],
)
def test_how_a_measurement_goes(state, said):
    html = render_tradeoffs.status(state, "en")
    assert said in html
    assert bool(html) == bool(said)
    assert bool(render_tradeoffs.status(state, "zh")) == bool(said)


def test_the_meter_grows_with_what_is_done():
    def width(doing):
        html = render_tradeoffs.status(TrialState(running=True, doing=doing, seconds=1.0), "en")
        return float(html.split("width:")[1].split("%")[0])

    widths = [
        width(doing)
        for doing in (
            Doing("prepare", 0, 1),
            Doing("answers", 10, 40),
            Doing("answers", 20, 40),
            Doing("freshness", 0, 0),
            Doing("growth", 5, 6),
        )
    ]
    assert widths == sorted(widths)
    assert len(set(widths)) == len(widths)
    assert widths[-1] < 100


@BOTH
def test_the_methods_are_ranked_and_the_ruled_out_named(language):
    found = recommend(
        full_trial(language), Situation("hourly", "book", "facts", "laptop"), full_trial().modes
    )
    html = render_tradeoffs_choice.recommendation(found, language)
    ranked, out = html.split("<h4>")
    assert ranked.count("<li><b>") == 1
    assert "6/12" in ranked
    assert out.count("<li><b>") == 2
    assert "8,192" in out
    assert "pg-warning" in out


@BOTH
def test_if_nothing_is_possible_that_is_said(language):
    found = recommend(trial(), Situation("never", "pages", "facts", "laptop"), ["rag"])
    html = render_tradeoffs_choice.recommendation(found, language)
    assert "<ol" not in html
    assert "pg-note" in html
    assert "pg-out" in html


@BOTH
def test_time_is_told_without_prices_and_money_with(language):
    html = render_tradeoffs_choice.costs(full_trial(), Prices(), language)
    assert "27 " in html  # minutes of training
    assert "pg-note" in html
    heads = html.count("<th")
    priced = render_tradeoffs_choice.costs(
        full_trial(), Prices(prompt_million=10.0, machine_hour=1.0), language
    )
    assert priced.count("<th") == heads + 2
    assert "61.11" in priced  # a thousand times 6,000 tokens and four seconds
    assert priced.count("<p>") == 4  # in time and in money, against two methods


def test_a_training_that_is_never_paid_back_is_said_to_be():
    slow = trial(*costs("rag", 1.0), *costs("lora", 2.0), *trained(60.0))
    assert "never paid back" in render_tradeoffs_choice.costs(slow, Prices(), "en")
    assert "永远" in render_tradeoffs_choice.costs(slow, Prices(), "zh")


@BOTH
def test_without_answers_there_are_no_costs(language):
    html = render_tradeoffs_choice.costs(trial(share("rag", 1, 3)), Prices(), language)
    assert "<table" not in html


@pytest.mark.parametrize(
    ("money", "told"),
    [(0.0, "0.00"), (0.00123, "0.0012"), (0.5, "0.5"), (12.345, "12.35"), (12345.6, "12,346")],
)
def test_sums_have_the_digits_that_say_something(money, told):
    assert render_tradeoffs_choice.amount(money) == told


def test_labels_tell_language_and_model():
    assert "English · some-model" in render_tradeoffs.trial_label(full_trial(), "en")
    assert "中文 · some-model" in render_tradeoffs.trial_label(full_trial("zh"), "en")
