"""`playground tradeoffs` measures, and shows what was measured."""

from __future__ import annotations

import json

import pytest

from playground.app import Playground
from playground.cli.main import main
from playground.evaluation import Plan
from playground.settings import Settings
from playground.tradeoffs import CRITERIA, Trial
from playground.tradeoffs.scratch import scratch_folder
from playground.tradeoffs.trial import Trials
from playground.types import Question
from tests.tradeoffs.examples import full_trial

SITUATION = ("--change", "daily", "--size", "pages", "--need", "facts", "--hardware", "laptop")


@pytest.fixture(autouse=True)
def fake(monkeypatch):
    monkeypatch.setenv("PLAYGROUND_MODEL", "fake")
    monkeypatch.setenv("PLAYGROUND_EMBEDDER", "fake")


@pytest.fixture
def trials():
    return Trials(Settings.from_env())


def said(capsys, *args):
    assert main(["tradeoffs", *args]) == 0
    return capsys.readouterr().out


def test_it_measures_and_keeps_the_trial(capsys, trials):
    assert main(["tradeoffs", "--language", "zh", "--per-kind", "1"]) == 0
    printed = capsys.readouterr()
    (trial,) = trials.list()
    assert trial.language == "zh"
    for row in CRITERIA:
        assert row.title.zh in printed.out
    for step in ("loading the models", "indexing", "letting the knowledge grow", trial.id):
        assert step in printed.err
    assert "8,192" in printed.out  # what did not fit the window


def test_without_trials_the_list_says_how_to_get_one(capsys):
    assert "Nothing was measured yet" in said(capsys, "--list")


def test_earlier_trials_are_listed(capsys, trials):
    trials.keep(full_trial("zh"))
    _, line = said(capsys, "--list").splitlines()
    assert line.split() == [full_trial().id, "zh", "some-model", "321"]
    assert json.loads(said(capsys, "--list", "--json"))["id"] == full_trial().id


@pytest.mark.parametrize("name", [full_trial().id, "latest"])
def test_an_earlier_one_is_shown_with_all_its_figures(capsys, trials, name):
    trials.keep(full_trial())
    shown = said(capsys, "--show", name)
    assert "3/3 right at 1,085 tokens, 3/3 at 4,162, 2/3 at 64,162" in shown
    assert "not measured – from an edit to an answer: none of 2 was right" in shown
    assert "paid back in time after 1,078 answers of knowledge base" in shown
    assert "6.0 s until the first answer from a second set of documents, of 1,120 tokens" in shown
    (head,) = (line for line in shown.splitlines() if line.startswith("RIGHT AT TOKENS"))
    assert head.split() == ["RIGHT", "AT", "TOKENS", "1,085", "4,162", "64,162"]
    assert "give --change, --size, --need and --hardware" in shown


def test_it_speaks_the_language_of_the_trial(capsys, trials):
    trials.keep(full_trial("zh"))
    shown = said(capsys, "--show", "latest", *SITUATION)
    assert "核心目标" in shown
    assert "文风：答对 3/3" in shown
    assert "1. long-context: 这类问题答对 89 %" in shown


def test_a_recommendation_comes_best_first_with_the_ruled_out_last(capsys, trials):
    trials.keep(full_trial())
    lines = said(capsys, "--show", "latest", *SITUATION[:2], "--size", "book", *SITUATION[4:])
    ranked = [line for line in lines.splitlines() if line[:2] in ("1.", "2.", "3.", "– ", "! ")]
    assert ranked[0].startswith("1. rag: right in 50 %")
    assert any(line.startswith("–  long-context: no,") for line in ranked)
    assert ranked[-1].startswith("!  ")


def test_prices_are_asked_for_nothing_and_then_tell_money(capsys, trials):
    trials.keep(full_trial())
    assert "BEFOREHAND" not in said(capsys, "--show", "latest")
    shown = said(capsys, "--show", "latest", "--prompt-million", "10", "--machine-hour", "1")
    line = next(line for line in shown.splitlines() if line.startswith("long-context  0"))
    assert line.split() == ["long-context", "0.0000", "61.1111"]
    assert "paid back in money" in shown


def test_json_is_the_trial(capsys, trials):
    trials.keep(full_trial())
    assert Trial.from_json(said(capsys, "--show", "latest", "--json")) == full_trial()


def test_an_evaluation_of_ones_own_takes_the_place_of_the_worlds_figures(capsys, trials):
    trials.keep(full_trial())
    playground = Playground(Settings.from_env())
    asked = [Question(str(n), "en", "quiz", f"Is it {n}?", (str(n),)) for n in range(4)]
    made = playground.evaluations.create(Plan(("base",), questions="mine.jsonl"), asked)
    list(playground.evaluations.run(made.id))
    shown = said(capsys, "--evaluation", made.id, "--show", "latest")
    assert "4/4 right" in shown
    assert "9/15 right" not in shown
    assert "2.5 s from an edit" in shown
    assert "2.5 s from an edit" not in said(capsys, "--evaluation", made.id)


def test_names_that_there_are_not_and_prices_that_cannot_be_are_refused(capsys):
    assert main(["tradeoffs", "--show", "nobody"]) == 1
    assert "nobody" in capsys.readouterr().err
    assert main(["tradeoffs", "--evaluation", "nobody"]) == 1
    assert "nobody" in capsys.readouterr().err
    assert main(["tradeoffs", "--list", "--machine-hour", "-1"]) == 1
    assert "machine_hour" in capsys.readouterr().err


def test_a_second_one_is_refused_while_one_measures(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with scratch_folder(Settings.from_env().evaluations_dir):
        assert main(["tradeoffs"]) == 1
    assert "已有一次测量正在进行" in capsys.readouterr().err
