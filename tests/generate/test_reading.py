from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

import pytest

from playground.generate.reading import reading_rows
from playground.modes.prompts import NOT_FOUND, reading_prompt
from playground.world import load_questions

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
READING = KNOWLEDGE / "reading"

each_language = pytest.mark.parametrize("language", ["en", "zh"])


def rows(language, count=150, seed=0):
    return list(reading_rows(READING, language, count, seed=seed))


def asked(row):
    """Question, answer and the text of all passages, for each question of a row."""
    prompt = row[0].content
    for user, assistant in zip(row[::2], row[1::2], strict=True):
        yield re.split(r"Question: |问题：", user.content)[-1], assistant.content, prompt


@each_language
def test_a_row_is_a_conversation_under_the_prompt_that_is_served(language):
    frame = reading_prompt("是什么" if language == "zh" else "what", [("T", "X")])
    opening, closing = frame.split("[1] T\nX")
    instruction = closing.rsplit("\n", 1)[0]
    for row in rows(language):
        assert row[0].content.startswith(opening + "[1] ")
        assert instruction in row[0].content
        assert [message.role for message in row] == ["user", "assistant"] * (len(row) // 2)


@each_language
def test_an_answer_stands_in_the_passages_word_for_word(language):
    answers = [pair for row in rows(language) for pair in asked(row)]
    answered = [pair for pair in answers if pair[1] != NOT_FOUND[language]]
    assert all(answer in prompt for _, answer, prompt in answered)
    assert 0.1 < 1 - len(answered) / len(answers) < 0.35


@each_language
def test_rows_vary_in_passages_questions_and_the_place_of_the_answer(language):
    made = rows(language, 600)
    passages = [len(re.findall(r"^\[\d\] ", row[0].content, re.M)) for row in made]
    questions = [len(row) // 2 for row in made]
    assert ({1, 2, 3, 4, 5} if language == "en" else {1, 2, 3}) <= set(passages)
    assert {1, 2, 3, 4, 6, 8} <= set(questions)
    places = set()
    for row in made:
        _, answer, prompt = next(asked(row))
        if prompt.count(answer) == 1:
            places.add(len(re.findall(r"^\[\d\] ", prompt[: prompt.index(answer)], re.M)))
    assert {1, 2, 3} <= places


@each_language
def test_the_seed_decides(language):
    assert rows(language, 5) == rows(language, 5) != rows(language, 5, seed=1)


@each_language
def test_nothing_of_the_built_in_world_is_taught(language):
    text = "\n".join(m.content for row in rows(language, 600) for m in row).casefold()
    for name in ("halden", "哈尔登", "skerrow", "斯凯罗", "ketting", "凯廷"):
        assert name not in text
    for question in load_questions(KNOWLEDGE, language):
        assert question.question.casefold() not in text


def test_as_many_rows_as_wanted_come_whatever_the_number_of_templates():
    assert len(rows("en", 700)) == 700
    assert len(list(islice(reading_rows(READING, "zh", 10**9), 20))) == 20
