"""A plan as a file, the questions that it draws, and what it says of a broken one."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from playground.errors import (
    InvalidSetting,
    NoModeChosen,
    NoQuestionsLeft,
    PlanInvalid,
    UnknownName,
)
from playground.evaluation import Plan
from playground.modes import AskOptions
from tests.evaluation.examples import question

QUESTIONS = tuple(
    question(f"{kind}{n}", language=language, kind=kind)
    for language in ("en", "zh")
    for kind in ("fact", "style", "fresh")
    for n in range(8)
)


def test_a_plan_survives_its_file():
    plan = Plan(
        ("rag", "oracle"),
        questions="问题.csv",
        languages=("zh",),
        kinds=("fact", "类别"),
        per_kind=3,
        knowledge="知识库",
        adapter="mine",
        seed=7,
        multiple_choice=True,
        options=AskOptions(top_k=5, temperature=0.5, overflow="drop"),
    )
    assert Plan.from_json(plan.to_json()) == plan
    assert "知识库" in plan.to_json()


def test_what_a_file_does_not_name_keeps_its_default():
    assert Plan.from_json('{"modes": ["base"]}') == Plan(("base",))
    given = '{"modes": ["base"], "options": {"top_k": 7}}'
    assert Plan.from_json(given) == Plan(("base",), options=AskOptions(top_k=7))


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", PlanInvalid, "line 1 column 1"),
        ("[1]", PlanInvalid, "modes"),
        ("{}", PlanInvalid, "modes"),
        ("[" * 100_000, PlanInvalid, "no plan"),
        ('{"modes": ["base"], "mode": 1}', PlanInvalid, "mode? (modes, questions,"),
        ('{"modes": ["base"], "options": {"topk": 1}}', PlanInvalid, "topk? (top_k,"),
        ('{"modes": ["base"], "options": 5}', PlanInvalid, "options"),
        ('{"modes": "base"}', PlanInvalid, "modes: ["),
        ('{"modes": [["base"]]}', PlanInvalid, "modes: ["),
        ('{"modes": ["base", "rag", "base"]}', PlanInvalid, "modes: base × 2"),
        ('{"modes": ["base"], "kinds": "fact"}', PlanInvalid, "kinds: ["),
        ('{"modes": ["base"], "languages": ["fr"]}', PlanInvalid, "fr? (en, zh)"),
        ('{"modes": ["base"], "languages": []}', PlanInvalid, "(en, zh)"),
        ('{"modes": ["base"], "questions": 5}', PlanInvalid, "questions: "),
        ('{"modes": ["base"], "seed": "x"}', PlanInvalid, "seed: 0, 1"),
        ('{"modes": ["base"], "per_kind": 1.5}', PlanInvalid, "per_kind: 0, 1"),
        ('{"modes": ["base"], "per_kind": -1}', InvalidSetting, "per_kind is -1"),
        ('{"modes": ["base"], "multiple_choice": 1}', PlanInvalid, "multiple_choice: true"),
        ('{"modes": ["base"], "options": {"top_k": 0}}', InvalidSetting, "top_k is 0"),
        ('{"modes": ["base"], "options": {"seed": null}}', InvalidSetting, "seed is None"),
        ('{"modes": []}', NoModeChosen, "at least one mode"),
        ('{"modes": ["psychic"]}', UnknownName, "no mode called 'psychic'"),
    ],
)
def test_a_broken_plan_is_said_to_be_broken_where(text, error, message):
    with pytest.raises(error) as raised:
        Plan.from_json(text)
    assert message in str(raised.value)


def test_so_many_of_each_kind_and_language_are_drawn_in_their_order():
    drawn = Plan(("base",), per_kind=3).drawn(QUESTIONS)
    assert set(Counter((q.language, q.kind) for q in drawn).values()) == {3}
    assert len(drawn) == 18
    assert [QUESTIONS.index(q) for q in drawn] == sorted(QUESTIONS.index(q) for q in drawn)


def test_the_same_seed_draws_the_same_and_another_one_others():
    def draw(seed):
        return Plan(("base",), per_kind=3, seed=seed).drawn(QUESTIONS)

    assert draw(0) == draw(0)
    assert draw(0) != draw(1)


def test_all_are_drawn_where_there_are_not_so_many():
    assert Plan(("base",)).drawn(QUESTIONS) == QUESTIONS
    assert Plan(("base",), per_kind=100).drawn(QUESTIONS) == QUESTIONS


def test_only_the_kinds_asked_for_are_drawn_and_one_that_is_not_there_is_said():
    drawn = Plan(("base",), kinds=("style",), per_kind=2).drawn(QUESTIONS)
    assert [q.kind for q in drawn] == ["style"] * 4
    with pytest.raises(NoQuestionsLeft) as raised:
        Plan(("base",), kinds=("style", "fats")).drawn(QUESTIONS)
    assert "(fats); there are: fact, style, fresh" in str(raised.value)


def test_a_plan_is_written_for_people_to_read():
    lines = Plan(("base",)).to_json().splitlines()
    assert len(lines) > len(json.loads(Plan(("base",)).to_json()))
