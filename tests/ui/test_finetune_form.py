"""What is filled in becomes a recipe, and as files it is the same training for the CLI."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from playground.app import Playground
from playground.dataset import load
from playground.errors import NoRowsChosen, NumberOutOfRange
from playground.finetune import TrainConfig
from playground.finetune.recipe import Recipe
from playground.material import as_files, as_lines, read_questions
from playground.settings import Settings
from playground.ui.finetune_form import Form

ROWS = b'{"prompt": "Who => what?", "completion": "Me."}\n{"prompt": "Why?", "completion": "So."}\n'
FILLED = {
    "dataset": load("rows.jsonl", ROWS),
    "validation": None,
    "questions": "What is it? => a | b\nWho => what\t=> me\n",
    "name": " facts ",
    "model": None,
    "form": "rows",
    "knowledge": "a base",
    "start_from": "",
    "held_out_questions": 3.0,
    "general_questions": None,
    "replay_rows": 0,
    **asdict(TrainConfig(epochs=3)),
}


@pytest.fixture
def playground(tmp_path):
    return Playground(Settings(model="fake", embedder="fake", data_dir=tmp_path))


def read(playground, **changes):
    given = {**FILLED, **changes}
    return Form(playground, dict.fromkeys(given)).read(list(given.values()))


def test_what_is_filled_in_is_a_recipe(playground):
    recipe, material = read(playground)
    assert (recipe.name, recipe.model, recipe.knowledge) == ("facts", "", "")
    assert (recipe.held_out_questions, recipe.general_questions) == (3, 0)
    assert recipe.config.epochs == 3
    assert [question.answers for question in material.questions] == [("a", "b"), ("=> me",)]


def test_what_is_missing_or_wrong_is_an_error(playground):
    with pytest.raises(NoRowsChosen):
        read(playground, dataset=None)
    with pytest.raises(NumberOutOfRange):
        read(playground, learning_rate=None)


def test_documents_need_no_rows(playground):
    list(playground.bases.add_files("a base", [("a.md", b"The cat is grey.")]))
    recipe, material = read(playground, form="documents", dataset=None)
    assert recipe.knowledge == "a base"
    assert [row.text for row in material.dataset.rows] == ["The cat is grey."]


def test_the_files_are_the_same_training(playground, tmp_path):
    recipe, material = read(playground, validation=load("exam.jsonl", ROWS))
    for name, content in as_files(recipe, material).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    again = Recipe.from_json((tmp_path / "recipe.json").read_text(encoding="utf-8"))
    assert again.config == recipe.config
    read_again = playground.tuning.read(again, beside=tmp_path)
    assert read_again.questions == material.questions
    for ours, theirs in (
        (material.dataset, read_again.dataset),
        (material.validation, read_again.validation),
    ):
        assert [row.messages for row in ours.rows] == [row.messages for row in theirs.rows]


def test_questions_from_a_file_are_lines_to_edit():
    lines = as_lines(read_questions("rows.jsonl", ROWS))
    assert lines == "Who => what?\tMe.\nWhy? => So.\n"
    assert read_questions("lines.txt", lines.encode())[0].answers == ("Me.",)
