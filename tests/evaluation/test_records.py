"""Answers on disk: as they were, each text once, whoever else writes."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from playground.errors import EmptyQuestion, UnknownName
from playground.evaluation import Evaluation, Failed, Plan, Records
from playground.modes import AskOptions
from playground.types import Edit
from tests.evaluation.examples import METRICS, answer, passage, question


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path / "evaluations" / "evaluations.sqlite")


def evaluation(id="one", *, created=0.0, modes=("base", "rag")):
    return Evaluation(id, created, Plan(modes), (question(),), {"model": "fake"})


def texts_in(tmp_path):
    with sqlite3.connect(tmp_path / "evaluations" / "evaluations.sqlite") as connection:
        return {text for (text,) in connection.execute("SELECT text FROM texts")}


def test_an_evaluation_comes_back_as_it_was(records):
    made = Evaluation(
        "20260101-哈",
        1767225600.123456,
        Plan(("oracle",), knowledge="知识库", per_kind=2, options=AskOptions(temperature=0.7)),
        (
            question("1", documents=("a.md", "b.md"), start=3, end=6, options=("Tea", "Milk")),
            question("2", language="zh", question="😀？\u2028", answers=(), reference="“茶”\n"),
            question("3", edit=Edit("a.md", "old", "new\\n")),
        ),
        {"model": "fake", "处理器": "x86"},
    )
    records.add(made)
    assert records.get(made.id) == made
    assert records.list() == (made,)


SCORES = {"score": 1 / 3, "dense_score": -0.1, "lexical_score": 12.5, "rerank_score": 1e-9}
RESULTS = [
    answer("", finish_reason="length", metrics=replace(METRICS, tokens_per_second=None)),
    answer("茶 🍵\n\u2028'\"\\ \x00 \t", outcome="not-in-knowledge", removed_citations=2, chosen=1),
    answer(
        sources=(
            passage("甲.md", "热茶 🍵\r\n", **SCORES, page=3, headings="一 › 二"),
            passage("b.csv", "1,2", table_head="Tea,Milk"),
            passage("c", "", score=None, dense_score=None),
        )
    ),
    Failed.of(EmptyQuestion()),
]


@pytest.mark.parametrize("result", RESULTS, ids=["cut", "signs", "sources", "failed"])
def test_a_result_comes_back_as_it_was(records, result):
    records.add(evaluation())
    records.store("one", "en:q", "rag", result)
    assert records.results("one") == {("en:q", "rag"): result}
    assert records.done("one") == {("en:q", "rag")}


def test_a_later_answer_takes_the_place_of_an_earlier_one(records):
    records.add(evaluation())
    for result in (RESULTS[3], answer("first"), answer("second")):
        records.store("one", "en:q", "base", result)
    assert records.results("one") == {("en:q", "base"): answer("second")}


def test_a_text_is_kept_once_and_goes_with_the_last_answer_that_has_it(records, tmp_path):
    shared, own = passage("a", "shared 共用" * 100), passage("b", "own")
    for id in ("one", "two"):
        records.add(evaluation(id))
        records.store(id, "en:q", "base", answer(sources=(shared, shared)))
    records.store("one", "en:q", "rag", answer(sources=(shared, own)))
    records.store("two", "en:q", "rag", RESULTS[3])
    assert texts_in(tmp_path) == {shared.text, own.text}
    records.delete("one")
    assert texts_in(tmp_path) == {shared.text}
    assert records.results("two")["en:q", "base"].sources == (shared, shared)
    assert records.results("one") == {}
    records.delete("two")
    assert texts_in(tmp_path) == set()


def test_the_latest_is_listed_first_and_one_that_is_not_there_is_told_with_those_that_are(records):
    for id, created in (("old", 1.0), ("new", 3.0), ("between", 2.0)):
        records.add(evaluation(id, created=created))
    assert [one.id for one in records.list()] == ["new", "between", "old"]
    for act in (records.get, records.delete):
        with pytest.raises(UnknownName, match="no evaluation called 'x'; there are: new, between"):
            act("x")


def test_a_mode_that_needs_a_known_document_is_asked_only_where_there_is_one():
    known, unknown = question("1", documents=("a.md",)), question("2")
    plan = Plan(("base", "oracle", "oracle+lora"))
    asked = Evaluation("one", 0, plan, (unknown, known), {}).asked
    assert [(q.id, mode) for q, mode in asked] == [
        ("2", "base"),
        ("1", "base"),
        ("1", "oracle"),
        ("1", "oracle+lora"),
    ]


_WRITER = """
import sys
from pathlib import Path
from tests.evaluation.test_records import Records, write
write(Records(Path(sys.argv[1])), sys.argv[2])
"""
EACH = 60


def write(records, name):
    """As an evaluation does, among others that come and go."""
    records.add(evaluation(name))
    for n in range(EACH):
        sources = (passage("a", f"text {random.randrange(20)}"), passage("b", f"{name} {n}"))
        records.store(name, f"en:{n}", "rag", answer(f"{name} {n}", sources=sources))
        if n % 20 == 0:
            records.add(evaluation(f"{name}-{n}"))
            records.store(f"{name}-{n}", "en:q", "rag", answer(sources=sources))
            records.delete(f"{name}-{n}")


def test_processes_and_threads_that_write_at_once_lose_nothing(records, tmp_path):
    file = tmp_path / "evaluations" / "evaluations.sqlite"
    command = [sys.executable, "-c", _WRITER, str(file)]
    others = [subprocess.Popen([*command, name]) for name in ("process 1", "process 2")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda name: write(records, name), ("thread 1", "thread 2")))
    assert [other.wait(120) for other in others] == [0, 0]
    for name in ("process 1", "process 2", "thread 1", "thread 2"):
        results = records.results(name)
        assert len(results) == EACH
        for n in range(EACH):
            kept = results[f"en:{n}", "rag"]
            assert kept.text == f"{name} {n}"
            assert [source.text for source in kept.sources][1] == f"{name} {n}"
