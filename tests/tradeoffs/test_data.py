"""What each method was given, and a second set of documents."""

from __future__ import annotations

import pytest

from playground.tradeoffs.data import data, second, taught
from playground.types import Adapter
from tests.tradeoffs.reader import ground, split

MODES = ("base", "long-context", "rag", "lora")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    measured, missing = split(data(ground(tmp_path_factory.mktemp("data")), MODES))
    return {(one.name, one.mode): one.value for one in measured}, missing


def test_documents_are_counted_where_they_are_used(found):
    figures, _ = found
    assert figures["documents", "long-context"] == figures["documents", "rag"] == 16
    assert figures["document_tokens", "rag"] > 2000
    assert ("documents", "base") not in figures


def test_indexing_belongs_to_the_knowledge_base_alone(found):
    figures, _ = found
    assert [mode for name, mode in figures if name == "indexing_seconds"] == ["rag"]


def test_without_an_adapter_for_the_model_there_are_no_rows(found):
    _, missing = found
    assert [(one.name, one.mode) for one in missing] == [("labelled_rows", "lora")]


def test_a_second_set_of_documents_is_read_or_indexed_and_a_training_is_not_repeated(tmp_path):
    measured, missing = split(second(ground(tmp_path), MODES))
    seconds = {one.mode: one.value for one in measured if one.name == "second_base_seconds"}
    assert set(seconds) == {"long-context", "rag"}
    assert all(value > 0 for value in seconds.values())
    assert all(1000 <= one.at < 2000 for one in measured)
    assert [(one.name, one.mode) for one in missing] == [("second_base_seconds", "lora")]
    assert "was not run" in missing[0].en


def test_an_adapter_tells_what_it_was_taught(tmp_path):
    known = Adapter("a", tmp_path, "model", 8, training_rows=800, training_seconds=60.0)
    told = [(one.name, one.value) for one in taught(known, "lora", "a")]
    assert told == [("labelled_rows", 800), ("training_seconds", 60.0)]
    unknown = Adapter("a", tmp_path, "model", 8)
    assert [one.name for one in taught(unknown, "lora", "a")] == ["training_seconds"]
    (gone,) = taught(None, "lora", "a")
    assert "'a'" in gone.zh
