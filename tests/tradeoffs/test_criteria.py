"""The eleven rows: what each says, and which figures stand in it."""

from __future__ import annotations

from typing import get_args

import pytest

from playground.tradeoffs import CRITERIA, METHODS, Missing
from playground.tradeoffs.measurement import Name
from tests.tradeoffs.examples import costs, full_trial, share, trial

ROWS = {row.key: row for row in CRITERIA}


def figures(key, mode, of):
    return [(m.name, m.kind, m.value) for m in ROWS[key].measured(of, mode)]


def test_there_are_eleven_rows_in_the_order_of_the_article():
    assert list(ROWS) == [
        *("goal", "strengths", "weaknesses", "fits", "extra_data", "retraining"),
        *("technique", "data_dependence", "freshness", "resources", "flexibility"),
    ]


@pytest.mark.parametrize("row", CRITERIA, ids=lambda row: row.key)
def test_every_row_says_something_of_each_method_in_both_languages(row):
    assert set(row.statements) == set(METHODS)
    for said in (row.title, *row.statements.values()):
        assert said.en
        assert said.en.isascii()
        assert any("\u4e00" <= character <= "\u9fff" for character in said.zh)
    assert len(set(row.statements.values())) == len(METHODS)


def test_every_row_has_figures_under_it_once_all_was_measured():
    full = full_trial()
    for row in CRITERIA:
        assert any(row.measured(full, mode) for mode in METHODS), row.key


def test_every_figure_has_a_row():
    shown = {pick.name for row in CRITERIA for pick in row.picks}
    assert shown == set(get_args(Name)) - {"completion_tokens"}


def test_shares_are_summed_for_the_goal():
    found = ROWS["goal"].measured(full_trial(), "rag")
    assert [(one.count, one.total) for one in found] == [(9, 15)]


def test_strengths_are_the_best_kinds_and_weaknesses_the_worst():
    full = full_trial()
    assert ("right", "style", 1.0) in figures("strengths", "rag", full)
    assert figures("weaknesses", "rag", full) == [("right", "fresh", 0.0)]


def test_who_is_right_nowhere_has_no_strength_and_who_always_is_no_weakness():
    never, always = trial(share("rag", 0, 3)), trial(share("rag", 3, 3))
    assert figures("strengths", "rag", never) == []
    assert figures("weaknesses", "rag", always) == []


def test_the_first_token_is_told_with_and_without_the_cache_where_both_were_measured():
    full = full_trial()
    told = [f for f in figures("resources", "long-context", full) if f[0].startswith("seconds")]
    assert [kind for _, kind, _ in told] == ["cold", "cached"]
    told = [f for f in figures("resources", "rag", full) if f[0].startswith("seconds")]
    assert [kind for _, kind, _ in told] == [""]
    assert len([f for f in figures("strengths", "long-context", full) if "token" in f[0]]) == 1


def test_what_is_missing_is_said_in_one_row():
    missing = [Missing(name, "lora", "why", "为何") for name in get_args(Name)]
    lacking = trial(*costs("lora", 1.0), missing=missing)
    told = [(row.key, one.name) for row in CRITERIA for one in row.missing(lacking, "lora")]
    assert sorted(name for _, name in told) == sorted(set(get_args(Name)) - {"completion_tokens"})
    assert ("freshness", "freshness_seconds") in told
    assert ("data_dependence", "right_at_size") in told
    assert [one for row in CRITERIA for one in row.missing(lacking, "rag")] == []
