"""The shapes of training rows: each is recognised by its columns and becomes messages."""

from __future__ import annotations

import json

import pytest

from playground.dataset import Row, load
from playground.dataset.formats import SHAPES
from playground.errors import DatasetError, UnknownShape

QUESTION, ANSWER = "What is the capital?", "It is Halden."


def messages(*contents):
    """(role, content) of a conversation that the user begins."""
    return tuple(zip(("user", "assistant") * len(contents), contents, strict=False))


def learned(row):
    data = load("rows.jsonl", json.dumps(row).encode())
    return data.shape, tuple((m.role, m.content) for m in data.rows[0].messages)


TURNS = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": ANSWER}]
FROM = [{"from": "human", "value": QUESTION}, {"from": "gpt", "value": ANSWER}]
CASES = [
    ("messages", {"messages": TURNS}),
    ("messages", {"id": 1, "prompt": QUESTION, "messages": TURNS}),
    ("messages", {"messages": FROM}),
    ("sharegpt", {"conversations": FROM}),
    ("sharegpt", {"conversation": FROM}),
    ("sharegpt", {"conversations": TURNS}),
    (
        "sharegpt",
        {"conversations": [{"from": "User", "value": QUESTION}, {"from": "bot", "value": ANSWER}]},
    ),
    ("alpaca", {"instruction": QUESTION, "input": "", "output": ANSWER}),
    ("alpaca", {"指令": QUESTION, "输入": "", "输出": ANSWER}),
    ("prompt/completion", {"prompt": QUESTION, "completion": ANSWER}),
    ("question/answer", {"question": QUESTION, "answer": ANSWER}),
    ("question/answer", {"Question ": QUESTION, "ANSWER": ANSWER}),
    ("问题/回答", {"问题": QUESTION, "回答": ANSWER}),
    ("问题/答案", {"问题": QUESTION, "答案": ANSWER}),
    ("问/答", {"问": QUESTION, "答": ANSWER}),
    ("q/a", {"Q": QUESTION, "A": ANSWER}),
    ("instruction/response", {"instruction": QUESTION, "response": ANSWER}),
    ("input/output", {"input": QUESTION, "output": ANSWER}),
    ("query/response", {"query": QUESTION, "response": ANSWER}),
    ("prompt/response", {"prompt": QUESTION, "response": ANSWER}),
]


@pytest.mark.parametrize(("shape", "row"), CASES)
def test_each_shape_is_recognised_without_configuration(shape, row):
    assert learned(row) == (shape, messages(QUESTION, ANSWER))


def test_every_shape_has_a_case():
    assert {shape.name for shape in SHAPES} <= {shape for shape, _ in CASES}


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
    row = {"conversations": FROM, "system": "Be brief."}
    assert learned(row)[1][0] == ("system", "Be brief.")


def test_prompt_and_completion_may_be_lists_of_messages():
    row = {
        "prompt": [{"role": "system", "content": "S"}, {"role": "user", "content": QUESTION}],
        "completion": [{"role": "assistant", "content": ANSWER}],
    }
    assert learned(row)[1] == (("system", "S"), *messages(QUESTION, ANSWER))


def test_unknown_columns_are_named_with_the_shapes_and_a_way_out():
    with pytest.raises(UnknownShape, match=r"\(text, meta\).*alpaca.*Choose which.*rename"):
        load("rows.jsonl", b'{"text": "a", "meta": "b"}')


@pytest.mark.parametrize(
    ("value", "text"),
    [(5, "5"), (5.0, "5"), (0, "0"), (0.5, "0.5"), (True, "true"), (False, "false"), (-1, "-1")],
)
def test_numbers_and_truth_values_count_as_their_text(value, text):
    row = {"question": "How many?", "answer": value}
    assert learned(row)[1] == messages("How many?", text)


def test_what_a_question_is_about_stands_below_it():
    asked = messages("Summarise.\nA text.", "Short.")
    for row in (
        {"instruction": "Summarise.", "input": "A text.", "response": "Short."},
        {"instruction": "Summarise.", "context": "A text.", "response": "Short."},
        {"prompt": "Summarise.", "query": "A text.", "response": "Short."},
    ):
        assert learned(row)[1] == asked


def test_an_input_of_zero_is_not_left_out():
    row = {"instruction": "Add one to", "input": 0, "output": 1}
    assert learned(row)[1] == messages("Add one to\n0", "1")


def test_query_and_response_may_have_a_history():
    row = {"query": "And you?", "response": "Fine.", "history": [["Hello", "Hi"]], "system": "S"}
    assert learned(row)[1] == (("system", "S"), *messages("Hello", "Hi", "And you?", "Fine."))


@pytest.mark.parametrize("column", ["text", "Text", "文本"])
def test_a_column_of_text_alone_is_learned_whole(column):
    data = load("rows.jsonl", json.dumps({"id": 7, column: "Some words."}).encode())
    assert data.shape == "text"
    assert data.rows == (Row(1, (), "Some words."),)


def test_a_question_of_several_choices_is_not_guessed():
    with pytest.raises(UnknownShape):
        load("rows.jsonl", b'{"question": "Which?", "a": "one", "b": "two"}')


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
        ({"prompt": "a", "completion": {}}, "'completion' is not text"),
        ({"question": "a", "answer": float("nan")}, "'answer' is missing or empty"),
        ({"conversations": [{"from": "function_call", "value": "x"}]}, "role 'function_call'"),
        ({"text": " "}, "'text' is missing or empty"),
        ({"text": "\ud800"}, "half a character"),
    ],
)
def test_a_row_that_is_not_in_its_shape_says_why(row, reason):
    with pytest.raises(DatasetError, match=reason):
        load("rows.jsonl", json.dumps(row).encode())
