"""Training files as users have them: every encoding, every container, and rows that are wrong."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground.dataset import Row, load, split
from playground.dataset.mapping import Mapping
from playground.errors import (
    BrokenJson,
    BrokenTable,
    ColumnUnknown,
    DatasetError,
    EmptyDataset,
    NotText,
    NoUsableRows,
    UnknownShape,
)
from playground.types import Message

ROOT = Path(__file__).resolve().parents[2]

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
        ("b.json", b'[{"question": "a"},\n oops]', BrokenJson, "line 2, column 2"),
        ("d.json", b"[" * 100_000, BrokenJson, "not valid JSON"),
        ("t.csv", b'question,answer\n"a,b\n', BrokenTable, "line 2"),
        ("x.json", bytes(range(256)) * 40, NotText, "neither a text file"),
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
    ("count", "held_back"), [(1, 0), (2, 1), (5, 1), (9, 1), (10, 1), (29, 2), (30, 3)]
)
def test_the_split_holds_back_a_tenth_and_at_least_one_row(count, held_back):
    parts = split(rows(count), 0.1, seed=0)
    assert len(parts.validation) == held_back
    assert sorted((*parts.training, *parts.validation), key=lambda r: r.number) == rows(count)


def test_a_share_of_nothing_is_off():
    assert split(rows(30), 0.0, seed=0).validation == ()


def test_plain_text_is_split_as_rows_are():
    texts = [Row(number, (), f"text {number}") for number in range(1, 11)]
    parts = split(texts, 0.2, seed=0)
    assert len(parts.validation) == 2
    assert {*parts.training, *parts.validation} == {*texts}


@pytest.mark.parametrize("count", [1, 2, 5, 9])
@pytest.mark.parametrize("share", [0.1, 0.2, 1.0])
def test_the_training_part_is_never_empty(count, share):
    assert split(rows(count), share, seed=0).training


def test_the_seed_decides_the_split():
    assert split(rows(50), seed=1) == split(rows(50), seed=1)
    assert len({split(rows(50), seed=seed) for seed in range(5)}) > 1


# ------------------------------------------------------------ what users of other tools met


def test_three_lines_of_messages_are_recognised_with_no_configuration():
    turns = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]
    dataset = load("rows.jsonl", "\n".join([json.dumps({"messages": turns})] * 3).encode())
    assert (dataset.shape, len(dataset.rows)) == ("messages", 3)


def test_json_named_txt_is_json():
    assert contents(load("rows.txt", JSON.encode())) == WANTED


def test_a_csv_with_an_unnamed_index_column_is_the_same_as_json():
    table = ",question,answer\n" + "".join(f"{i},{q},{a}\n" for i, (q, a) in enumerate(WANTED))
    assert contents(load("rows.csv", table.encode())) == contents(load("r.json", JSON.encode()))


@pytest.mark.parametrize("text", [JSON, JSONL, CSV], ids=["json", "jsonl", "csv"])
def test_a_byte_order_mark_is_no_part_of_the_data(text):
    assert contents(load("rows", text.encode("utf-8-sig"))) == WANTED


@pytest.mark.parametrize("text", [JSON, JSONL, CSV], ids=["json", "jsonl", "csv"])
def test_one_stray_byte_does_not_abort(text):
    data = (text + "\n").encode("gb18030").replace(b"2", b"\xff", 1)
    assert len(load("rows", data).rows) == 3


@pytest.mark.parametrize("data", [b"", b"\n\n", b"[]", b"question,answer\n", b"<rows></rows>"])
def test_an_empty_file_says_that_no_row_is_usable(data):
    with pytest.raises(EmptyDataset, match="0 usable rows of 0, because"):
        load("rows", data)


def test_when_no_row_is_usable_the_first_reason_is_told():
    with pytest.raises(NoUsableRows, match="0 usable rows of 2, because of row 1: the field"):
        load("rows.jsonl", b'{"question": "q", "answer": ""}\n{"question": "", "answer": "a"}')


def test_files_are_read_as_they_are_whatever_the_locale(tmp_path):
    for name, data in {
        "行.jsonl": JSONL.encode(),
        "行.csv": CSV.encode("gb18030"),
        "行.txt": "退款需要七个工作日。\n\n第二段。".encode(),
    }.items():
        (tmp_path / name).write_bytes(data)
    code = (
        "import sys; from pathlib import Path; from playground.dataset import load\n"
        "for file in sorted(Path(sys.argv[1]).iterdir()):\n"
        "    rows = load(file.name, file.read_bytes()).rows\n"
        "    print(ascii([m.content for r in rows for m in r.messages] or rows[0].text))\n"
    )
    environment = {**os.environ, "PYTHONUTF8": "0", "LC_ALL": "C", "LANG": "C"}
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    flat = [text for pair in WANTED for text in pair]
    assert [ast.literal_eval(line) for line in done.stdout.splitlines()] == [
        flat,
        flat,
        "退款需要七个工作日。",
    ]


def test_a_document_fits_into_a_cell():
    cell = "长" * 500_000
    ((_, answer),) = contents(load("rows.csv", f"question,answer\nq,{cell}\n".encode()))
    assert answer == cell


def test_a_hundred_thousand_rows_are_read_and_numbered():
    table = "question,answer\n" + "".join(f"问题 {i},答案 {i}\n" for i in range(100_000))
    dataset = load("rows.csv", table.encode())
    assert dataset.rows[-1].number == 100_001
    assert len(dataset.rows) == 100_000


# ------------------------------------------------------------ reasons, and columns that are said


def test_the_reason_names_container_columns_and_what_is_not_used():
    reason = load("r.csv", b"question,context,answer\nq,c,a\n").reason
    assert (
        reason.en == "it is a table with the columns question, context, answer; not used: context"
    )
    assert reason.zh == "它是表格，列为 question, context, answer；未使用：context"


def test_columns_that_the_user_chose_are_used():
    data = "用户说,机器人说,备注\n你好,您好,x\n".encode()
    with pytest.raises(UnknownShape):
        load("r.csv", data)
    dataset = load("r.csv", data, Mapping("用户说", "机器人说", system="备注"))
    assert contents(dataset) == [("x", "你好", "您好")]
    assert "用户说" in dataset.reason.en


def test_a_chosen_column_may_be_plain_text():
    dataset = load("r.jsonl", b'{"text": "a", "meta": "b"}', Mapping(text="text"))
    assert dataset.rows == (Row(1, (), "a"),)


def test_a_chosen_column_overrules_the_shape_and_keeps_its_capitals():
    data = b'{"question": "q", "Answer": "one", "answer": "two"}'
    assert contents(load("r.jsonl", data, Mapping("question", "Answer"))) == [("q", "one")]


def test_a_chosen_column_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(ColumnUnknown, match="no column 'ansver'; choose among: question, answer"):
        load("r.csv", b"question,answer\nq,a\n", Mapping("question", "ansver"))
