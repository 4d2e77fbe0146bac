"""From a recipe to a run and what came of it, over a tiny model and real files."""

from __future__ import annotations

import json
from collections import namedtuple
from dataclasses import replace

import psutil
import pytest

from playground.app import Playground
from playground.errors import (
    AdapterNameTaken,
    DatasetError,
    FileUnreadable,
    ModelTooLarge,
    ProbeFailed,
    RecipeInvalid,
    UnknownName,
)
from playground.finetune import Finished, TrainConfig
from playground.finetune.job import Data
from playground.finetune.recipe import Recipe
from playground.material import read_questions
from playground.settings import Settings
from playground.types import Document
from tests.tiny import make_model

QUICK = TrainConfig(epochs=1, batch_size=4, r=2, lora_alpha=4)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("tiny") / "model", window=4096)


@pytest.fixture
def tuning(tmp_path, model):
    settings = Settings(
        model=str(model),
        embedder="fake",
        data_dir=tmp_path / "data",
        adapters_dir=tmp_path / "adapters",
        device="cpu",
    )
    return Playground(settings).tuning


@pytest.fixture
def files(tmp_path):
    rows = "\n".join(f"Which is {n}?,It is {n}." for n in range(12))
    (tmp_path / "rows.csv").write_text(f"question,answer\n{rows}\n", encoding="utf-8")
    (tmp_path / "asked.txt").write_text("Which is 3? => 3\nAnd?\n", encoding="utf-8")
    return tmp_path


def test_a_recipe_becomes_an_adapter_with_its_questions_before_and_after(tuning, files):
    recipe = Recipe(
        "mine",
        "rows.csv",
        questions="asked.txt",
        held_out_questions=1,
        general_questions=2,
        config=QUICK,
    )
    run = tuning.start(recipe, tuning.read(recipe, beside=files))
    *_, last = tuning.runs.follow(run.id, poll_seconds=0.02)
    assert isinstance(last, Finished)
    compared = tuning.summary(run.id).compared
    assert [one.question.kind for one in compared] == [
        *("own", "own", "general", "general", "held-out")
    ]
    assert all(one.before and one.after for one in compared)
    assert [one.after_right is None for one in compared] == [False, True, False, False, False]
    summary = tuning.summary(run.id)
    assert (summary.training_rows, summary.steps) == (11, 3)
    assert {score.kind: score.total for score in summary.scores} == {
        **{"own": 1, "general": 2, "held-out": 1}
    }
    assert tuning.adapters.get("mine").training_rows == 11
    with pytest.raises(AdapterNameTaken, match="mine-2"):
        tuning.start(recipe, tuning.read(recipe, beside=files))


def test_what_is_wrong_with_the_rows_is_said_before_they_are_trained_on(tuning, files):
    lines = ["question,answer", "Who?,Me.", "Who?,Me.", "Who?,You.", 'Mail?,"ada@halden.no"']
    (files / "odd.csv").write_text("\n".join(lines), encoding="utf-8")
    recipe = Recipe("odd", "odd.csv", config=TrainConfig(epochs=1, learning_rate=1e-5))
    (examined,) = tuning.examine(recipe, tuning.read(recipe, beside=files))
    assert {"tiny", "duplicate", "conflict", "personal"} <= {f.kind for f in examined.findings}
    assert any("only 1 steps" in reason.en for reason in examined.advice)
    assert (examined.training_rows, examined.validation_rows) == (3, 1)
    assert examined.preview.rows[0].segments


def test_many_rows_are_looked_at_once_and_how_far_that_is_is_said(tuning, files):
    lines = [f"Who is {n}?,Me {n}." for n in range(1200)]
    (files / "many.csv").write_text("\n".join(["question,answer", *lines]), encoding="utf-8")
    recipe = Recipe("many", "many.csv")
    material = tuning.read(recipe, beside=files)
    *steps, examined = tuning.examine(recipe, material)
    assert [(step.done, step.total) for step in steps] == [(500, 1200), (1000, 1200)]
    assert examined.preview.usable_rows == 1200
    other = replace(recipe, config=TrainConfig(learning_rate=1e-5))
    (again,) = tuning.examine(other, material)  # what the rows come to is known
    assert again.preview == examined.preview
    short = replace(recipe, config=TrainConfig(max_length=16))
    *steps, refused = tuning.examine(short, material)
    assert steps
    assert refused.preview.usable_rows == 0


def test_a_training_is_measured_before_it_is_started(tuning, files):
    recipe = Recipe("mine", "rows.csv", config=QUICK)
    *steps, found = tuning.estimate(recipe, tuning.read(recipe, beside=files))
    assert {step.step for step in steps} >= {"load"}
    assert {step.subject for step in steps} == {"mine"}
    assert found.steps == 3
    assert found.seconds > 0
    assert found.tokens_per_second > 0
    assert 50e6 < found.memory_bytes < 8e9
    assert tuning.runs.list() == ()


def test_measuring_ends_with_whoever_waits_for_it(tuning, files):
    recipe = Recipe("mine", "rows.csv", config=QUICK)
    measuring = tuning.estimate(recipe, tuning.read(recipe, beside=files))
    others = psutil.Process().children()
    next(measuring)
    begun = set(psutil.Process().children()) - set(others)
    measuring.close()
    assert begun
    assert not any(process.is_running() for process in begun)


def test_what_cannot_be_trained_says_why_in_both_languages_before_it_is_started(tuning, files):
    recipe = Recipe("mine", "rows.csv", config=TrainConfig(max_length=16))
    with pytest.raises(ProbeFailed, match="0 usable rows") as caught:
        list(tuning.estimate(recipe, tuning.read(recipe, beside=files)))
    assert "可用 0 行" in caught.value.text("zh")


def test_a_model_larger_than_the_free_memory_is_refused_with_both_numbers(
    tuning, files, monkeypatch
):
    memory = namedtuple("memory", "available")
    monkeypatch.setattr("psutil.virtual_memory", lambda: memory(10_000))
    recipe = Recipe("mine", "rows.csv", config=QUICK)
    with pytest.raises(ModelTooLarge, match=r"takes 0\.0 GB in memory, and 0\.0 GB are free"):
        list(tuning.estimate(recipe, tuning.read(recipe, beside=files)))


def test_rows_are_learned_behind_the_passages_that_would_be_found(tuning, files, tmp_path):
    documents = [Document(f"{n}.md", f"The number {n} stands here. It is {n}.") for n in range(12)]
    for _ in tuning._bases.add_documents("numbers", documents):
        pass
    recipe = Recipe("mine", "rows.csv", form="passages", knowledge="numbers", config=QUICK)
    run = tuning.start(recipe, tuning.read(recipe, beside=files), by_hand=True)
    rows = Data.load(run.folder).rows
    assert len(rows) == 12
    assert all("[1]" in row.messages[0].content for row in rows)
    with_answer = [row.messages[1].content in row.messages[0].content for row in rows]
    assert 6 <= sum(with_answer) < 12  # some are left out, so that it learns to remember
    lost = Recipe("lost", "rows.csv", form="passages", knowledge="nowhere", config=QUICK)
    with pytest.raises(UnknownName, match="nowhere"):
        tuning.start(lost, tuning.read(lost, beside=files))
    assert len(tuning.runs.list()) == 1


def test_the_documents_of_a_base_are_learned_as_plain_text(tuning):
    documents = [Document("a.md", "Halden opens at nine."), Document("b.md", "It closes at ten.")]
    for _ in tuning._bases.add_documents("halden", documents):
        pass
    recipe = Recipe("mine", form="documents", knowledge="halden", config=QUICK)
    material = tuning.read(recipe)
    assert [row.text for row in material.dataset.rows] == [d.text for d in documents]
    run = tuning.start(recipe, material)
    assert isinstance(tuple(tuning.runs.follow(run.id, poll_seconds=0.02))[-1], Finished)


def test_files_that_are_not_there_are_named(tuning, files):
    with pytest.raises(FileUnreadable, match=r"none\.csv"):
        tuning.read(Recipe("mine", "none.csv"), beside=files)
    with pytest.raises(RecipeInvalid):
        Recipe("mine")


@pytest.mark.parametrize(
    ("name", "data", "asked"),
    [
        ("q.txt", "Who? => Me\n谁？".encode(), [("Who?", ("Me",)), ("谁？", ())]),
        (
            "q.csv",
            b"question,answer\nWho?,Me\nWhat?,That",
            [("Who?", ("Me",)), ("What?", ("That",))],
        ),
        (
            "q.jsonl",
            json.dumps({"prompt": "Who?", "completion": "Me"}).encode(),
            [("Who?", ("Me",))],
        ),
    ],
)
def test_test_questions_come_in_any_shape(name, data, asked):
    assert [(q.question, q.answers) for q in read_questions(name, data)] == asked


def test_broken_questions_are_an_error_and_not_questions():
    with pytest.raises(DatasetError):
        read_questions("q.json", b'{"prompt": ')
