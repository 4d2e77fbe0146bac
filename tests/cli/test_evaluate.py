"""`playground evaluate` and `playground evaluations`: from a file of questions to its figures."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from playground.cli.main import main
from playground.evaluation import Plan
from playground.evaluation.plan import PER_KIND
from playground.modes import AskOptions


@pytest.fixture(autouse=True)
def _fakes(monkeypatch):
    monkeypatch.setenv("PLAYGROUND_MODEL", "fake")
    monkeypatch.setenv("PLAYGROUND_EMBEDDER", "fake")
    monkeypatch.setenv("LC_ALL", "C")


FACTS = ["evaluate", "--language", "en", "--kinds", "fact", "--per-kind", "2"]


def run(capsys, *argv):
    """(exit code, stdout, stderr)"""
    code = main(list(map(str, argv)))
    said = capsys.readouterr()
    return code, said.out, said.err


def rows_of(out):
    return [json.loads(line) for line in out.splitlines()]


# ---------------------------------------------------------------- evaluate


def test_an_answer_is_an_object_with_its_question_its_marks_and_its_cost(capsys):
    modes = "base,rag,lora,oracle"
    code, out, err = run(capsys, *FACTS, "--modes", modes, "--json")
    assert code == 0
    rows = rows_of(out)
    assert [row["mode"] for row in rows] == modes.split(",") * 2
    for row in rows:
        assert row["language"] == "en"
        assert row["kind"] == "fact"
        assert row["question"] in row["text"]  # the fake model repeats it
        assert (row["right"], row["exact_match"]) == (False, False)
        assert row["f1"] >= 0
        assert row["total_seconds"] > 0
        assert row["finish_reason"] == "stop"
    assert len({row["id"] for row in rows}) == 2
    assert [len(row["sources"]) for row in rows] == [0, 3, 0, 1] * 2
    assert [row["ranks"] is None for row in rows] == [True, False, True, True] * 2
    assert "Evaluation 20" in err


def test_people_get_a_line_an_answer_and_tables(capsys):
    code, out, err = run(capsys, *FACTS, "--modes", "base,rag")
    assert code == 0
    assert "4/4 ✗ rag: " in err
    assert "base  0.000 (0/2, " in out
    assert "base / rag" in out  # the win/lose matrix
    assert "MRR@10" in out


def test_without_a_word_some_of_each_kind_are_drawn_in_both_languages(capsys):
    code, out, _ = run(capsys, "evaluate", "--modes", "base", "--json")
    assert code == 0
    counts = {}
    for row in rows_of(out):
        counts.setdefault((row["language"], row["kind"]), []).append(row["id"])
    assert len(counts) == 12
    assert {len(set(ids)) for ids in counts.values()} == {PER_KIND}


def test_a_failed_answer_is_an_object_and_told_and_asked_again(capsys):
    short = ("--modes", "base,long-context", "--max-tokens", "8000", "--json")
    code, out, err = run(capsys, *FACTS, *short)
    rows = rows_of(out)
    assert code == 1
    assert ["text" in row for row in rows] == [True, False] * 2
    assert {row["type"] for row in rows if row["mode"] == "long-context"} == {"OverWindow"}
    assert all("窗口" in row["zh"] for row in rows if row["mode"] == "long-context")
    assert "2 answers failed; `playground evaluations resume 20" in err
    assert "done, 2 failed" in run(capsys, "evaluations", "list")[1]
    code, out, _ = run(capsys, "evaluations", "resume", "latest", "--json")
    assert code == 1
    assert [row["mode"] for row in rows_of(out)] == ["long-context"] * 2


def test_a_chinese_table_of_an_older_encoding_is_asked_of_the_users_own_base(capsys, tmp_path):
    (tmp_path / "退款.txt").write_text("退款需要七个工作日。", encoding="utf-8")
    assert run(capsys, "index", tmp_path / "退款.txt", "--knowledge", "知识库")[0] == 0
    table = (
        "问题,答案,来源,类型\n退款需要几天？,七个工作日,退款.txt,\n,缺,,\n谁付运费？,,,无法回答\n"
    )
    (tmp_path / "问题.csv").write_bytes(table.encode("gb18030"))
    asked = ("evaluate", tmp_path / "问题.csv", "--knowledge", "知识库")
    code, out, err = run(capsys, *asked, "--modes", "rag,oracle", "--json")
    assert code == 0
    assert "row 3 is left out: the question is empty" in err
    rows = rows_of(out)
    assert [(row["mode"], row["kind"]) for row in rows] == [
        ("rag", "fact"),
        ("oracle", "fact"),
        ("rag", "unanswerable"),
    ]
    assert rows[0]["language"] == "zh"
    assert rows[0]["sources"] == rows[1]["sources"] == ["退款.txt"]
    assert rows[0]["ranks"] == [1]


def test_a_plan_is_saved_run_again_and_printed_as_it_was_saved(capsys, tmp_path):
    file = tmp_path / "计划.json"
    flags = ("--modes", "rag,base", "--draw-seed", "3", "--top-k", "2")
    code, out, err = run(capsys, *FACTS, *flags, "--save-plan", file)
    assert (code, err) == (0, "")
    assert f"playground evaluate --plan {file}" in out
    saved = Plan.from_json(file.read_text(encoding="utf-8"))
    assert (saved.modes, saved.seed, saved.options) == (("rag", "base"), 3, AskOptions(top_k=2))
    assert (saved.languages, saved.kinds, saved.per_kind) == (("en",), ("fact",), 2)
    assert run(capsys, "evaluations", "list")[1].startswith("No evaluation yet")

    file.write_text("\ufeff" + file.read_text(encoding="utf-8"), encoding="utf-8")  # by an editor
    first, again = (run(capsys, "evaluate", "--plan", file, "--json") for _ in range(2))
    assert [row["id"] for row in rows_of(first[1])] == [row["id"] for row in rows_of(again[1])]
    assert len(rows_of(first[1])) == 4
    _, printed, _ = run(capsys, "evaluations", "plan", "latest")
    assert Plan.from_json(printed) == saved
    _, out, _ = run(capsys, "evaluate", "--plan", file, "--per-kind", "1", "--json")
    assert len(rows_of(out)) == 2  # flags go before what the plan says


BROKEN = '{"modes": ["base"], "per_kind": "all"}'
BASE = ("evaluate", "--modes", "base")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("evaluate", "--modes", "psychic"), "no mode called 'psychic'; there are: base,"),
        (("evaluate", "--modes", "base,rag,base"), "modes: base × 2"),
        (("evaluate", "--modes", ","), "Choose at least one mode"),
        ((*BASE, "--per-kind", "-1"), "per_kind is -1, but must be a whole number from 0"),
        ((*BASE, "--top-k", "0"), "top_k is 0"),
        ((*BASE, "--kinds", "fact,fats"), "(fats); there are: fact, whole-document, style,"),
        ((*BASE, "none.csv"), "'none.csv' cannot be opened"),
        ((*BASE, "."), "'.' cannot be opened (not a regular file)"),
        ((*BASE, "text.csv"), "'text.csv' has no column of questions (its columns: text, label)"),
        ((*BASE, "empty.csv"), "row 2, for one: the question is empty"),
        ((*BASE, "--plan", "none.json"), "'none.json' cannot be opened (No such file"),
        ((*BASE, "--plan", "text.csv"), "no plan of an evaluation: Expecting value"),
        (("evaluate", "--plan", "broken.json"), "per_kind: 0, 1, 2"),
        ((*BASE, "--plan", "gb.json"), "'gb.json' cannot be opened"),
        ((*BASE, "--save-plan", "none/plan.json"), "none/plan.json cannot be written"),
        (("evaluate", "--modes", "rag", "--knowledge", "Atlantis"), "no knowledge base called"),
        (("evaluate", "--modes", "lora", "--adapter", "none"), "no adapter called 'none'"),
        (("evaluations", "show", "none"), "no evaluation called 'none'; there are: -"),
        (("evaluations", "show", "latest"), "no evaluation called 'latest'; there are: -"),
        (("evaluations", "resume", "../none"), "no evaluation called '../none'"),
        (("evaluations", "plan", "none"), "no evaluation called 'none'"),
        (("evaluations", "delete", "none"), "no evaluation called 'none'"),
    ],
)
def test_bad_input_gets_one_line_that_says_what_to_do(capsys, tmp_path, monkeypatch, argv, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.csv").write_text("text,label\na,b\n")
    (tmp_path / "empty.csv").write_text("question,answers\n,x\n")
    (tmp_path / "broken.json").write_text(BROKEN)
    (tmp_path / "gb.json").write_bytes("计划".encode("gb18030"))
    code, out, err = run(capsys, *argv)
    assert (code, out) == (1, "")
    (line,) = (line for line in err.splitlines() if line.startswith("playground: "))
    assert message in line
    assert err.endswith(line + "\n")
    assert "Something went wrong" not in err
    assert not list((tmp_path / "data").rglob("*.lock"))


@pytest.mark.parametrize(
    "argv",
    [
        (*BASE, "--per-kind", "few"),
        (*BASE, "--language", "fr"),
        (*BASE, "--draw-seed", "x"),
        ("evaluations",),
        ("evaluations", "show"),
    ],
)
def test_wrong_arguments_are_told_with_the_usage(capsys, argv):
    with pytest.raises(SystemExit) as raised:
        main(list(argv))
    assert raised.value.code == 2
    assert "usage: playground eval" in capsys.readouterr().err


# ---------------------------------------------------------------- evaluations


def test_evaluations_are_listed_shown_and_deleted(capsys):
    for mode in ("base", "rag"):
        assert run(capsys, *FACTS, "--modes", mode)[0] == 0
    _, out, _ = run(capsys, "evaluations", "list", "--json")
    latest, first = rows_of(out)
    assert latest["plan"]["modes"] == ["rag"]
    assert (latest["done"], latest["total"], latest["running"]) == (2, 2, False)
    _, table, _ = run(capsys, "evaluations", "list")
    assert table.splitlines()[1].split()[:2] == [latest["id"], "done"]

    code, out, _ = run(capsys, "evaluations", "show", "latest", "--json")
    (shown,) = rows_of(out)
    assert code == 0
    assert shown["id"] == latest["id"]
    assert shown["setup"]["model"] == "fake"
    assert shown["modes"][0]["retrieval"]["questions"] == 2
    _, out, _ = run(capsys, "evaluations", "show", first["id"], "--answers")
    assert out.count("  ✗ base: [base] ") == 2
    assert "accepted: " in out

    assert run(capsys, "evaluations", "delete", "latest")[0] == 0
    _, out, _ = run(capsys, "evaluations", "list", "--json")
    assert [row["id"] for row in rows_of(out)] == [first["id"]]


def test_one_that_was_interrupted_goes_on_with_its_own_model(capsys, monkeypatch):
    command = [sys.executable, "-m", "playground", "evaluate", "--kinds", "fact", "--json"]
    asking = subprocess.Popen(
        [*command, "--modes", "base,rag", "--per-kind", "25"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # A suite that runs in the background ignores ^C, and its children would.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert asking.stdout is not None
        first = [json.loads(next(asking.stdout)) for _ in range(5)]
        asking.send_signal(signal.SIGINT)
        out, err = asking.communicate(timeout=60)
    finally:
        asking.kill()
    assert asking.returncode == 130
    assert "resume 20" in err
    asked = [*first, *rows_of(out)]
    (listed,) = rows_of(run(capsys, "evaluations", "list", "--json")[1])
    assert len(asked) <= listed["done"] < listed["total"]

    monkeypatch.setenv("PLAYGROUND_MODEL", "no/such/model")
    code, out, _ = run(capsys, "evaluations", "resume", "latest", "--json")
    assert code == 0
    assert len(rows_of(out)) == listed["total"] - listed["done"]
