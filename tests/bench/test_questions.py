"""Prompts whose answers are known."""

from __future__ import annotations

import json

import pytest

from playground.bench.questions import closed_book_set, squad_set, world_set
from playground.errors import FileUnreadable, NotSquad
from playground.settings import Settings
from playground.types import Adapter


def squad(tmp_path, paragraphs=3):
    qas = [{"question": "What is it?", "answers": [{"text": "It", "answer_start": 0}]}]
    data = [{"paragraphs": [{"context": f"It is {n}.", "qas": qas} for n in range(paragraphs)]}]
    file = tmp_path / "set.json"
    file.write_text(json.dumps({"data": data}), encoding="utf-8")
    return file


def test_every_fact_stands_in_its_passage_in_both_languages():
    cases = world_set(Settings(), 1000).cases
    assert len(cases) > 100
    for case in cases:
        assert case.accepted[0] in case.messages[-1].content
        assert len(case.messages[-1].content) < 3000


def test_questions_are_chosen_the_same_each_time(tmp_path):
    adapter = Adapter("mine", tmp_path, "model", 8)
    assert closed_book_set(Settings(), adapter, 5) == closed_book_set(Settings(), adapter, 5)
    assert len(closed_book_set(Settings(), adapter, 5).cases) == 5


def test_a_squad_file_gives_one_question_a_paragraph(tmp_path):
    questions = squad_set(squad(tmp_path), 10)
    assert questions.name == "set"
    assert len(questions.cases) == 3
    assert questions.cases[0].accepted == ("It",)


@pytest.mark.parametrize("content", ["", "[]", '{"data": []}', '{"data": [{"paragraphs": [3]}]}'])
def test_a_file_of_another_shape_is_refused(tmp_path, content):
    file = tmp_path / "set.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(NotSquad):
        squad_set(file, 10)


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path):
    with pytest.raises(FileUnreadable):
        squad_set(tmp_path / "nowhere.json", 10)
