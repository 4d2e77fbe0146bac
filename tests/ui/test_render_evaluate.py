"""Evaluations to HTML: states in words, figures explained, nothing from outside is markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from playground.dataset.reasons import Reason
from playground.errors import EvaluationBusy, OverWindow
from playground.evaluating import EvaluationState
from playground.evaluation import (
    Evaluation,
    Failed,
    Judged,
    Plan,
    QuestionFile,
    Share,
    known_by_heart,
    load_questions,
    marked,
)
from playground.evaluation.plan import key
from playground.modes import EXAM_MODES
from playground.types import Answer, Metrics, Question, Source
from playground.ui import render_evaluate, render_evaluate_answers, render_evaluate_results
from playground.ui.evaluate_sides import PAGE_SIZE, page_of, side_by_side

EVIL = "<script>alert(1)</script>"
LANGUAGES = ("en", "zh")
FOUND = Source("d", "hours.md", "It opens at 9:00.", 0, 17, score=1.0)
TOO_LONG = OverWindow(prompt_tokens=9, max_tokens=1, context_window=5, model=EVIL)


def question(id="1", language="en", kind="fact", asked="When?", answers=("9:00",), documents=()):
    return Question(id, language, kind, asked, answers, documents)


def answer(mode, text, *, seconds=2.0, sources=(), cached=0, finish="stop"):
    metrics = Metrics(40, 5, cached, 0, 0.1, 0.5, 10.0, seconds)
    return Answer(mode, text, finish, tuple(sources), metrics)


def evaluation(questions, modes=("base", "rag"), **changes):
    plan = Plan(modes=modes, **changes)
    return Evaluation("20260101-000000-ab", 1e9, plan, tuple(questions), {"model": EVIL})


def answered(asked, said):
    """`said` has the text, Answer or error of (id, mode)."""
    results = {}
    for (id, mode), told in said.items():
        (one,) = (q for q in asked.questions if q.id == id)
        results[key(one), mode] = answer(mode, told) if isinstance(told, str) else told
    return marked(asked, results)


def typical():
    """Two modes of which one is right twice, and an unanswerable question."""
    asked = evaluation(
        [
            question(documents=("hours.md",)),
            question("2"),
            question("3", kind="unanswerable", answers=()),
        ]
    )
    said = {
        ("1", "base"): "I think noon.",
        ("1", "rag"): answer("rag", "9:00", seconds=4.0, sources=[FOUND]),
        ("2", "base"): "9:00",
        ("2", "rag"): "At 9:00.",
        ("3", "base"): "Me.",
        ("3", "rag"): Failed.of(TOO_LONG),
    }
    return asked, answered(asked, said)


def cells(html, row):
    """The texts of a table's row, by the name that it begins with."""
    for line in re.findall(r"<tr>(.*?)</tr>", html):
        found = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)
        told = [re.sub(r"<[^>]+>", " ", cell).split() for cell in found]
        if told and " ".join(told[0]) == row:
            return [" ".join(cell) for cell in told[1:]]
    raise AssertionError(f"no row {row}")


def section(html, title):
    return html.split(f"<h4>{title}</h4>")[1].split("<h4>")[0].split("<details")[0]


# ---------------------------------------------------------------- before


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mode_has_a_name_and_a_hint(language):
    hints = render_evaluate.mode_hints(language)
    assert hints.count("<dt>") == len(EXAM_MODES)
    assert ("给定原文" if language == "zh" else "if retrieval never failed") in hints


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_files_are_files_that_can_be_read(language):
    for name, text in render_evaluate.EXAMPLES[language].items():
        read = load_questions(name, text.encode())
        assert read.problems == {}
        assert len(read.questions[0].answers) == 2
        assert {one.language for one in read.questions} == {language}


def test_the_preview_shows_the_first_questions_and_the_rows_that_cannot_be_asked():
    listed = [question(str(n), asked=f"{EVIL} {n}", kind=EVIL) for n in range(7)]
    problems = {n: Reason(EVIL, EVIL) for n in range(10, 18)}
    html = render_evaluate.preview(QuestionFile(tuple(listed), problems), "en")
    assert "Questions: 7" in html
    assert "Row 10 cannot be asked" in html
    assert html.count("and 2 more") == 1
    assert html.count("and 3 more") == 1
    assert "<script" not in html


def test_kinds_have_names_in_both_languages_and_those_of_users_keep_theirs():
    assert render_evaluate.kind_label("whole-document", "zh") == "通篇"
    assert render_evaluate.kind_label("my kind", "zh") == "my kind"


def test_the_size_counts_what_a_mode_can_be_asked():
    listed = [question(documents=("a.md",)), question("2")]
    told = render_evaluate.size(evaluation(listed, ("base", "oracle")), "en")
    assert "Questions: 2 · modes: 2 · answers: 3" in told


# ---------------------------------------------------------------- while it runs


def told(language="en", *, done=3, running=False, left=None, stopping=False, **more):
    asked = evaluation([question(str(n)) for n in range(5)])
    there = [(f"en:{n}", "base") for n in range(done)]
    state = EvaluationState(done, 10, running, seconds_left=left, **more)
    return render_evaluate.status(asked, state, there, language, stopping=stopping)


def test_every_state_of_an_evaluation_is_a_sentence():
    running = told(running=True, left=65.0)
    assert "3 of 10 answers · about 1:05 min left" in running
    assert "3 / 5" in running
    assert "0 / 5" in running
    assert "Stopping after the present answer" in told(running=True, stopping=True)
    assert "Stopped at 3 of 10 answers" in told()
    assert "Done: 10 answers" in told(done=10)
    assert "ended in an error: 2" in told(done=10, failed=2)
    assert "已停在 3 / 10 个回答" in told("zh")
    assert "约剩 1:05 分钟" in told("zh", running=True, left=65.0)
    assert "another process" in told(running=True, elsewhere=True)
    assert "另一个进程" in told("zh", running=True, elsewhere=True)
    assert "another process" not in running


def test_an_evaluation_that_broke_off_says_why():
    html = told(failure=EvaluationBusy(id=EVIL))
    assert "is running already" in html
    assert "<script" not in html
    assert "正在进行" in told("zh", failure=EvaluationBusy(id="a"))


def test_all_evaluations_are_listed():
    asked = evaluation([question()])
    listed = [(asked, EvaluationState(1, 2, True)), (asked, EvaluationState(2, 2, False))]
    listed += [(asked, EvaluationState(2, 2, False, failed=1))]
    html = render_evaluate.evaluation_table(listed, "en")
    assert "running" in html
    assert "<td>done</td>" in html
    assert "<td>done · 1 failed</td>" in html
    assert "Base model, Knowledge base (RAG)" in html
    assert "<script" not in html
    assert "还没有评测" in render_evaluate.evaluation_table([], "zh")
    assert "1 个问题 × 2 种模式" in render_evaluate.evaluation_label(asked, "zh")
    assert "原始模型、知识库（RAG）" in render_evaluate.evaluation_table(listed, "zh")


# ---------------------------------------------------------------- figures


def test_figures_say_how_right_how_sure_and_at_what_cost():
    asked, answers = typical()
    html = render_evaluate_results.results(asked, answers, "en")
    right = section(html, "Right answers")
    assert cells(right, "Base model") == ["33% 1/3 · 6%–79%", "50% 1/2", "0% 0/1"]
    assert cells(right, "Knowledge base (RAG)") == ["100% 2/2 · 34%–100%", "100% 2/2", "–"]
    text = cells(section(html, "The answers as text"), "Knowledge base (RAG)")
    assert text[0] == "50% 1/2"  # "At 9:00." contains the answer and is more than it
    assert text[-1] == "1"  # failed
    time = cells(section(html, "What they cost"), "Knowledge base (RAG)")
    assert time[0] == "0.50 / 0.50"
    assert time[1:3] == ["0.50 / 0.50", "–"]  # nothing was cached
    assert time[4:] == ["10.0", "40"]
    (pair,) = re.findall(
        r"<tr><th scope='row'>Base.*?</tr>", section(html, "Every two modes on the same questions")
    )
    assert re.findall(r"<td>(.*?)</td>", pair) == ["1", "0", "1", "0", "+50", "1.000"]
    found = cells(section(html, "How well passages were found"), "Knowledge base (RAG)")
    assert found == ["1", "1.00", "1.00", "1.00", "1.00", "1.00"]
    assert "Fewer than 30 questions" in html
    assert "<script" not in html


def test_every_column_says_what_it_means():
    asked, answers = typical()
    html = render_evaluate_results.results(asked, answers, "zh")
    heads = re.findall(r"<th scope='col'>(.*?)</th>", html.split("pg-fold")[0])
    plain = [head for head in heads if "<abbr title=" not in head]
    assert plain == ["模式", "事实", "无答案", "模式", "模式", "模式 A 与 B", "模式"]
    assert html.count("<dt>") >= 20  # for those who cannot point


@pytest.mark.parametrize(
    ("languages", "named"),
    [(("en",), "SQuAD"), (("zh",), "CMRC"), (("en", "zh"), "SQuAD / CMRC")],
)
def test_f1_names_the_script_that_it_follows(languages, named):
    asked = evaluation([question(str(n), language) for n, language in enumerate(languages)])
    answers = answered(asked, {("0", "base"): "9:00"})
    html = render_evaluate_results.results(asked, answers, "en")
    assert html.count(f"<small>{named}</small>") == 2


def test_the_chart_tells_modes_apart_and_tells_their_values():
    asked, answers = typical()
    html = render_evaluate_results.results(asked, answers, "en")
    assert "aria-label='Right answers against seconds. Base model: 33% · 2.00 s;" in html
    assert "pg-circle" in html
    assert "pg-triangle" in html


def test_what_was_known_by_heart_is_left_out():
    asked, answers = typical()
    known = known_by_heart(answers)
    html = render_evaluate_results.results(asked, answers, "en", without=known)
    assert cells(section(html, "Right answers"), "Base model")[0].startswith("0% 0/2")
    all_known = {key(one.question) for one in answers}
    assert "Nothing answered yet" in render_evaluate_results.results(
        asked, answers, "en", without=all_known
    )


def test_figures_of_nothing_are_a_sentence():
    assert "还没有回答" in render_evaluate_results.results(evaluation([question()]), (), "zh")


def test_questions_without_right_answers_have_costs_and_no_marks():
    asked = evaluation([question(answers=())])
    answers = answered(asked, {("1", "base"): EVIL, ("1", "rag"): EVIL})
    html = render_evaluate_results.results(asked, answers, "en")
    assert cells(section(html, "Right answers"), "Base model")[0] == "–"
    assert cells(section(html, "What they cost"), "Base model")[3] == "2.00 / 2.00"
    assert "<figure" not in html


# ---------------------------------------------------------------- side by side


def page(asked, answers, language="en", number=0, **filters):
    shown = page_of(side_by_side(asked, answers), number, **filters)
    return shown, render_evaluate_answers.answer_page(shown, asked.plan.modes, language)


def test_answers_stand_side_by_side_with_marks_and_seconds():
    asked, answers = typical()
    shown, html = page(asked, answers)
    assert len(shown.rows) == 3
    assert html.count(">✓</b>") == 3
    assert html.count(">✗</b>") == 2
    assert "4.00 s" in html
    assert "accepted: 9:00" in html
    assert "no answer exists" in html
    assert "pg-error" in html
    assert "<script" not in html
    assert "提示词有 9 个 token" in page(asked, answers, "zh")[1]


def test_what_models_users_and_files_say_is_no_markup():
    asked = evaluation([question(EVIL, kind=EVIL, asked=EVIL, answers=(EVIL,))])
    answers = answered(asked, {(EVIL, "base"): EVIL, (EVIL, "rag"): EVIL})
    assert "<script" not in page(asked, answers)[1]
    assert "<script" not in render_evaluate_results.results(asked, answers, "en")


def test_an_answer_that_is_yet_to_come_and_one_that_is_not_asked_differ():
    asked = evaluation([question()], ("base", "rag", "oracle"))
    html = page(asked, answered(asked, {("1", "base"): answer("base", "", finish="length")}))[1]
    assert html.count("pg-wait") == 1
    assert html.count("nobody knows where its answer stands") == 1
    assert "(cut off)" in html


def test_an_unscored_answer_is_neither_right_nor_wrong():
    asked = evaluation([question(answers=())])
    html = page(asked, answered(asked, {("1", "base"): "So."}))[1]
    assert ">·</b>" in html
    assert "nobody said what is right" in html


def test_multiple_choice_is_shown_where_it_was_asked():
    options = ("8:00", "9:00", EVIL)
    asked = evaluation([replace(question(), options=options)], multiple_choice=True)
    said = {
        ("1", "base"): replace(answer("base", "?"), chosen=1),
        ("1", "rag"): replace(answer("rag", "?"), chosen=2),
    }
    answers = answered(asked, said)
    html = page(asked, answers)[1]
    assert "✓</b> choice: 9:00" in html
    assert "✗</b> choice: &lt;script&gt;" in html
    figures = section(render_evaluate_results.results(asked, answers, "en"), "The answers as text")
    assert cells(figures, "Base model")[-1] == "100% 1/1"
    plain, unasked = typical()
    assert "choice" not in page(plain, unasked)[1]
    assert "Choice" not in section(
        render_evaluate_results.results(plain, unasked, "en"), "The answers as text"
    )


def test_the_pages_hold_twenty_and_none_is_beyond_the_last():
    asked = evaluation([question(str(n)) for n in range(45)])
    shown, _ = page(asked, ())
    assert (len(shown.rows), shown.total) == (PAGE_SIZE, 45)
    last, _ = page(asked, (), number=9)
    assert (last.number, last.first, len(last.rows)) == (2, 40, 5)
    assert "41–45 of 45" in render_evaluate_answers.page_range(last, "en")
    assert page(asked, (), number=-1)[0].number == 0


def test_the_pages_are_filtered_by_kind_and_by_disagreement():
    asked, answers = typical()
    assert [row.question.id for row in page(asked, answers, kind="unanswerable")[0].rows] == ["3"]
    assert [row.question.id for row in page(asked, answers, disagree=True)[0].rows] == ["1"]
    nothing, html = page(asked, answers, kind="other")
    assert "No such question" in html
    assert render_evaluate_answers.page_range(nothing, "en") == ""


def test_what_other_models_took_for_right_is_told():
    asked, answers = typical()
    judges = [Judged(EVIL, "rag", Share(1, 2), 1)]
    html = render_evaluate_results.results(asked, answers, "en", judged=judges)
    shown = section(html, "What other models took for right")
    assert "50%" in shown
    assert "No verdict" in shown
    assert "<script" not in html
    assert "其他模型" not in render_evaluate_results.results(asked, answers, "zh")
