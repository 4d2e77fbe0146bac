"""Columns: which there are, what they may mean, and what may be chosen."""

from __future__ import annotations

import json

import pytest

from playground.dataset import load
from playground.dataset.mapping import Columns, Mapping, columns_of
from playground.errors import MappingIncomplete, UnknownShape


def columns(*rows):
    return columns_of("r.jsonl", "\n".join(json.dumps(row) for row in rows).encode())


@pytest.mark.parametrize(
    ("row", "suggested"),
    [
        ({"question": "q", "answer": "a"}, Mapping("question", "answer")),
        ({"Prompt": "q", "chosen": "long answer", "id": "1"}, Mapping("Prompt", "chosen")),
        ({"context": "words", "回答": "a"}, Mapping("context", "回答")),
        ({"用户": "你好", "客服": "您好，请问需要什么？", "时间": "9"}, Mapping("用户", "客服")),
        ({"reply": "a", "n": 5, "title": "t"}, Mapping("title", "reply")),
        ({"question": "q", "answer": "a", "system": "s"}, Mapping("question", "answer", "system")),
        ({"text": "a long text", "meta": "b"}, Mapping(text="text")),
        ({"n": 1, "body": "words"}, Mapping(text="body")),
        ({"id": "1", "n": 5}, None),
    ],
)
def test_a_mapping_is_suggested_by_names_else_by_the_longest_texts(row, suggested):
    found = columns(row)
    assert found.names == tuple(row)
    assert found.suggested == suggested


def test_columns_of_all_rows_are_listed_once():
    assert columns({"a": "1", "b": "2"}, {"c": "3", "a": "4"}).names == ("a", "b", "c")


def test_columns_without_a_name_or_with_half_a_character_in_it_break_nothing():
    assert columns({"": "words"}) == Columns((), None)
    with pytest.raises(UnknownShape) as raised:
        load("r.jsonl", b'{"\\ud800": "words"}')
    assert raised.value.text("zh").encode("utf-8")


def test_unnamed_columns_of_a_table_are_not_offered():
    assert columns_of("r.csv", b",foo,bar\n0,x,y\n1,x,y\n").names == ("foo", "bar")


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"prompt": "a"},
        {"completion": "a"},
        {"prompt": "a", "completion": "a"},
        {"prompt": "a", "completion": "b", "text": "c"},
        {"text": "a", "system": "b"},
        {"system": "b"},
    ],
)
def test_half_a_mapping_is_refused(chosen):
    with pytest.raises(MappingIncomplete, match="Choose one column"):
        Mapping(**chosen)
