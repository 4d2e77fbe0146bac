"""Multiple choice: the likeliest option, and what counts as having chosen a right one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.errors import PlanInvalid
from playground.evaluation import Evaluation, Failed, Plan, mark, marked, summarise
from playground.evaluation.options import chosen
from playground.types import Answer, Metrics, Question, Score

QUESTION = Question(
    "q1", "en", "fact", "How much is it?", ("37 crowns", "37"), options=("45 crowns", "37 crowns")
)
ANSWER = Answer("base", "It is 45.", "stop", (), Metrics(9, 4, 0, 0, 0.0, 0.1, 9.0, 0.4))


def test_a_long_option_is_not_the_less_likely_for_its_length():
    assert chosen([Score(-3.0, 1), Score(-4.0, 2)]) == 1


def test_the_first_of_equally_likely_options_is_chosen():
    assert chosen([Score(-4.0, 2), Score(-1.0, 1), Score(-1.0, 1)]) == 1


def test_no_text_at_all_is_not_likely():
    assert chosen([Score(0.0, 0), Score(-9.0, 2)]) == 1


@pytest.mark.parametrize(("place", "right"), [(0, False), (1, True), (None, False)])
def test_a_choice_is_right_if_the_option_is_an_accepted_answer(place, right):
    given = mark(QUESTION, replace(ANSWER, chosen=place), multiple_choice=True)
    assert given.chosen_right is right
    assert given.right is False  # what was generated is another matter


def test_nothing_is_said_of_choices_that_nobody_asked_for():
    assert mark(QUESTION, ANSWER).chosen_right is None
    assert mark(replace(QUESTION, options=()), ANSWER, multiple_choice=True).chosen_right is None
    unanswerable = replace(QUESTION, kind="unanswerable", answers=(), options=())
    assert mark(unanswerable, ANSWER, multiple_choice=True).chosen_right is None


def summary_of(plan, *results):
    questions = tuple(replace(QUESTION, id=str(n)) for n in range(len(results)))
    evaluation = Evaluation("e", 0.0, plan, questions, {})
    kept = {(f"en:{n}", "base"): result for n, result in enumerate(results)}
    (summary,) = summarise(marked(evaluation, kept))
    return summary


def test_the_share_counts_questions_with_a_right_choice_and_no_failed_ones():
    right, wrong = (replace(ANSWER, chosen=place) for place in (1, 0))
    nothing_found = replace(ANSWER, outcome="not-in-knowledge")
    failed = Failed("OverWindow", "too long", "太长")
    plan = Plan(("base",), multiple_choice=True)
    share = summary_of(plan, right, wrong, right, nothing_found, failed).multiple_choice
    assert (share.count, share.total) == (2, 4)
    assert summary_of(replace(plan, multiple_choice=False), right, wrong).multiple_choice.total == 0


def test_a_plan_keeps_whether_options_are_chosen_among():
    plan = Plan(("base",), multiple_choice=True)
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_json('{"modes": ["base"]}').multiple_choice is False
    with pytest.raises(PlanInvalid, match="multiple_choice"):
        Plan.from_json('{"modes": ["base"], "multiple_choice": "yes"}')
