"""Rows, runs and adapters to HTML: every state in words, nothing from outside is markup."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.dataset import Dataset, Problem, Reason, Row
from playground.dataset.checks import Finding
from playground.dataset.rows_export import Exported
from playground.finetune import (
    Answered,
    Failed,
    Finished,
    Preview,
    Resumed,
    Run,
    Sample,
    Started,
    Step,
    Stopped,
    TrainConfig,
    Validation,
)
from playground.finetune.job import Job
from playground.finetune.preview import PreviewRow, Segment
from playground.finetune.probe import Estimate
from playground.finetune.questions import TestQuestion
from playground.models import ModelFiles
from playground.tuning import Compared, Examination, Score, Summary
from playground.types import Adapter, Message, Progress
from playground.ui import render_run, render_runs, render_training

EVIL = "<script>alert(1)</script>"
REASON = Reason(EVIL, EVIL)
STARTED = Started(80, 90, 10, 5000, 900, 8192, "cpu", "float32")
EXAM = Validation(10, 1.25)


def step(number, total=80):
    return Step(number, total, number / 10, 1.5, 1e-3, 1234.0, 12.0, 65.0, 600_000_000)


def run(status="running", name="facts", events=(), **changes):
    shape, config = "question/answer", TrainConfig(**changes)
    job = Job(name, ModelFiles("m", "m"), config, Path("a"), "rows.csv", shape, created=1e9)
    return Run(f"20260101-{name}", Path("r"), job, status, tuple(events))


def summary(status="running", *, name="facts", events=(), compared=(), scores=(), **changes):
    shown = run(status, name, events, **changes)
    return Summary(shown, 90, 10, 12.0, None, 1.25, 600_000_000, tuple(compared), scores)


def compared(before="no", after="7", kind="own", answers=("7",), messages=None):
    question = TestQuestion(kind, messages or (Message("user", "How many?"),), answers)
    said = [
        text if text is None else Answered(phase, 0, text, True)
        for phase, text in (("before", before), ("after", after))
    ]
    return Compared(question, *said)


def examination(**changes):
    rows = (PreviewRow(1, (Segment(EVIL, False), Segment("learned", True)), 9, 2),)
    given = {
        "preview": Preview(rows, 1, 1234, 200, (), False),
        "findings": (),
        "advice": (),
        "training_rows": 9,
        "validation_rows": 1,
    }
    return Examination(**{**given, **changes})


def told(events, status="running", going_on=()):
    return render_run.status(run(status, events=events), 4, going_on, "en")


def test_every_state_of_a_run_is_a_sentence():
    before = [Answered("before", i, "?", True) for i in range(2)]
    after = [Answered("after", 0, "!", True)]
    assert "loading" in told([])
    assert "before the training, 2 of 4" in told([STARTED, *before])
    assert "step 10 of 80, about 1:05 min left" in told([STARTED, *before, step(10)])
    assert "asking the questions again, 0 of 4" in told([STARTED, *before, step(80)])
    assert "asking the questions again, 1 of 4" in told([STARTED, *before, step(80), *after])
    assert "step 10 of 80" in told([STARTED, step(10), Resumed(10)])
    finished = told([STARTED, step(80), Finished("facts", 71.0, 1.0, 1.2, 40)], "succeeded")
    assert "ready after 1:11 min" in finished
    assert "step 40" in finished
    assert "what it had learned is kept" in told([Stopped("facts", 9, 3.0)], "stopped")
    assert "before it had learned anything" in told([Stopped(None, 0, 3.0)], "stopped")
    assert "facts failed: no memory" in told([Failed("no memory", "内存不足")], "failed")


def test_a_run_that_waits_says_for_what():
    assert "waits until other has ended" in told([], "queued", ["other"])
    assert "waits for its turn" in told([], "queued")
    assert "waits for its turn" in told([STARTED, Stopped("facts", 1, 1.0)], "queued")


def test_a_live_run_shows_figures_curves_and_samples():
    events = [STARTED, step(9), EXAM, Sample(10, EVIL, EVIL), step(10), Validation(20, 1.5)]
    html = render_run.live(summary(events=events), "en")
    for figure in ("1.0 / 8", "1.500", "1.250", "1,234", "12 s", "1:05 min", "0.60 GB"):
        assert figure in html
    assert html.count("<figure") == 2
    assert "step 10" in html
    assert "<script" not in html
    assert render_run.live(summary(events=[STARTED]), "en") == ""


def test_a_run_that_is_over_has_nothing_left():
    assert "Left" in render_run.live(summary(events=[STARTED, step(9)]), "en")
    over = summary("succeeded", events=[STARTED, step(9)])
    assert "Left" not in render_run.live(over, "en")


def test_answers_stand_by_kind_with_what_was_right():
    all_asked = [compared(kind="general"), compared(), compared(answers=()), compared(after=None)]
    asked = summary(compared=all_asked, scores=(Score("own", 3, 1, 2),))
    html = render_run.answers(asked, "en")
    assert html.index("Your questions") < html.index("General questions")
    assert "Right before: 1 of 3 · right after: 2 of 3" in html
    assert "aria-label='right'" in html
    assert "aria-label='not right'" in html
    assert "expected: 7" in html
    assert "…" in html  # an answer that is still to come
    assert "No right answers are known" in html
    assert "appear here" in render_run.answers(summary(), "en")


def test_an_answer_that_was_cut_off_says_so():
    cut = Answered("after", 0, EVIL, False)
    html = render_run.answer(cut, None, "zh")
    assert "被截断" in html
    assert "<script" not in html


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rows_show_what_is_learned_and_what_is_wrong(language):
    found = (Finding("conflict", (1, 2), REASON),)
    file = Dataset(EVIL, EVIL, REASON, (Row(1, ()),), (Problem(2, REASON),) * 7)
    html = render_training.dataset(file, examination(findings=found), language)
    assert "<mark>learned</mark>" in html
    assert "1,234" in html
    assert html.count("pg-error") == 5
    assert "pg-warning" in html
    assert "<script" not in html


def test_the_split_and_the_advice_are_said():
    assert "9 rows are learned, 1 are held" in render_training.split_sizes(examination(), "en")
    off = render_training.split_sizes(examination(validation_rows=0), "en")
    assert "there is no exam" in off
    assert "pg-warning" in off
    assert "Nothing speaks against" in render_training.advice((), "en")
    assert "<script" not in render_training.advice((REASON,), "en")


def test_how_far_a_training_is_tried_is_said_with_the_time_left():
    assert "Loading the model for &lt;" in render_training.preparing(
        Progress("load", EVIL, 0), None, "en"
    )
    trying = render_training.preparing(Progress("try", "mine", 3, 4), 65.0, "zh")
    assert "正在试跑 mine 的几步 · 3 / 4 · 约剩 1:05 分钟" in trying
    assert "width:75.0%" in trying


def test_an_estimate_is_a_sentence():
    html = render_training.estimate(Estimate(75.0, 1234.5, 2_340_000_000, 90), EVIL, "en")
    assert "90 steps, about 1:15 min, 1,234 tokens/s, 2.3 GB" in html
    assert "<script" not in html


def test_what_a_platform_refuses_stands_by_row():
    problems = (Problem(3, Reason("too short", "太短")), Problem(0, Reason("too few", "太少")))
    html = render_training.exported(Exported(b"", 8, problems), "en")
    assert "Rows in the file: 8" in html
    assert "Row 3 is left out: too short" in html
    assert ">too few<" in html  # of the whole file


def test_runs_are_listed_with_what_came_of_them():
    scores = (Score("own", 5, 1, 4), Score("general", 8, 7, None))
    html = render_runs.run_table([summary("stopped", scores=scores)], "en")
    for cell in ("facts", "stopped", "90", "0.001", "1.250", "own 1→4/5 · general 7→…/8"):
        assert cell in html
    assert "No trainings yet" in render_runs.run_table([], "en")


def test_two_runs_are_compared_by_what_differs():
    asked = {"compared": [compared(after="7")], "events": [step(1), EXAM]}
    first = summary("succeeded", **asked)
    asked = {"compared": [compared(after=EVIL)], "events": [step(2)]}
    second = summary("succeeded", name="other", r=4, **asked)
    html = render_runs.comparison(first, second, "en")
    assert "LoRA rank (r)" in html
    assert "Epochs" not in html
    assert "facts: training" in html
    assert "other: training" in html
    assert "Answers after the training" in html
    assert "<script" not in html


def test_two_runs_of_one_name_are_told_apart():
    html = render_runs.comparison(summary(), summary(), "en")
    assert "20260101-facts" in html
    assert "the settings are the same" in html
    assert "Answers after" not in html


def test_adapters_are_listed_with_their_model_ids():
    html = render_runs.adapter_table([Adapter("facts", Path("a"), EVIL, 8, 1500, None)], "en")
    assert "lora:facts" in html
    assert "1,500" in html
    assert "<script" not in html
    assert "No adapter yet" in render_runs.adapter_table([], "en")
    facts = render_runs.facts(Adapter("facts", Path("a"), "m", 8), [(EVIL, EVIL)], "en")
    assert "<script" not in facts


def test_each_step_has_its_number_and_what_to_do():
    html = render_training.step_head(3, "exam", "zh")
    assert ">3</span> 模拟考试" in html
