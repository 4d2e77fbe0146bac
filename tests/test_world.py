"""The built-in world is consistent: aligned, exact, held out and small enough."""

import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from playground.evaluation import contains
from playground.models.chat import encode
from playground.modes import AskOptions
from playground.modes.prompts import open_book_messages
from playground.readers import read
from playground.types import Document, Language, Question, Source
from playground.world import (
    BASE_NAMES,
    QuestionKind,
    documents_dir,
    load_questions,
    reading_dir,
    training_rows,
)
from playground.world import edited as edited_world

WORLD_DIR = Path(__file__).resolve().parent.parent / "knowledge"
LANGUAGES: tuple[Language, ...] = get_args(Language)
LETTERS = dict(zip(get_args(QuestionKind), "fwesug", strict=True))
TOKEN_BUDGET = {"en": 6_500, "zh": 8_000}  # with a question, both fit a window of 8,192
PHRASINGS = 10

each_language = pytest.mark.parametrize("language", LANGUAGES)


def normalised(text: str) -> str:
    """NFKC, casefolded, without punctuation, symbols and spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", folded)


@cache
def documents(language: Language) -> dict[str, str]:
    """Texts as the readers give them, by file name."""
    folder = documents_dir(WORLD_DIR, language)
    texts = {path.name: _read(path.name, path.read_bytes()) for path in sorted(folder.iterdir())}
    return {name: document.text for name, document in texts.items()}


def _read(name: str, data: bytes) -> Document:
    document = read(name, data)
    assert document.title == name
    return document


def of_kind(language: Language, kind: QuestionKind) -> dict[str, Question]:
    return {q.id: q for q in load_questions(WORLD_DIR, language) if q.kind == kind}


def edited(language: Language, question: Question) -> str:
    """The text of the question's document after its edit."""
    assert question.edit is not None
    path = documents_dir(WORLD_DIR, language) / question.edit.document
    raw = path.read_text(encoding="utf-8")
    assert raw.count(question.edit.find) == 1, question.id
    return read(path.name, question.edit.apply(raw).encode()).text


def turns_by_id(language: Language) -> dict[str, list[tuple[str, str]]]:
    """What is asked and answered in each training row, by the question's id."""
    turns: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for id_, (user, assistant) in training_rows(WORLD_DIR, language):
        turns[id_].append((user.content, assistant.content))
    return turns


def test_languages_are_aligned():
    english, chinese = (load_questions(WORLD_DIR, language) for language in LANGUAGES)
    assert [(q.id, q.kind, q.document) for q in english] == [
        (q.id, q.kind, q.document) for q in chinese
    ]
    assert [q.options.index(q.answers[0]) for q in english if q.options] == [
        q.options.index(q.answers[0]) for q in chinese if q.options
    ]
    rows = [[id_ for id_, _ in training_rows(WORLD_DIR, language)] for language in LANGUAGES]
    assert rows[0] == rows[1]
    assert list(documents("en")) == list(documents("zh"))
    assert set(BASE_NAMES) == set(LANGUAGES)


@each_language
def test_documents_are_of_several_formats(language):
    suffixes = Counter(Path(name).suffix for name in documents(language))
    assert 12 <= sum(suffixes.values()) <= 20
    assert suffixes[".md"] > 6
    assert {".pdf", ".docx", ".html", ".csv"} < set(suffixes)


@each_language
@pytest.mark.parametrize("name", ["13-safety.pdf", "14-handbook.docx"])
def test_a_made_document_says_what_its_source_says(language, name):
    source = documents_dir(WORLD_DIR, language).parent / "sources" / f"{Path(name).stem}.md"
    assert normalised(documents(language)[name]) == normalised(source.read_text(encoding="utf-8"))


@each_language
def test_there_are_sixty_facts_and_fifteen_of_each_other_kind(language):
    questions = load_questions(WORLD_DIR, language)
    assert len({q.id for q in questions}) == len(questions)
    assert {q.language for q in questions} == {language}
    for kind, letter in LETTERS.items():
        ids = list(of_kind(language, kind))
        assert ids == [f"{letter}{number:02}" for number in range(1, len(ids) + 1)]
        assert len(ids) >= (60 if kind == "fact" else 15), kind


@each_language
def test_a_question_has_what_its_kind_needs(language):
    for q in load_questions(WORLD_DIR, language):
        place = (q.document, q.start, q.end)
        has_place = q.kind in ("fact", "fresh")
        assert all(part is not None for part in place) == has_place, q.id
        assert any(part is not None for part in place) == has_place, q.id
        assert bool(q.edit) == (q.kind == "fresh"), q.id
        assert bool(q.answers) == (q.kind != "unanswerable"), q.id
        assert bool(q.reference) == (q.kind != "unanswerable"), q.id
        assert bool(q.options) == (q.kind in ("fact", "whole-document", "fresh")), q.id
        if q.options:
            assert len(set(q.options)) == 4, q.id
            assert set(q.options) & set(q.answers) == {q.answers[0]}, q.id


@each_language
def test_a_facts_answer_stands_where_the_row_says_and_nowhere_else(language):
    texts = documents(language)
    everything = "\n".join(texts.values()).casefold()
    for q in of_kind(language, "fact").values():
        assert texts[q.document or ""][q.start : q.end] == q.answers[0], q.id
        assert everything.count(q.answers[0].casefold()) == 1, q.id


@each_language
def test_every_document_holds_facts(language):
    holding = Counter(q.document for q in of_kind(language, "fact").values())
    assert set(holding) == set(documents(language))
    assert min(holding.values()) >= 2


@each_language
def test_a_fresh_answer_stands_where_the_row_says_after_the_edit_alone(language):
    texts = documents(language)
    for q in of_kind(language, "fresh").values():
        assert q.edit is not None
        assert q.document == q.edit.document
        after = {**texts, q.edit.document: edited(language, q)}
        assert after[q.edit.document][q.start : q.end] == q.answers[0], q.id
        answer = q.answers[0].casefold()
        assert "\n".join(texts.values()).casefold().count(answer) == 0, q.id
        assert "\n".join(after.values()).casefold().count(answer) == 1, q.id


@each_language
def test_after_all_edits_together_every_fresh_answer_stands_once(language):
    folder = documents_dir(WORLD_DIR, language)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    after = dict(edited_world(WORLD_DIR, language))
    assert list(after) == sorted(before)
    fresh = of_kind(language, "fresh").values()
    changed = {name for name, data in after.items() if data != before[name]}
    assert changed == {q.document for q in fresh}
    text = "\n".join(_read(name, data).text for name, data in after.items()).casefold()
    for q in fresh:
        assert text.count(q.answers[0].casefold()) == 1, q.id


@each_language
def test_a_style_reply_holds_a_phrase_of_the_house(language):
    for q in of_kind(language, "style").values():
        assert any(answer in (q.reference or "") for answer in q.answers), q.id


@each_language
def test_every_fact_is_trained_in_ten_phrasings_and_the_style_too(language):
    turns = turns_by_id(language)
    facts, style = of_kind(language, "fact"), of_kind(language, "style")
    assert set(turns) == set(facts) | set(style)
    for id_, pairs in turns.items():
        phrasings = {normalised(user) for user, _ in pairs}
        assert len(phrasings) == len(pairs), id_
        assert len(pairs) == PHRASINGS if id_ in facts else len(pairs) >= 3, id_


@each_language
def test_no_question_stands_in_the_training_rows(language):
    trained = {normalised(user) for pairs in turns_by_id(language).values() for user, _ in pairs}
    for q in load_questions(WORLD_DIR, language):
        assert normalised(q.question) not in trained, q.id


@each_language
def test_no_ordinary_prompt_of_the_reader_is_a_question(language):
    prompts = (reading_dir(WORLD_DIR) / f"prompts.{language}.txt").read_text(encoding="utf-8")
    trained = {normalised(prompt) for prompt in prompts.splitlines()}
    asked = {normalised(q.question) for q in load_questions(WORLD_DIR, language)}
    assert not trained & asked


@each_language
def test_no_training_reply_holds_what_only_an_edit_will_bring(language):
    replies = [reply for pairs in turns_by_id(language).values() for _, reply in pairs]
    for q in of_kind(language, "fresh").values():
        assert not any(contains(reply, q.answers[:1]) for reply in replies), q.id


@each_language
def test_no_question_gives_its_answer_away(language):
    facts = of_kind(language, "fact")
    for id_, pairs in turns_by_id(language).items():
        if id_ not in facts:
            continue
        answer = normalised(facts[id_].answers[0])
        for question in (facts[id_].question, *(user for user, _ in pairs)):
            assert answer not in normalised(question), question


@each_language
def test_a_fact_has_one_trained_answer_which_holds_its_own_and_no_other(language):
    facts = of_kind(language, "fact")
    for id_, pairs in turns_by_id(language).items():
        if id_ not in facts:
            continue
        (answer,) = {assistant for _, assistant in pairs}
        assert answer == facts[id_].reference
        held = {other for other, q in facts.items() if q.answers[0] in answer}
        assert held == {id_}


@pytest.mark.embedded
@each_language
def test_the_documents_fit_the_window_of_a_small_model(language, models_dir):
    from transformers import AutoTokenizer

    folder = models_dir / "smollm2-135m-instruct"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    count = sum(len(tokenizer(text).input_ids) for text in documents(language).values())
    assert count <= TOKEN_BUDGET[language]
    sources = [Source(name, name, text, 0, len(text)) for name, text in documents(language).items()]
    for q in load_questions(WORLD_DIR, language):
        messages = open_book_messages(q.question, sources)
        prompt = len(encode(tokenizer, messages, add_generation_prompt=True))
        assert prompt + AskOptions().max_tokens <= tokenizer.model_max_length, q.id
