"""`playground votes` says what the page's votes add up to."""

from __future__ import annotations

import json

import pytest

from playground.cli.main import main
from playground.settings import Settings
from playground.votes import Vote, Votes


@pytest.fixture
def votes():
    return Votes(Settings.from_env().votes_file)


def cast(votes, id, choice, *, model="fake", shown=("rag", "base")):
    votes.add(Vote(id, 0.0, "Why?", model, None, None, shown, choice))


def test_without_votes_it_says_how_to_get_some(capsys):
    assert main(["votes"]) == 0
    assert "No votes yet" in capsys.readouterr().out
    assert main(["votes", "--json"]) == 0
    assert capsys.readouterr().out == ""


def test_every_pair_is_a_line_a_model(capsys, votes):
    for id, choice in enumerate(["rag", "rag", "base", "tie"]):
        cast(votes, str(id), choice)
    cast(votes, "other", "bad", model="another")
    assert main(["votes"]) == 0
    head, another, fake = capsys.readouterr().out.splitlines()
    assert "P (SIGN TEST)" in head
    assert another.split() == ["another", "base", "rag", "0", "0", "0", "1", "-", "1"]
    assert fake.split()[:7] == ["fake", "base", "rag", "1", "2", "1", "0"]
    assert "0.333 (1/3, " in fake


def test_json_is_an_object_a_pair_without_numbers_that_json_does_not_know(capsys, votes):
    cast(votes, "1", "bad")
    assert main(["votes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out, parse_constant=pytest.fail) == {
        "model": "fake",
        "first": "base",
        "second": "rag",
        "first_better": 0,
        "second_better": 0,
        "ties": 0,
        "both_bad": 1,
        "share": None,
        "interval": [0.0, 1.0],
        "p_value": 1.0,
    }
