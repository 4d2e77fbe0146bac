"""Trials as values, and as files."""

from __future__ import annotations

import json

import pytest

from playground.errors import UnknownName
from playground.evaluation import Share
from playground.settings import Settings
from playground.tradeoffs import Trial
from playground.tradeoffs.trial import Trials
from tests.tradeoffs.examples import full_trial, share, trial


@pytest.fixture
def trials(tmp_path):
    return Trials(Settings(data_dir=tmp_path))


def folder(tmp_path):
    return tmp_path / "evaluations" / "trials"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_trial_comes_back_from_its_file_as_it_was(language):
    made = full_trial(language)
    assert Trial.from_json(made.to_json()) == made


def test_figures_are_found_by_name_mode_and_kind():
    full = full_trial()
    assert full.modes == ("base", "long-context", "rag", "lora")
    assert full.find("right", "rag", "style").share == Share(3, 3)
    assert full.find("right", "rag", "general") is None
    assert [one.at for one in full.all("right_at_size", "long-context")] == [1085, 4162]
    assert full.find("seconds_to_first_token", "long-context").value == 2.0  # not one of its parts


def test_sizes_are_those_of_a_knowledge_that_grew():
    assert full_trial().sizes == [1085, 4162, 64_162]
    assert trial(share("rag", 1, 2)).sizes == []


def test_shares_are_added_over_kinds():
    full = full_trial()
    assert full.right("rag") == Share(9, 15)
    assert full.right("rag", ["fact", "style"]) == Share(9, 12)
    assert full.right("rag", ["general"]) is None


def test_trials_are_kept_and_listed_latest_first(trials):
    assert trials.list() == ()
    early, late = trial(id="20260101-000000-bbbb"), trial(id="20260102-000000-aaaa")
    for one in (late, early):
        trials.keep(one)
    assert trials.list() == (late, early)
    assert trials.get("latest") == late
    assert trials.get(early.id) == early


def test_a_deleted_trial_is_gone(trials):
    made = trial(share("rag", 1, 3))
    trials.keep(made)
    trials.delete(made.id)
    assert trials.list() == ()
    for forget in (trials.delete, trials.get):
        with pytest.raises(UnknownName):
            forget(made.id)


def test_a_path_is_no_id(trials, tmp_path):
    (tmp_path / "evaluations").mkdir()
    outside = tmp_path / "evaluations" / "outside.json"
    outside.write_text(trial().to_json())
    with pytest.raises(UnknownName):
        trials.delete("../outside")
    assert outside.exists()


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"id": 1}', json.dumps({"measurements": [1], "missing": []}), "\xff"],
)
def test_a_file_that_is_no_trial_is_left_out(trials, tmp_path, content):
    good = trial()
    trials.keep(good)
    (folder(tmp_path) / "29990101-000000-ffff.json").write_bytes(content.encode("latin-1"))
    assert trials.list() == (good,)
