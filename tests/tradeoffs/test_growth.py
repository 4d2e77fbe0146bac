"""Answers while the knowledge grows, by a model that has read what is in its prompt."""

from __future__ import annotations

import itertools

import pytest

from playground.tradeoffs.growth import gold_document, grown, growth, tokens_of
from tests.tradeoffs.reader import ground, split

SIZES = (1000, 3000, 20_000)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_fits_is_read_whole_and_what_does_not_is_searched(tmp_path, language):
    found, missing = split(growth(ground(tmp_path, language), ("rag", "long-context"), SIZES))
    shares = {(one.mode, one.at): (one.count, one.total) for one in found}
    sizes = sorted({one.at for one in found})
    assert all(low <= at < low + 700 for low, at in zip(SIZES, sizes, strict=True))
    assert shares["long-context", sizes[0]] == (2, 2)
    assert shares["long-context", sizes[1]] == (2, 2)
    assert [(one.mode, one.at) for one in missing] == [("long-context", sizes[2])]
    assert shares["rag", sizes[0]][0] > 0  # words alone are compared by this embedder


def test_only_the_modes_that_are_asked_for_are_measured(tmp_path):
    found, missing = split(growth(ground(tmp_path), ("lora", "long-context"), (1000,)))
    assert {one.mode for one in (*found, *missing)} == {"long-context"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_questions_are_about_one_short_document(tmp_path, language):
    where = ground(tmp_path, language)
    gold, questions = gold_document(where, 3)
    assert len(questions) == 3
    assert {question.document for question in questions} == {gold.title}
    assert tokens_of(where, gold) <= 900
    assert all(question.answers[0] in gold.text for question in questions)


def test_the_answers_stand_in_the_middle_of_what_is_read(tmp_path):
    where = ground(tmp_path)
    gold, _ = gold_document(where, 3)
    prompts = []
    stream = where.playground.engine.stream

    def listening(messages, *rest):
        prompts.append(messages[-1].content)
        return stream(messages, *rest)

    where.playground.engine.stream = listening
    list(growth(where, ("long-context",), (4000,)))
    place = prompts[-1].index(gold.text[:60]) / len(prompts[-1])
    assert 0.3 < place < 0.7


def test_a_larger_knowledge_begins_as_the_smaller_one_did_so_that_a_cache_helps(tmp_path):
    where = ground(tmp_path)
    gold, _ = gold_document(where, 3)
    shelves = [shelf.documents for _, _, shelf in grown(where, gold, SIZES)]
    for smaller, larger in itertools.pairwise(shelves):
        place = smaller.index(gold)
        assert place > 0
        assert larger[:place] == smaller[:place]
        assert larger.index(gold) > place
