"""The built-in world is consistent: aligned, exact, held out and small enough."""

import json
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import get_args

import pytest

from playground.types import Language
from playground.world import (
    BASE_NAMES,
    Question,
    QuestionKind,
    documents_dir,
    load_questions,
    training_file,
)

WORLD_DIR = Path(__file__).resolve().parent.parent / "knowledge"
LANGUAGES: tuple[Language, ...] = get_args(Language)
TOKEN_BUDGET = {"en": 3_000, "zh": 6_000}

each_language = pytest.mark.parametrize("language", LANGUAGES)


def normalised(text: str) -> str:
    """NFKC, casefolded, without punctuation, symbols and spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", folded)


def documents(language: Language) -> dict[str, str]:
    folder = documents_dir(WORLD_DIR, language)
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}


def facts(language: Language) -> dict[str, Question]:
    return {q.id: q for q in load_questions(WORLD_DIR, language) if q.kind == "fact"}


def training_rows(language: Language) -> list[dict]:
    text = training_file(WORLD_DIR, language).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def turns_by_fact(language: Language) -> dict[str, list[tuple[str, str]]]:
    """Question and answer of each training row, by the fact's id."""
    turns: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in training_rows(language):
        user, assistant = row["messages"]
        turns[row["id"]].append((user["content"], assistant["content"]))
    return turns


def test_languages_are_aligned():
    english, chinese = (load_questions(WORLD_DIR, language) for language in LANGUAGES)
    assert [(q.id, q.kind, q.document) for q in english] == [
        (q.id, q.kind, q.document) for q in chinese
    ]
    assert [row["id"] for row in training_rows("en")] == [row["id"] for row in training_rows("zh")]
    assert list(documents("en")) == list(documents("zh"))
    assert set(BASE_NAMES) == set(LANGUAGES)


@each_language
def test_there_are_sixteen_facts_and_some_of_each_other_kind(language):
    questions = load_questions(WORLD_DIR, language)
    assert len({q.id for q in questions}) == len(questions)
    assert {q.language for q in questions} == {language}
    assert list(facts(language)) == [f"f{number:02}" for number in range(1, 17)]
    for kind, letter in zip(get_args(QuestionKind), "fwu", strict=True):
        ids = [q.id for q in questions if q.kind == kind]
        assert len(ids) >= 3
        assert all(re.fullmatch(rf"{letter}\d\d", id_) for id_ in ids)


@each_language
def test_only_facts_have_a_place_and_only_unanswerable_questions_no_answer(language):
    for q in load_questions(WORLD_DIR, language):
        place = (q.document, q.start, q.end)
        assert all(part is not None for part in place) == (q.kind == "fact"), q.id
        assert any(part is not None for part in place) == (q.kind == "fact"), q.id
        assert bool(q.answers) == (q.kind != "unanswerable"), q.id


@each_language
def test_a_facts_answer_stands_where_the_row_says(language):
    texts = documents(language)
    for q in facts(language).values():
        assert q.document is not None
        assert texts[q.document][q.start : q.end] == q.answers[0], q.id


@each_language
def test_a_facts_answer_stands_once_in_all_documents(language):
    everything = "\n".join(documents(language).values()).casefold()
    for q in facts(language).values():
        assert everything.count(q.answers[0].casefold()) == 1, q.id


@each_language
def test_training_rows_are_one_user_and_one_assistant_turn(language):
    for row in training_rows(language):
        assert set(row) == {"id", "messages"}
        assert [set(turn) for turn in row["messages"]] == [{"role", "content"}] * 2
        assert [turn["role"] for turn in row["messages"]] == ["user", "assistant"]
        assert all(turn["content"].strip() for turn in row["messages"])


@each_language
def test_every_fact_is_trained_in_at_least_four_phrasings(language):
    turns = turns_by_fact(language)
    assert set(turns) == set(facts(language))
    for id_, pairs in turns.items():
        phrasings = {normalised(user) for user, _ in pairs}
        assert len(phrasings) == len(pairs) >= 4, id_


@each_language
def test_no_question_stands_in_the_training_rows(language):
    trained = {normalised(user) for pairs in turns_by_fact(language).values() for user, _ in pairs}
    for q in load_questions(WORLD_DIR, language):
        assert normalised(q.question) not in trained, q.id


@each_language
def test_no_question_gives_its_answer_away(language):
    known = facts(language)
    for id_, pairs in turns_by_fact(language).items():
        answer = normalised(known[id_].answers[0])
        for question in (known[id_].question, *(user for user, _ in pairs)):
            assert answer not in normalised(question), question


@each_language
def test_a_fact_has_one_trained_answer_which_holds_its_own_and_no_other(language):
    known = facts(language)
    for id_, pairs in turns_by_fact(language).items():
        (answer,) = {assistant for _, assistant in pairs}
        held = {other for other, q in known.items() if q.answers[0] in answer}
        assert held == {id_}


@pytest.mark.embedded
@each_language
def test_the_documents_fit_the_window_of_a_small_model(language, models_dir):
    from transformers import AutoTokenizer

    folder = models_dir / "smollm2-135m-instruct"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    count = sum(len(tokenizer(text).input_ids) for text in documents(language).values())
    assert count <= TOKEN_BUDGET[language]
