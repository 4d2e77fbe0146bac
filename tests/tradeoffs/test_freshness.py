"""From an edit to a right answer, by a model that has read what is in its prompt."""

from __future__ import annotations

import pytest

from playground.tradeoffs.freshness import _edited, _edits, _new_rows, _old, freshness
from tests.tradeoffs.reader import ground, split


@pytest.mark.parametrize("language", ["en", "zh"])
def test_documents_that_are_read_or_searched_are_fresh_at_once(tmp_path, language):
    found, missing = split(freshness(ground(tmp_path, language), ("long-context", "rag")))
    assert [(one.name, one.mode, one.count, one.total) for one in found] == [
        ("freshness_seconds", mode, 2, 2) for mode in ("long-context", "rag")
    ]
    assert all(0 < one.value < 30 for one in found)
    assert missing == []


def test_what_cannot_be_trained_is_missing_with_its_error(tmp_path):
    found, missing = split(freshness(ground(tmp_path), ("base", "lora")))
    assert found == []
    assert [(one.name, one.mode) for one in missing] == [("freshness_seconds", "lora")]
    assert "fake" in missing[0].en


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_edited_fact_is_taught_in_all_the_ways_that_the_old_one_was(tmp_path, language):
    where = ground(tmp_path, language)
    early, late = _edits(where)
    assert early.document < late.document
    for edit in (early, late):
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
