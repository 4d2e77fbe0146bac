"""Training files as users have them: every encoding, every container, and rows that are wrong."""

from __future__ import annotations

import json

import pytest

from playground.errors import (
    BrokenJson,
    BrokenTable,
    DatasetError,
    EmptyDataset,
    NotRows,
    NotText,
    NoUsableRows,
)
from playground.finetune import Row, load, split
from playground.types import Message

ROWS = [{"question": f"退款 {i}?", "answer": f"七个工作日 {i}"} for i in range(3)]
JSON = json.dumps(ROWS, ensure_ascii=False)
JSONL = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
CSV = "question,answer\r\n" + "".join(f"{r['question']},{r['answer']}\r\n" for r in ROWS)


def contents(dataset):
    return [tuple(m.content for m in row.messages) for row in dataset.rows]


WANTED = [(row["question"], row["answer"]) for row in ROWS]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("text", [JSON, JSONL, CSV], ids=["json", "jsonl", "csv"])
@pytest.mark.parametrize("name", ["rows.json", "rows.txt"])
def test_content_decides_not_the_suffix_and_any_usual_encoding_is_read(text, encoding, name):
    dataset = load(name, text.encode(encoding))
    assert contents(dataset) == WANTED
    assert not dataset.problems


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"version": 1, "data": ROWS}),
        json.dumps({"data": ROWS}, indent=2),
        json.dumps(ROWS, indent=2),
        CSV.replace(",", "\t"),
        CSV.replace(",", ";"),
        ",question,answer\n" + "".join(f"{i},{q},{a}\n" for i, (q, a) in enumerate(WANTED)),
        "Unnamed: 0,question,answer\n" + "".join(f"0,{q},{a}\n" for q, a in WANTED),
        JSONL.replace("\n", "\n\n") + "\n",
    ],
    ids=["object", "indented object", "indented", "tsv", "semicolon", "index", "Unnamed", "gaps"],
)
def test_other_containers_hold_the_same_rows(text):
    assert contents(load("rows", text.encode())) == WANTED


def test_a_single_object_is_one_row():
    assert contents(load("rows.json", json.dumps(ROWS[0], indent=1).encode())) == WANTED[:1]
    assert contents(load("rows.jsonl", json.dumps(ROWS[0]).encode())) == WANTED[:1]


def test_one_line_of_messages_is_a_row_not_a_list_of_rows():
    turns = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]
    assert contents(load("r.jsonl", json.dumps({"messages": turns}).encode())) == [("q", "a")]


def test_messages_in_a_table_are_json():
    turns = json.dumps([{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}])
    cell = turns.replace('"', '""')
    assert contents(load("r.csv", f'id,messages\n1,"{cell}"\n'.encode())) == [("q", "a")]


def test_a_line_separator_inside_a_string_does_not_break_json_lines():
    line = '{"question": "a\u2028b", "answer": "c"}'
    assert len(load("r.jsonl", f"{line}\n{line}".encode()).rows) == 2


def test_a_broken_line_is_named_with_its_reason_and_the_others_are_used():
    lines = [json.dumps(ROWS[0])] * 600
    lines[516] = '{"question": "a" "answer": "b"}'
    dataset = load("rows.jsonl", "\n".join(lines).encode())
    (problem,) = dataset.problems
    assert problem.row == 517
    assert "column 18" in problem.reason.text("en")
    assert "第 18 列" in problem.reason.text("zh")
    assert len(dataset.rows) == 599


def test_rows_of_a_table_are_numbered_by_the_line_where_they_begin():
    text = 'question,answer\n"two\nlines",a\nq,\nq,b\n'
    dataset = load("r.csv", text.encode())
    assert [row.number for row in dataset.rows] == [2, 5]
    assert [problem.row for problem in dataset.problems] == [4]


@pytest.mark.parametrize(
    ("name", "data", "error", "said"),
    [
        ("e.json", b"", EmptyDataset, "0 usable rows of 0"),
        ("e.json", b"\xef\xbb\xbf\n ", EmptyDataset, "0 usable rows of 0"),
        ("e.json", b"[]", EmptyDataset, "0 usable rows of 0"),
        ("e.csv", b"question,answer\n", EmptyDataset, "0 usable rows of 0"),
        ("p.txt", b"just some words", NotRows, "neither JSON"),
        ("b.json", b'[{"question": "a"},\n oops]', BrokenJson, "line 2, column 2"),
        ("d.json", b"[" * 100_000, BrokenJson, "not valid JSON"),
        ("t.csv", b'question,answer\n"a,b\n', BrokenTable, "line 2"),
        ("x.json", bytes(range(256)) * 40, NotText, "not a text file"),
        ("j.jsonl", b'{"question": oops}\n{"question": oops}', NoUsableRows, "0 usable rows of 2"),
        ("l.json", b"[1, 2]", NoUsableRows, "row 1: it is not an object"),
    ],
)
def test_an_unusable_file_says_why(name, data, error, said):
    with pytest.raises(error, match=said) as raised:
        load(name, data)
    assert raised.value.text("zh") != raised.value.text("en")


def conversation(*turns):
    return json.dumps({"messages": [{"role": r, "content": c} for r, c in turns]}).encode()


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        ([("user", "q")], "does not end with an answer"),
        ([("system", "s")], "does not end with an answer"),
        ([("assistant", "a")], "message 1 is of role 'assistant' where 'user' is due"),
        ([("user", "q"), ("user", "q"), ("assistant", "a")], "message 2"),
        ([("user", "q"), ("system", "s"), ("assistant", "a")], "message 2"),
        ([("user", "q"), ("assistant", " \n")], r"message 2 \(assistant\) has no content"),
        ([("user", "\ud800"), ("assistant", "a")], "half a character"),
    ],
)
def test_roles_and_contents_are_checked_strictly(turns, said):
    with pytest.raises(DatasetError, match=said):
        load("rows.jsonl", conversation(*turns))


def rows(count):
    turns = (Message("user", "q"), Message("assistant", "a"))
    return [Row(number, turns) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("count", "held_back"), [(1, 0), (2, 0), (5, 0), (9, 0), (10, 1), (29, 2), (30, 3)]
)
def test_the_split_leaves_rows_to_learn_and_is_off_for_tiny_sets(count, held_back):
    parts = split(rows(count), 0.1, seed=0)
    assert len(parts.validation) == held_back
    assert sorted((*parts.training, *parts.validation), key=lambda r: r.number) == rows(count)


@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_the_training_part_is_never_empty(count):
    assert split(rows(count), 1.0, seed=0).training


def test_the_seed_decides_the_split():
    assert split(rows(50), seed=1) == split(rows(50), seed=1)
    assert len({split(rows(50), seed=seed) for seed in range(5)}) > 1
