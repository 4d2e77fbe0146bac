"""Rows for fine-tuning platforms: what is written, what is refused, and that it comes back."""

from __future__ import annotations

import json

import pytest

from playground.dataset import Row, load
from playground.dataset.rows_export import WHOLE_FILE, export_problems, export_rows
from playground.types import Message


def row(number, *turns):
    return Row(number, tuple(Message(role, content) for role, content in turns))


def rows(count):
    return [row(i, ("user", f"问题 {i}"), ("assistant", "答\u2028案")) for i in range(1, count + 1)]


@pytest.mark.parametrize("rules", ["openai", "siliconflow"])
def test_what_is_exported_loads_again_as_the_same_rows(rules):
    of_all = [*rows(10), row(11, ("system", "S"), *[("user", "a"), ("assistant", "b")] * 2)]
    exported = export_rows(of_all, rules=rules)
    assert exported.rows == 11
    assert not exported.problems
    assert load("train.jsonl", exported.data).rows == tuple(of_all)


def test_lines_are_utf8_objects_without_a_byte_order_mark():
    data = export_rows(rows(2), rules="siliconflow").data
    assert data.startswith(b'{"messages": [{"role": "user", "content": "\xe9\x97\xae')
    lines = data.decode("utf-8").splitlines()  # U+2028 is written so that it ends no line
    assert [list(json.loads(line)) for line in lines] == [["messages"]] * 2
    assert data.endswith(b"\n")


def test_openai_asks_for_ten_rows_and_siliconflow_for_one():
    (problem,) = export_problems(rows(9), rules="openai")
    assert problem.row == WHOLE_FILE
    assert "9 rows, fewer than the 10" in problem.reason.en
    assert export_problems(rows(10), rules="openai") == ()
    assert export_problems(rows(1), rules="siliconflow") == ()


@pytest.mark.parametrize(
    ("wrong", "said", "rules"),
    [
        (Row(99, (), "text"), "plain text", ["openai", "siliconflow"]),
        (row(99, ("user", "q")), "answer of the assistant", ["openai", "siliconflow"]),
        (row(99, ("user", " "), ("assistant", "a")), "no content", ["openai", "siliconflow"]),
        (row(99, ("user", "\ud800"), ("assistant", "a")), "half a", ["openai", "siliconflow"]),
        (Row(99, ()), "answer of the assistant", ["openai", "siliconflow"]),
        (row(99, ("user", "q"), ("system", "s"), ("assistant", "a")), "message 2", ["siliconflow"]),
        (row(99, ("assistant", "a")), "message 1", ["siliconflow"]),
        (row(99, ("user", "q"), ("user", "q"), ("assistant", "a")), "message 2", ["siliconflow"]),
    ],
)
@pytest.mark.parametrize("platform", ["openai", "siliconflow"])
def test_rows_that_the_platform_refuses_are_told_by_number_and_left_out(
    wrong, said, rules, platform
):
    exported = export_rows([*rows(10), wrong], rules=platform)
    told = [(p.row, said in p.reason.en) for p in exported.problems]
    assert told == [(99, True)] * (platform in rules)
    assert exported.rows == 11 - len(told)
    assert len(exported.data.splitlines()) == exported.rows
