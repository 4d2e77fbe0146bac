"""From an edit to a right answer, by a model that has read what is in its prompt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.evaluation import Failed
from playground.tradeoffs.answers import answers, evaluation_of
from playground.tradeoffs.freshness import _after, _edited, _new_rows, _old, freshness
from tests.tradeoffs.reader import ground, split
from tests.tradeoffs.test_answers import asked


def given(mode, text, seconds):
    return asked(mode, text, total_seconds=seconds)


def after_answers(where, modes):
    """What freshness says, once all kinds of questions were asked."""
    evaluation = evaluation_of(where, modes, 3).id
    list(answers(where, evaluation))
    return split(freshness(where, modes, evaluation)), evaluation


@pytest.mark.parametrize("language", ["en", "zh"])
def test_documents_that_are_read_or_searched_are_fresh_at_once(tmp_path, language):
    for _ in (where := ground(tmp_path, language)).playground.bases.add_world():
        pass
    (found, missing), evaluation = after_answers(where, ("long-context", "rag"))
    assert [(one.name, one.mode, one.total) for one in found] == [
        ("freshness_seconds", mode, 3) for mode in ("long-context", "rag")
    ]
    assert found[0].count >= 2  # all of it is said; in a table, words stand without a blank
    assert missing == []
    first: dict[str, float] = {}
    for one in where.playground.evaluations.marked(evaluation):
        if one.question.edit:
            first.setdefault(one.mode, one.answer.metrics.total_seconds)
    assert all(one.value >= first[one.mode] for one in found)


def test_the_wait_counts_from_the_edit_over_all_that_is_asked_until_one_is_right():
    told = [given("rag", "no", 2.0), given("rag", "tea", 0.5), given("rag", "tea", 0.25)]
    assert _after(1.0, told) == [None, 3.5, 3.75]


def test_an_error_is_not_right():
    told = [replace(given("rag", "no", 2.0), answer=Failed("E", "e", "e"), mark=None)]
    assert _after(1.0, told) == [None]


def test_what_cannot_be_trained_is_missing_with_its_error(tmp_path):
    (found, missing), _ = after_answers(ground(tmp_path), ("base", "lora"))
    assert found == []
    assert [(one.name, one.mode) for one in missing] == [("freshness_seconds", "lora")]
    assert "fake" in missing[0].en


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_edited_fact_is_taught_in_all_the_ways_that_the_old_one_was(tmp_path, language):
    where = ground(tmp_path, language)
    edits = [q for q in where.questions if q.edit and _old(where, q)]
    assert len(edits) >= 15
    for edit in edits:
        old = _old(where, edit)
        rows = _new_rows(where, edit)
        assert len(rows) >= 5
        for row in rows:
            said = row.messages[-1].content
            assert edit.answers[0] in said
            assert not any(answer in said for answer in old.answers)
        assert len({row.messages[0].content for row in rows}) == len(rows)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_edit_changes_the_one_fact(tmp_path, language):
    where = ground(tmp_path, language)
    edit = next(q for q in where.questions if q.kind == "fresh" and _old(where, q))
    before = next(d for d in where.documents if d.title == edit.document)
    after = _edited(where, edit)
    assert edit.answers[0] in after.text
    assert edit.answers[0] not in before.text
    assert after.title == before.title
