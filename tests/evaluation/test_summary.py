"""An evaluation in figures: what counts where, and what counts nowhere."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from playground.errors import EmptyQuestion
from playground.evaluation import (
    Evaluation,
    Failed,
    Paired,
    Plan,
    Share,
    known_by_heart,
    marked,
    summarise,
    versus,
)
from playground.evaluation.plan import key
from playground.evaluation.summary import Quantiles
from playground.modes.prompts import NOT_FOUND
from tests.evaluation.examples import METRICS, answer, passage, question

TEA = question("tea", documents=("a.md",))
CHINESE = question("tea", language="zh", answers=("茶",))
STYLE = question("style", kind="style", answers=("Aye",))
OPEN = question("open", kind="open", answers=())
HOPELESS = question("hopeless", kind="unanswerable", answers=())
REFUSAL = answer(NOT_FOUND["en"], outcome="not-in-knowledge")
ERROR = Failed.of(EmptyQuestion())


def exam(*results, plan=Plan(("base", "rag"))):
    """From (question, mode, result)."""
    questions = tuple(dict.fromkeys(asked for asked, _, _ in results))
    given = {(key(asked), mode): result for asked, mode, result in results}
    return marked(Evaluation("one", 0, plan, questions, {}), given)


def timed(**more):
    return answer(metrics=replace(METRICS, **more))


def test_answers_are_marked_question_by_question_and_what_is_missing_left_out():
    told = exam((TEA, "rag", answer("Milk")), (STYLE, "base", ERROR), (TEA, "base", answer()))
    assert [(one.question.id, one.mode) for one in told] == [
        ("tea", "base"),
        ("tea", "rag"),
        ("style", "base"),
    ]
    assert [one.mark and one.mark.right for one in told] == [True, False, None]


def test_shares_are_of_the_questions_that_they_are_about():
    (told,) = summarise(
        exam(
            (TEA, "rag", answer("Tea")),
            (CHINESE, "rag", answer("牛奶")),
            (STYLE, "rag", REFUSAL),
            (OPEN, "rag", answer("Whatever")),
            (HOPELESS, "rag", answer("Tea")),
            (question("h2", kind="unanswerable", answers=()), "rag", REFUSAL),
            (question("broken"), "rag", ERROR),
        )
    )
    assert (told.mode, told.answered, told.failed) == ("rag", 6, 1)
    assert told.right == Share(2, 5)  # tea, and that one cannot be answered; nobody knows OPEN
    assert told.by_kind == {
        "fact": Share(1, 2),
        "style": Share(0, 1),
        "open": Share(0, 0),
        "unanswerable": Share(1, 2),
    }
    assert told.exact_match == Share(1, 3)
    assert told.f1 == pytest.approx(1 / 3)
    assert told.refusals == Share(1, 4)
    assert told.false_answers == Share(1, 2)
    assert told.characters == pytest.approx((3 + 2 + 20 + 8 + 3 + 20) / 6)


def test_nothing_is_said_of_what_nobody_measured():
    (told,) = summarise(exam((OPEN, "base", ERROR)))
    assert told.failed == 1
    assert told.right == told.exact_match == told.multiple_choice == Share(0, 0)
    assert told.f1 is told.characters is told.time_to_first_token is told.retrieval is None


def test_times_are_of_answers_that_were_generated_and_parted_by_the_cache():
    asked = [question(str(n)) for n in range(4)]
    results = (
        timed(time_to_first_token=4.0, total_seconds=8.0),
        timed(time_to_first_token=1.0, total_seconds=2.0, cached_tokens=9),
        timed(time_to_first_token=2.0, total_seconds=4.0, cached_tokens=5, tokens_per_second=None),
        replace(REFUSAL, metrics=replace(METRICS, prompt_tokens=0, total_seconds=0.5)),
    )
    (told,) = summarise(exam(*((q, "base", r) for q, r in zip(asked, results, strict=True))))
    assert told.time_to_first_token == Quantiles(2.0, pytest.approx(3.8))
    assert told.cold == Quantiles(4.0, 4.0)
    assert told.warm == Quantiles(1.5, pytest.approx(1.95))
    assert told.total_seconds == Quantiles(3.0, pytest.approx(7.4))
    assert told.tokens_per_second == Quantiles(8.0, 8.0)


def test_quantiles_are_numpys():
    rng = random.Random(0)
    for count in range(1, 60):
        values = [rng.random() for _ in range(count)]
        expected = np.percentile(values, [50, 95])
        found = Quantiles.of(values)
        assert found is not None
        assert [found.p50, found.p95] == pytest.approx(expected)
    assert Quantiles.of([]) is None


def test_retrieval_is_judged_where_the_document_is_known_and_a_search_without_a_find_missed_it():
    found = answer(sources=(passage("b.md", "Milk"), passage("a.md", "Tea")))
    second = question("second", documents=("a.md",))
    (told,) = summarise(exam((TEA, "rag", found), (second, "rag", REFUSAL), (STYLE, "rag", found)))
    assert told.retrieval is not None
    assert told.retrieval.questions == 2
    assert told.retrieval.hit_at_1 == 0
    assert told.retrieval.hit_at_k == told.retrieval.recall_at_k == 1 / 2
    assert told.retrieval.mrr_at_10 == 1 / 4


def test_choices_count_the_questions_with_options_alone():
    choice = question("choice", options=("Milk", "Tea"))
    plan = Plan(("base",), multiple_choice=True)
    told = exam(
        (choice, "base", answer("Milk", chosen=1)),
        (replace(choice, id="none"), "base", answer(chosen=None)),
        (TEA, "base", answer()),
        plan=plan,
    )
    assert summarise(told)[0].multiple_choice == Share(1, 2)


def test_what_base_knows_by_heart_can_be_left_out_and_a_refusal_is_no_knowledge():
    told = exam(
        (TEA, "base", answer()),
        (TEA, "rag", answer()),
        (CHINESE, "base", answer("牛奶")),
        (CHINESE, "rag", answer("茶")),
        (STYLE, "rag", answer("Aye")),
        (HOPELESS, "base", REFUSAL),
    )
    by_heart = known_by_heart(told)
    assert by_heart == {"en:tea"}
    base, rag = summarise(told, without=by_heart)
    assert (base.right, rag.right) == (Share(1, 2), Share(2, 2))


def test_two_modes_are_compared_on_the_questions_that_both_were_scored_on():
    told = exam(
        (TEA, "base", answer()),
        (TEA, "rag", answer()),
        (CHINESE, "base", answer("牛奶")),
        (CHINESE, "rag", answer("茶")),
        (STYLE, "base", ERROR),
        (STYLE, "rag", answer("Aye")),
        (OPEN, "base", answer()),
        (OPEN, "rag", answer()),
    )
    (pair,) = versus(told)
    assert (pair.first, pair.second) == ("base", "rag")
    assert pair.outcome == Paired(both=1, only_first=0, only_second=1, neither=0)
    (rest,) = versus(told, without={"en:tea"})
    assert rest.outcome == Paired(0, 0, 1, 0)
