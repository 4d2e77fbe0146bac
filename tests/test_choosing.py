"""Choosing among a question's options: from the facade, in an evaluation, on the command line."""

from __future__ import annotations

import gc
import json
import shutil
import weakref

import pytest

from playground.app import Playground
from playground.cli.main import main
from playground.engines.openvino import OpenVinoEngine
from playground.errors import AdapterError, NoAdapterChosen, UnknownName
from playground.evaluation import Plan, summarise
from playground.modes import AskOptions
from playground.settings import Settings
from playground.types import Answer, Question
from playground.world import load_questions
from tests.tiny import make_adapter, make_model

FACTS = Plan(("base", "oracle"), kinds=("fact",), per_kind=8, multiple_choice=True)
HOT = Question(
    "1", "en", "fact", "What is hot?", ("Tea",), ("a.txt",), options=("Ice", "Milk", "Tea")
)


@pytest.fixture
def playground(tmp_path):
    found = Playground(
        Settings(
            model="fake", embedder="fake", data_dir=tmp_path / "data", adapters_dir=tmp_path / "a"
        )
    )
    list(found.bases.add_files("Kitchen", [("a.txt", b"Tea is served."), ("b.txt", b"Cocoa.")]))
    return found


def kitchen(*modes, **more):
    return Plan(modes, knowledge="Kitchen", multiple_choice=True, **more)


@pytest.mark.parametrize("mode", ["rag", "long-context", "oracle"])
def test_the_option_that_the_passages_hold_is_chosen(playground, mode):
    assert playground.choose(HOT, mode, kitchen(mode)) == 2


def test_options_are_chosen_among_without_a_passage_too(playground):
    assert playground.choose(HOT, "base", kitchen("base")) == 0  # equally unlikely, so the first


def test_nothing_is_chosen_where_nothing_is_asked(playground):
    strict = kitchen("rag", options=AskOptions(min_score=1.0))
    assert playground.choose(HOT, "rag", strict) is None
    no_options = Question("2", "en", "fact", "What is hot?", ("Tea",))
    assert playground.choose(no_options, "base", kitchen("base")) is None


def test_a_tuned_mode_needs_its_adapter(playground, tmp_path):
    with pytest.raises(NoAdapterChosen):
        playground.choose(HOT, "lora", kitchen("lora"))
    with pytest.raises(UnknownName):
        playground.choose(HOT, "lora", kitchen("lora", adapter="nobody"))
    (tmp_path / "a" / "broken").mkdir(parents=True)
    (tmp_path / "a" / "broken" / "adapter_config.json").write_text("{}")
    with pytest.raises(AdapterError):
        playground.choose(HOT, "lora", kitchen("lora", adapter="broken"))


def test_an_evaluation_keeps_what_was_chosen_where_there_are_options(playground):
    plan = kitchen("base", "rag")
    plain = Question("2", "en", "fact", "What is cold?", ("Ice",))
    evaluations = playground.evaluations
    made = evaluations.create(plan, [HOT, plain])
    list(evaluations.run(made.id))
    kept = {pair: result.chosen for pair, result in evaluations.records.results(made.id).items()}
    assert kept == {
        ("en:1", "base"): 0,
        ("en:1", "rag"): 2,
        ("en:2", "base"): None,
        ("en:2", "rag"): None,
    }
    base, rag = summarise(evaluations.marked(made.id))
    assert (base.multiple_choice.count, base.multiple_choice.total) == (0, 1)
    assert (rag.multiple_choice.count, rag.multiple_choice.total) == (1, 1)


def test_nobody_chooses_unless_the_plan_says_so(playground):
    made = playground.evaluations.create(Plan(("base",)), [HOT])
    (asked,) = playground.evaluations.run(made.id)
    assert isinstance(asked.result, Answer)
    assert asked.result.chosen is None
    (base,) = summarise(playground.evaluations.marked(made.id))
    assert base.multiple_choice.total == 0


@pytest.fixture
def evaluate(tmp_path, monkeypatch, capsys):
    """`playground evaluate` on two questions, of which the fake engine gets one right."""
    monkeypatch.setenv("PLAYGROUND_MODEL", "fake")
    monkeypatch.setenv("PLAYGROUND_EMBEDDER", "fake")
    file = tmp_path / "asked.jsonl"
    asked = [
        {"question": "Is tea hot?", "answers": ["hot"], "options": ["warm", "hot"]},
        {"question": "What is cold?", "answers": ["Ice"], "options": ["Tea", "Ice"]},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in asked))

    def run(*arguments):
        assert main(["evaluate", str(file), "--modes", "base", *arguments]) == 0
        return capsys.readouterr().out

    return run


def test_the_table_has_a_column_of_choices_where_there_are_any(evaluate):
    _, header, base, *_ = evaluate("--multiple-choice").splitlines()
    assert header.endswith("MULTIPLE CHOICE (95 %)")
    assert "0.500 (1/2, " in base[header.index("MULTIPLE CHOICE") :]
    assert "MULTIPLE CHOICE" not in evaluate()


def test_a_program_is_told_which_option_was_chosen(evaluate):
    rows = [json.loads(line) for line in evaluate("--multiple-choice", "--json").splitlines()]
    assert [(row["chosen"], row["chosen_right"]) for row in rows] == [(1, True), (0, False)]


def test_a_second_engine_scores_for_one_that_cannot_and_leaves_nothing_behind(tmp_path):
    model = make_model(tmp_path / "model")
    playground = Playground(
        Settings(
            model=str(model),
            embedder="fake",
            engine="openvino",
            dtype="float32",
            cache_dir=tmp_path / "cache",
            data_dir=tmp_path / "data",
            adapters_dir=tmp_path / "a",
        )
    )
    make_adapter(tmp_path / "a", model, "mine")
    plan = Plan(("base", "lora"), adapter="mine", multiple_choice=True)
    try:
        assert isinstance(playground.engine, OpenVinoEngine)
        with playground.choosing() as choose:
            second = playground.scorer
            assert choose(HOT, "base", plan) in range(3)
            assert choose(HOT, "lora", plan) in range(3)
            assert playground.scorer is second
        left = weakref.ref(second._model)
        del second
        gc.collect()
        assert left() is None
        made = playground.evaluations.create(plan, [HOT])
        assert all(
            isinstance(asked.result, Answer) for asked in playground.evaluations.run(made.id)
        )
        assert playground._room._second is None
    finally:
        playground.engine.close()


@pytest.fixture(scope="module")
def embedded(tmp_path_factory, models_dir, world_data):
    """The engine that scores, with the world indexed."""
    home = tmp_path_factory.mktemp("choosing")
    shutil.copytree(world_data, home / "data")
    cache = models_dir.parent
    return Playground(Settings(engine="transformers", cache_dir=cache, data_dir=home / "data"))


@pytest.mark.embedded
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_embedded_model_tells_right_options_by_the_gold_passage(embedded, language):
    questions = FACTS.drawn(load_questions(embedded.settings.world_dir, language))
    assert len(questions) == 8
    right = sum(q.options[embedded.choose(q, "oracle", FACTS)] in q.answers for q in questions)
    assert right >= 6  # of 8; by chance 2
