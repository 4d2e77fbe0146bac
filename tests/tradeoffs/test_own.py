"""A user's evaluation in place of the built-in questions."""

from __future__ import annotations

import pytest

from playground.app import Playground
from playground.errors import UnknownName
from playground.evaluation import Plan
from playground.settings import Settings
from playground.tradeoffs import Situation, recommend
from playground.tradeoffs.own import OWN, together, trial_of
from playground.types import Question
from tests.tradeoffs.examples import full_trial

QUESTIONS = [
    Question("1", "en", "fact", "Which drink is hot: tea?", ("tea",)),
    Question("2", "en", "fact", "What is cold?", ("ice",)),
    Question("3", "zh", "", "茶？", ("茶",)),
]


@pytest.fixture
def playground(tmp_path):
    found = Playground(
        Settings(model="fake", embedder="fake", data_dir=tmp_path, adapters_dir=tmp_path / "a")
    )
    list(found.bases.add_files("Kitchen", [("a.txt", b"Tea is served."), ("b.txt", b"Cocoa.")]))
    return found


def evaluated(playground, *modes, **more):
    plan = Plan(modes, knowledge="Kitchen", questions="mine.jsonl", **more)
    made = playground.evaluations.create(plan, QUESTIONS)
    list(playground.evaluations.run(made.id))
    return made.id


def test_its_answers_and_documents_become_figures(playground):
    own = trial_of(playground, evaluated(playground, "base", "rag"))
    assert own.find("right", "base", "fact").share.count == 1  # a fake model repeats the question
    assert own.find("right", "base", "fact").share.total == 2
    assert own.find("prompt_tokens", "rag").value > own.find("prompt_tokens", "base").value
    assert own.find("documents", "rag").value == 2
    assert own.find("documents", "base") is None
    assert own.language == "en"
    assert own.setup["model"] == "fake"
    assert own.context_window == 8192


def test_what_it_cannot_tell_comes_from_the_world(playground):
    own = trial_of(playground, evaluated(playground, "base", "rag"))
    merged = together(own, full_trial())
    assert merged.find("right", "rag", "style") is None  # of the world's questions
    assert merged.right("rag") == own.right("rag")
    assert merged.find("freshness_seconds", "rag").value == 2.5
    assert merged.find("indexing_seconds", "rag") is None  # of the world's documents
    assert len(merged.all("right_at_size", "long-context")) == 2
    assert {one.name for one in merged.missing} == {"freshness_seconds", "right_at_size"}
    assert {one.name for one in own.measurements} <= OWN


def test_without_a_trial_it_stands_alone(playground):
    own = trial_of(playground, evaluated(playground, "rag"))
    assert together(own, None) == own


def test_an_adapter_that_is_gone_is_said_to_be(playground):
    own = trial_of(playground, evaluated(playground, "lora", adapter="gone"))
    missing = {one.name: one.en for one in own.missing}
    assert "gone" in missing["labelled_rows"]
    assert "gone" in missing["right"]  # every answer failed


def test_a_base_that_is_gone_has_no_documents(playground):
    id = evaluated(playground, "rag")
    playground.bases.delete("Kitchen")
    assert trial_of(playground, id).find("documents", "rag") is None


def test_kinds_of_ones_own_are_facts(playground):
    own = trial_of(playground, evaluated(playground, "rag", "base"))
    found = recommend(own, Situation("never", "pages", "facts", "laptop"), own.modes)
    assert [one.mode for one in found.ranked if not one.ruled_out] == ["rag"]
    assert "/3" in found.ranked[0].reasons[0].en


def test_an_evaluation_that_has_not_begun_says_nothing(playground):
    made = playground.evaluations.create(Plan(("rag",), knowledge="Kitchen"), QUESTIONS)
    assert trial_of(playground, made.id).modes == ("rag",)  # its documents are known
    assert trial_of(playground, made.id).right("rag") is None


def test_there_must_be_one(playground):
    with pytest.raises(UnknownName):
        trial_of(playground, "nobody")
