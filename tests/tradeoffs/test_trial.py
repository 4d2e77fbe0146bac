"""Whole trials, on a fake model; and on a tiny one, whose training is real."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from playground.app import Playground
from playground.errors import TrialBusy, TrialDisturbed
from playground.finetune import TrainConfig
from playground.finetune.recipe import Recipe
from playground.settings import Settings
from playground.tradeoffs import CRITERIA, METHODS, Doing, Measuring, Trial
from playground.tradeoffs.scratch import scratch_folder
from playground.tradeoffs.trial import Trials, measure
from tests.tiny import make_adapter, make_model
from tests.tradeoffs.examples import full_trial

MEASURE = """
import sys
from playground.app import Playground
from playground.settings import Settings
from playground.tradeoffs.trial import measure
for event in measure(Playground(Settings.from_env()), "en", modes=("lora",), adapter="demo",
                     per_kind=1):
    print(event.step, event.total, flush=True)
"""


def fake(folder):
    return Playground(
        Settings(model="fake", embedder="fake", data_dir=folder, adapters_dir=folder / "adapters")
    )


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A playground, all that its trial said, and the trial."""
    playground = fake(tmp_path_factory.mktemp("measured"))
    *events, trial = measure(playground, "zh", per_kind=1)
    return playground, events, trial


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The folder of a tiny model with an adapter; trainings of it take seconds."""
    home = tmp_path_factory.mktemp("tiny")
    model = make_model(home / "model", window=32768)
    make_adapter(home / "adapters", model, "demo")
    return home


@pytest.fixture
def playground(tiny, tmp_path, monkeypatch):
    """One of that model; its settings are in the environment, too."""
    values = {
        "model": str(tiny / "model"),
        "embedder": "fake",
        "engine": "transformers",
        "data_dir": tmp_path / "data",
        "adapters_dir": tiny / "adapters",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"PLAYGROUND_{name.upper()}", str(value))
    return Playground(Settings.from_env())


def traces(playground):
    """What a trial that did not end may have left."""
    folder = playground.settings.evaluations_dir
    files = [*folder.glob("trial"), *folder.glob("trial.evaluation"), *folder.glob("trials/*")]
    return files, playground.evaluations.records.list(), workers(playground)


def workers(playground):
    folder = str(playground.settings.evaluations_dir)
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if any(part.startswith(folder) for part in process.info["cmdline"] or ())
    ]


# ---------------------------------------------------------------- on a fake model


def test_a_trial_measures_all_that_the_table_shows(measured):
    _, _, trial = measured
    assert set(trial.modes) == {"base", *METHODS}
    for mode in ("long-context", "rag"):
        empty = [row.key for row in CRITERIA if not row.measured(trial, mode)]
        # Nothing is trained for them, and a fake model has no worst or best.
        assert set(empty) <= {"retraining", "strengths", "weaknesses", "freshness"}
    assert trial.language == "zh"
    assert trial.setup["model"] == "fake"
    assert trial.context_window == 8192


def test_the_knowledge_grows_past_the_window(measured):
    _, _, trial = measured
    sizes = [one.at for one in trial.all("right_at_size", "rag")]
    asked_for = (1000, 2000, 4000, 8000, 16_000, 64_000)
    assert all(size <= at < 1.5 * size for size, at in zip(asked_for, sizes, strict=True))
    over = [one for one in trial.missing if one.name == "right_at_size"]
    assert {one.mode for one in over} == {"long-context"}
    assert len(over) + len(trial.all("right_at_size", "long-context")) == len(sizes)
    assert "8,192" in over[0].text("zh")


def test_every_kind_of_question_is_asked_in_every_mode(measured):
    playground, _, trial = measured
    kinds = {"fact", "whole-document", "fresh", "style", "unanswerable", "general"}
    for mode in ("base", *METHODS):
        assert {one.kind for one in trial.all("right", mode) if one.total == 1} == kinds
    marked = playground.evaluations.marked(trial.evaluation)
    assert {one.question.language for one in marked} == {"zh"}


def test_what_a_fake_model_cannot_be_taught_is_missing_with_the_reason(measured):
    _, _, trial = measured
    missing = {(one.name, one.mode): one for one in trial.missing}
    assert "halden-facts" in missing["labelled_rows", "lora"].zh
    assert "fake" in missing["freshness_seconds", "lora"].en
    assert missing["second_base_seconds", "lora"].en
    assert "都没有答对" in missing["freshness_seconds", "rag"].zh


def test_every_step_is_told_in_turn(measured):
    _, events, _ = measured
    assert all(isinstance(event, Doing) for event in events)
    steps = list(dict.fromkeys(event.step for event in events))
    assert steps == ["prepare", "index", "answers", "freshness", "second", "growth"]
    assert all(event.done <= event.total for event in events if event.step != "freshness")


def test_a_trial_is_kept_and_nothing_else_of_it(measured):
    playground, _, trial = measured
    assert Trials(playground.settings).get("latest") == trial
    folder = playground.settings.evaluations_dir
    assert not (folder / "trial").exists()
    assert not (folder / "trial.evaluation").exists()
    assert [one.id for one in playground.evaluations.records.list()] == [trial.evaluation]
    assert playground.tuning.runs.list() == ()
    assert set(playground.bases.library.names()) == {"Halden Observatory", "哈尔登天文台"}
    assert not any((playground.settings.data_dir / "adapters").glob("*"))


def test_another_is_refused_while_one_is_measuring(tmp_path):
    first, second = (measure(fake(tmp_path), "en") for _ in range(2))
    assert next(first) == Doing("prepare", 0, 1)
    with pytest.raises(TrialBusy):
        next(second)
    first.close()
    again = measure(fake(tmp_path), "en")
    next(again)
    again.close()


@pytest.mark.parametrize("step", ["index", "answers", "growth"])
def test_closing_it_leaves_nothing(tmp_path, step):
    playground = fake(tmp_path)
    events = measure(playground, "en", per_kind=1)
    while next(events).step != step:
        pass
    assert traces(playground)[0]
    events.close()
    assert traces(playground) == ([], (), [])


def test_a_kept_trial_outlives_one_that_is_stopped(tmp_path):
    playground = fake(tmp_path)
    Trials(playground.settings).keep(full_trial())
    events = measure(playground, "en", per_kind=1)
    while next(events).step != "answers":
        pass
    events.close()
    assert Trials(playground.settings).list() == (full_trial(),)


# ---------------------------------------------------------------- with a real training


def test_an_edit_is_trained_from_an_adapter_of_the_users_own(playground):
    *_, trial = measure(playground, "en", modes=("lora",), adapter="demo", per_kind=1)
    assert isinstance(trial, Trial)
    missing = {one.name: one.en for one in trial.missing}
    # It was trained and asked; a random model is never right.
    assert missing["freshness_seconds"] == "none of 1 edits was answered rightly"
    assert missing["training_seconds"] == "its record does not tell what training took"
    kinds = [one.kind for one in trial.all("memory_bytes", "lora")]
    assert kinds == ["", "training"]
    assert [adapter.name for adapter in playground.adapters.list()][:1] == ["demo"]
    assert not (Path(playground.settings.trained_dir) / "edited").exists()
    assert workers(playground) == []


def test_stopping_in_the_training_leaves_no_worker_and_no_adapter(playground):
    measuring = Measuring(
        lambda language: measure(playground, language, modes=("lora",), adapter="demo", per_kind=1)
    )
    measuring.start("en")
    deadline = time.monotonic() + 120
    while not workers(playground):
        assert time.monotonic() < deadline
        assert measuring.state().running
        time.sleep(0.05)
    measuring.stop()
    while measuring.state().running:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert measuring.state().failure is None
    assert traces(playground) == ([], (), [])


def test_the_next_trial_clears_what_a_killed_one_left(playground):
    process = subprocess.Popen([sys.executable, "-c", MEASURE], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    deadline = time.monotonic() + 120
    for line in process.stdout:
        assert time.monotonic() < deadline
        if line.startswith("freshness") and workers(playground):
            break
    process.send_signal(signal.SIGKILL)
    process.communicate()
    files, evaluations, alive = traces(playground)
    assert files
    assert evaluations
    assert alive
    events = measure(playground, "en", modes=("lora",), adapter="demo", per_kind=1)
    next(events)
    assert workers(playground) == []
    assert playground.evaluations.records.list() == ()
    events.close()
    assert traces(playground) == ([], (), [])


def test_nothing_is_measured_beside_a_training(playground, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"prompt": "Who?", "completion": "I."}\n' * 8)
    recipe = Recipe(
        "busy",
        str(rows),
        config=TrainConfig(epochs=100, validation_share=0.0, keep="last", batch_size=1),
    )
    run = playground.tuning.start(recipe, playground.tuning.read(recipe))
    try:
        with pytest.raises(TrialDisturbed, match="busy"):
            next(measure(playground, "en"))
        with scratch_folder(playground.settings.evaluations_dir):
            pass  # nothing holds it
    finally:
        playground.tuning.runs.stop(run.id)
        for _ in playground.tuning.runs.follow(run.id):
            pass
