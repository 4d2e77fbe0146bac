"""What is filled in becomes a plan, and a plan fills the same in again."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from playground.errors import NoAdapterChosen, NoModeChosen, NoQuestionFile, WholeNumberOutOfRange
from playground.evaluation import WORLD, Plan
from playground.modes import AskOptions
from playground.ui.evaluate_form import UPLOAD, PlanForm, Upload, check_adapter

FILLED = {
    "source": WORLD,
    "upload": None,
    "languages": ["zh"],
    "kinds": ["fact"],
    "per_kind": 4,
    "draw": 7,
    "modes": ["rag", "base"],
    "knowledge": "",
    "adapter": None,
    "multiple_choice": True,
    **asdict(AskOptions(top_k=5)),
}
FORM = PlanForm({name: name for name in FILLED})


def read(**changes):
    return FORM.read(list({**FILLED, **changes}.values()))


def test_what_is_filled_in_is_a_plan():
    plan, data = read()
    assert plan == Plan(
        modes=("base", "rag"),
        languages=("zh",),
        kinds=("fact",),
        per_kind=4,
        seed=7,
        multiple_choice=True,
        options=AskOptions(top_k=5),
    )
    assert data is None


def test_a_file_is_known_by_its_name_and_asked_by_its_bytes():
    upload = Upload("mine.jsonl", b"{}", ("fact",))
    plan, data = read(source=UPLOAD, upload=upload, languages=[])
    assert (plan.questions, plan.languages, data) == ("mine.jsonl", ("en", "zh"), b"{}")
    assert read(upload=upload)[1] is None  # the built-in ones are asked


def test_what_is_missing_or_wrong_is_an_error():
    with pytest.raises(NoQuestionFile):
        read(source=UPLOAD)
    with pytest.raises(NoModeChosen):
        read(modes=[])
    with pytest.raises(WholeNumberOutOfRange):
        read(top_k=None)


def test_a_mode_that_would_fail_for_lack_of_an_adapter_is_told_of_before():
    check_adapter(Plan(modes=("base", "rag")))
    check_adapter(Plan(modes=("lora",), adapter="facts"))
    with pytest.raises(NoAdapterChosen):
        check_adapter(Plan(modes=("base", "rag+lora")))


def test_a_plan_fills_in_what_it_was_made_from():
    plan, _ = read()
    filled = {**FORM.fill(plan), "kinds": list(plan.kinds), "upload": None}
    assert filled.keys() == FILLED.keys()
    assert FORM.read([filled[name] for name in FILLED])[0] == plan
