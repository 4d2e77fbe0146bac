"""The report as CSV: opens in Excel, runs nothing, and holds every answer and figure unrounded."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, replace

import pytest

from playground.evaluation import known_by_heart, summarise, versus
from playground.reports import write
from playground.reports.sheet import guarded
from tests.reports import made

ANSWER, FIGURE = "answer", "figure"
FILTERED = "figure without what was known by heart"


def rows(report, language="en"):
    data = write(report, "csv", language)
    assert data.startswith(b"\xef\xbb\xbf")  # else Excel takes it for the system's own encoding
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def figure(found, table, mode, measure, kind=""):
    (row,) = (
        row
        for row in found
        if (row["Table"], row["Mode"], row["Measure"], row["Kind"]) == (table, mode, measure, kind)
    )
    return row


@pytest.fixture(scope="module")
def report():
    asked = made.questions(24) + made.questions(16, "zh")
    return made.report(made.evaluation(asked), trial=made.trial(), run=made.run())


@pytest.fixture(scope="module")
def found(report):
    return rows(report)


def test_every_answer_reads_back_equal(report, found):
    told = [row for row in found if row["Table"] == ANSWER]
    assert len(told) == len(report.answers) == 40 * 6
    for row, one in zip(told, report.answers, strict=True):
        metrics = one.answer.metrics
        assert row["Mode"] == dict(made.NAMES)[one.mode]
        assert (row["Question"], row["Answer"]) == (one.question.question, one.answer.text)
        assert row["Accepted answers"].split(" | ") == list(one.question.answers or ("",))
        assert row["Right (1 or 0)"] == str(int(one.mark.right))
        assert float(row["Seconds in all"]) == metrics.total_seconds
        assert float(row["Seconds to the first token"]) == metrics.time_to_first_token
        assert int(row["Prompt tokens"]) == metrics.prompt_tokens
        assert int(row["Answer tokens"]) == metrics.completion_tokens
        assert int(row["Cached tokens"]) == metrics.cached_tokens
        assert row["Sources"].split(" | ") == [s.title for s in one.answer.sources] or not (
            one.answer.sources
        )
        assert row["F1"] == ("" if one.mark.f1 is None else repr(one.mark.f1))


def test_every_figure_of_every_mode_is_there_unrounded(report, found):
    for one in summarise(report.answers):
        mode = dict(made.NAMES)[one.mode]
        shares = {"Right": one.right, "Exact (EM)": one.exact_match, "Refused": one.refusals}
        for measure, share in shares.items():
            row = figure(found, FIGURE, mode, measure)
            assert (int(row["Count"]), int(row["Of"])) == (share.count, share.total)
            assert (float(row["Low (95 %)"]), float(row["High (95 %)"])) == share.interval
        kind = figure(found, FIGURE, mode, "Right", "whole documents")
        assert int(kind["Count"]) == one.by_kind["whole-document"].count
        values = {"F1": one.f1, "ROUGE-L": one.rouge_l, "Length": one.characters}
        for measure, value in values.items():
            assert float(figure(found, FIGURE, mode, measure)["Value"]) == value
        spreads = {
            "First token": one.time_to_first_token,
            "Cold": one.cold,
            "Warm": one.warm,
            "Total": one.total_seconds,
            "Tokens/s": one.tokens_per_second,
            "Prompt tokens": one.prompt_tokens,
        }
        for measure, spread in spreads.items():
            for name, value in (("median", spread.p50), ("95th percentile", spread.p95)):
                row = figure(found, FIGURE, mode, f"{measure}, {name}")
                assert float(row["Value"]) == value
        if one.retrieval:
            for measure, value in zip(
                ("Questions", "hit@1", "hit@k", "recall@k", "MRR@10", "nDCG@10"),
                asdict(one.retrieval).values(),
                strict=True,
            ):
                assert float(figure(found, FIGURE, mode, measure)["Value"]) == value


def test_pairs_and_what_is_left_without_memory_are_there(report, found):
    names = dict(made.NAMES)
    for pair in versus(report.answers):
        mode = f"{names[pair.first]} / {names[pair.second]}"
        assert float(figure(found, "two modes", mode, "p")["Value"]) == pair.outcome.p_value
    by_heart = known_by_heart(report.answers)
    assert by_heart
    for one in summarise(report.answers, without=by_heart):
        if one.mode != "base":
            row = figure(found, FILTERED, names[one.mode], "Right")
            assert (int(row["Count"]), int(row["Of"])) == (one.right.count, one.right.total)


def test_every_measurement_of_a_trial_is_there(report, found):
    told = [row for row in found if row["Table"] == "trial"]
    measured = report.trial.measurements
    assert [float(row["Value"]) for row in told] == [one.value for one in measured]
    assert told[-1]["Tokens of knowledge"] == "4100"


@pytest.mark.parametrize(
    "text",
    [made.FORMULA, "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "'=1", "''+1", "＝1", "＋1"],
)
def test_no_cell_begins_a_formula_and_the_guard_can_be_taken_away(text):
    assert guarded(text) == f"'{text}"
    of = made.evaluation([replace(made.question(1), question=text, answers=(text,))], ("rag",))
    said = made.results(of)["en:1", "rag"]
    source = replace(said.sources[0], title=text)
    said = replace(said, text=text, sources=(source,))
    told = rows(made.report(of, {("en:1", "rag"): said}))[0]
    for column in ("Question", "Accepted answers", "Answer", "Sources"):
        assert told[column] == f"'{text}"


@pytest.mark.parametrize("text", ["1 crown", "'tis", "a=b", "", "“-”", "−5"])
def test_other_text_stays_as_it_is(text):
    assert guarded(text) == text


def test_quotes_commas_and_line_ends_stay_in_their_cell():
    text = 'one, "two"\nthree\r\nfour; 五'
    of = made.evaluation([made.question(1)], ("rag",))
    said = replace(made.results(of)["en:1", "rag"], text=text)
    assert rows(made.report(of, {("en:1", "rag"): said}))[0]["Answer"] == text


def test_a_failed_answer_says_why_and_has_no_marks():
    of = made.evaluation([made.question(1)], ("rag",))
    told = rows(made.report(of, {("en:1", "rag"): made.failed()}))
    assert told[0]["Outcome"] == "error"
    assert told[0]["Answer"].startswith("Too long")
    assert told[0]["Right (1 or 0)"] == told[0]["Seconds in all"] == ""
    assert figure(told, FIGURE, "Knowledge base (RAG)", "Errors")["Value"] == "1"


def test_of_nothing_there_is_the_head_alone():
    assert rows(made.report(made.evaluation(made.questions(2)), {})) == []


def test_in_chinese_the_head_and_the_names_are_chinese(report):
    told = rows(report, "zh")
    assert list(told[0])[:6] == ["表", "模式", "语言", "问题编号", "类型", "问题"]
    assert {row["表"] for row in told} == {
        *("回答", "数字", "两两比较", "取舍测量"),
        *("去掉本来就会的问题后的数字", "去掉本来就会的问题后的两两比较"),
    }
    assert told[0]["模式"] == "原始模型"
