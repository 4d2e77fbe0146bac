"""The shapes of training rows: each is recognised by its columns and becomes messages."""

from __future__ import annotations

import json

import pytest

from playground.errors import DatasetError, UnknownShape
from playground.finetune import load
from playground.finetune.formats import SHAPES

QUESTION, ANSWER = "What is the capital?", "It is Halden."


def messages(*contents):
    """(role, content) of a conversation that the user begins."""
    return tuple(zip(("user", "assistant") * len(contents), contents, strict=False))


def learned(row):
    data = load("rows.jsonl", json.dumps(row).encode())
    return data.shape, tuple((m.role, m.content) for m in data.rows[0].messages)


CASES = {
    "messages": {
        "messages": [
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": ANSWER},
        ]
    },
    "sharegpt": {
        "conversations": [{"from": "human", "value": QUESTION}, {"from": "gpt", "value": ANSWER}]
    },
    "alpaca": {"instruction": QUESTION, "input": "", "output": ANSWER},
    "prompt/completion": {"prompt": QUESTION, "completion": ANSWER},
    "question/answer": {"question": QUESTION, "answer": ANSWER},
}


@pytest.mark.parametrize("shape", CASES)
def test_each_shape_is_recognised_without_configuration(shape):
    assert learned(CASES[shape]) == (shape, messages(QUESTION, ANSWER))


def test_every_shape_has_a_case():
    assert [shape.name for shape in SHAPES] == list(CASES)


def test_alpaca_takes_input_system_and_history():
    row = {
        "instruction": "Translate.",
        "input": "Guten Tag",
        "output": "Good day",
        "system": "Be brief.",
        "history": [["Hello", "Hi"]],
    }
    turns = messages("Hello", "Hi", "Translate.\nGuten Tag", "Good day")
    assert learned(row) == ("alpaca", (("system", "Be brief."), *turns))


def test_sharegpt_takes_a_system_text():
    row = {**CASES["sharegpt"], "system": "Be brief."}
    assert learned(row)[1][0] == ("system", "Be brief.")


def test_prompt_and_completion_may_be_lists_of_messages():
    row = {
        "prompt": [{"role": "system", "content": "S"}, {"role": "user", "content": QUESTION}],
        "completion": [{"role": "assistant", "content": ANSWER}],
    }
    assert learned(row)[1] == (("system", "S"), *messages(QUESTION, ANSWER))


def test_unknown_columns_are_named_with_the_shapes_and_a_way_out():
    with pytest.raises(UnknownShape, match=r"\(text, meta\).*alpaca.*Rename"):
        load("rows.jsonl", b'{"text": "a", "meta": "b"}')


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"messages": []}, "'messages' is missing or empty"),
        ({"messages": "hello"}, "not valid JSON"),
        ({"messages": {"role": "user"}}, "not a list"),
        ({"messages": ["hi"]}, "not a list of objects"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "role 'tool'"),
        ({"messages": [{"content": "x"}]}, "role None"),
        ({"messages": [{"role": "user", "content": None}]}, "'content' is missing"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "is not text"),
        ({"conversations": [{"from": "observation", "value": "x"}]}, "role 'observation'"),
        ({"instruction": "a", "output": ""}, "'output' is missing or empty"),
        ({"instruction": "a", "output": "b", "history": [["q"]]}, "history"),
        ({"prompt": "a", "completion": 5}, "'completion' is not text"),
    ],
)
def test_a_row_that_is_not_in_its_shape_says_why(row, reason):
    with pytest.raises(DatasetError, match=reason):
        load("rows.jsonl", json.dumps(row).encode())
