"""Runs in real worker processes: followed, stopped, killed, and seen from elsewhere."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from dataclasses import replace

import psutil
import pytest

from playground.adapters import Adapters
from playground.dataset import load
from playground.errors import (
    AdapterNameInvalid,
    AdapterNameTaken,
    RunFinished,
    RunGoesOn,
    UnknownName,
)
from playground.finetune import (
    Failed,
    Finished,
    Resumed,
    Runs,
    Started,
    Step,
    Stopped,
    TrainConfig,
    Validation,
)
from playground.finetune.job import Data, Job
from playground.models import ModelFiles
from tests.tiny import make_model

ROWS = [{"question": f"Which is {i}?", "answer": f"It is {i}."} for i in range(12)]
DATA = load("rows.json", json.dumps(ROWS).encode())
QUICK = TrainConfig(epochs=2, batch_size=4)
LONG = TrainConfig(epochs=10, batch_size=2, lora_dropout=0.1, learning_rate=0.01)
ENDLESS = TrainConfig(epochs=100, batch_size=1)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("tiny") / "model")


def job_of(model, home, name, config, dtype="float32"):
    return Job(
        name=name,
        files=ModelFiles("tiny", str(model)),
        config=config,
        adapters_dir=home / "adapters",
        file="rows.json",
        shape="question/answer",
        device="cpu",
        dtype=dtype,
    )


@pytest.fixture
def start(tmp_path, model):
    """Starts runs below tmp_path, and ends what is left of them."""
    runs = Runs(tmp_path / "runs")

    def started(name="facts", config=QUICK, *, data=DATA, files=None, dtype="float32", **how):
        job = job_of(model, tmp_path, name, config, dtype)
        job = replace(job, files=files) if files else job
        return runs.start(job, Data(data.rows), **how)

    yield started
    for run in runs.list():
        (run.folder / "queued").unlink(missing_ok=True)
        if not run.is_over and (run.folder / "worker.json").exists():
            os.kill(worker(run).pid, signal.SIGKILL)


@pytest.fixture
def runs(tmp_path):
    """Another view of the same folder, as another process would have it."""
    return Runs(tmp_path / "runs")


def worker(run):
    """The worker's process, as soon as it has begun."""
    deadline = time.monotonic() + 60
    while not (run.folder / "worker.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return psutil.Process(json.loads((run.folder / "worker.json").read_text())["pid"])


def first_step(runs, run):
    for event in runs.follow(run.id, poll_seconds=0.02):
        if isinstance(event, Step):
            return
    raise AssertionError((run.folder / "worker.log").read_text())


def test_a_run_is_followed_to_its_end_and_remembered(start, runs, tmp_path):
    run = start()
    assert run.status in ("queued", "running")
    events = tuple(runs.follow(run.id, poll_seconds=0.02))
    kinds = [type(event) for event in events]
    assert kinds == [Started, *([Step] * 3 + [Validation]) * 2, Finished]
    steps = [event for event in events if isinstance(event, Step)]
    assert [step.step for step in steps] == [1, 2, 3, 4, 5, 6]
    assert steps[-1].eta_seconds == 0
    assert all(step.tokens_per_second > 0 for step in steps)
    assert Runs(tmp_path / "runs").get(run.id).status == "succeeded"
    assert runs.get(run.id).events == events
    assert Adapters([tmp_path / "adapters"]).get("facts").base_model == "tiny"


def kill(run):
    process = worker(run)
    process.kill()
    process.wait()


def test_a_killed_worker_is_failed_and_the_next_run_begins(start, runs, tmp_path):
    run = start(config=ENDLESS)
    first_step(runs, run)
    waiting = start("others")
    assert waiting.status == "queued"
    kill(run)
    *_, last = runs.follow(run.id)
    assert isinstance(last, Failed)
    assert "killed" in last.en
    assert runs.get(run.id).status == "failed"
    assert not (tmp_path / "adapters").exists()
    assert isinstance(tuple(runs.follow(waiting.id, poll_seconds=0.02))[-1], Finished)
    assert [seen.name for seen in runs.list()] == ["others", "facts"]


def test_a_run_that_waits_begins_after_the_one_before_though_nobody_looks(start, runs):
    first, second = start("one"), start("two")
    assert second.status == "queued"
    deadline = time.monotonic() + 240
    while not (second.folder / "worker.json").exists():  # no call of ours goes to `runs`
        assert time.monotonic() < deadline
        time.sleep(0.1)
    *_, last = runs.follow(second.id)
    assert isinstance(last, Finished)
    assert [runs.get(run.id).status for run in (first, second)] == ["succeeded", "succeeded"]


def test_a_run_that_waits_can_be_called_off(start, runs):
    run = start(config=ENDLESS)
    waiting = start("others")
    runs.stop(waiting.id)
    assert runs.get(waiting.id).events == (Stopped(None, 0, 0.0),)
    kill(run)
    runs.advance()
    assert runs.get(waiting.id).status == "stopped"
    assert not (waiting.folder / "worker.json").exists()


def weights(tmp_path, name):
    return (tmp_path / "adapters" / name / "adapter_model.safetensors").read_bytes()


@pytest.fixture(scope="module", params=["float32", "bfloat16"])
def dtype(request):
    """What processors of both kinds train in."""
    return request.param


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, model, dtype):
    """The weights of a run of LONG that nothing happened to."""
    home = tmp_path_factory.mktemp("undisturbed")
    run = Runs(home / "runs").start(job_of(model, home, "facts", LONG, dtype), Data(DATA.rows))
    assert isinstance(tuple(Runs(home / "runs").follow(run.id))[-1], Finished)
    return weights(home, "facts")


def steps_of(runs, run):
    return max((e.step for e in runs.get(run.id).events if isinstance(e, Step)), default=0)


def test_a_run_that_is_killed_again_and_again_ends_as_an_undisturbed_one(
    start, runs, tmp_path, undisturbed, dtype
):
    run = start("killed", LONG, dtype=dtype)
    chance = random.Random(0)
    for least in (0, 2, 15):  # steps that were made
        worker(run)
        while steps_of(runs, run) < least:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.1))
        kill(run)
        assert runs.get(run.id).status == "failed"
        runs.resume(run.id)
    assert isinstance(tuple(runs.follow(run.id, poll_seconds=0.02))[-1], Finished)
    assert weights(tmp_path, "killed") == undisturbed
    steps = [event.step for event in runs.get(run.id).events if isinstance(event, Step)]
    assert steps == list(range(1, len(steps) + 1))


def test_a_stopped_run_goes_on_where_it_was(start, runs, tmp_path, undisturbed, dtype):
    run = start("facts", LONG, dtype=dtype)
    first_step(runs, run)
    with pytest.raises(RunGoesOn):
        runs.resume(run.id)
    runs.stop(run.id)
    *_, stopped = runs.follow(run.id, poll_seconds=0.02)
    assert isinstance(stopped, Stopped)
    runs.resume(run.id)
    said = tuple(runs.follow(run.id, poll_seconds=0.02))
    assert Resumed(stopped.step) in said
    assert isinstance(said[-1], Finished)
    assert weights(tmp_path, "facts") == undisturbed
    with pytest.raises(RunFinished):
        runs.resume(run.id)


def test_a_run_is_forgotten_and_its_adapter_stays(start, runs, tmp_path):
    run = start()
    with pytest.raises(RunGoesOn):
        runs.delete(run.id)
    tuple(runs.follow(run.id, poll_seconds=0.02))
    runs.delete(run.id)
    assert runs.list() == ()
    assert not run.folder.exists()
    assert weights(tmp_path, "facts")


def test_a_worker_that_signs_out_is_waited_for(start, runs, monkeypatch):
    run = start()
    tuple(runs.follow(run.id, poll_seconds=0.02))
    alive = iter((True, True, False))
    there = []

    def is_alive(folder):
        there.append(folder.is_dir())
        return next(alive)

    monkeypatch.setattr("playground.finetune.runs.worker.is_alive", is_alive)
    monkeypatch.setattr(runs, "get", lambda id: run_over)
    run_over = replace(run, status="succeeded")
    runs.delete(run.id)
    assert there == [True, True, True]
    assert not run.folder.exists()


def test_a_stopped_run_keeps_what_it_learned(start, runs, tmp_path):
    run = start(config=ENDLESS)
    first_step(runs, run)
    runs.stop(run.id)
    *_, last = runs.follow(run.id, poll_seconds=0.02)
    assert isinstance(last, Stopped)
    assert last.adapter == "facts"
    assert 1 <= last.step < 1100
    assert runs.get(run.id).status == "stopped"
    adapter = Adapters([tmp_path / "adapters"]).get("facts")
    assert "**stopped**" in (adapter.path / "README.md").read_text()


def test_a_model_that_cannot_be_loaded_fails_with_its_reason(start, runs, tmp_path):
    (tmp_path / "empty").mkdir()
    run = start(files=ModelFiles("hollow", str(tmp_path / "empty")))
    *_, last = runs.follow(run.id, poll_seconds=0.02)
    assert isinstance(last, Failed)
    assert "'hollow'" in last.text("en")
    assert "'hollow'" in last.text("zh")
    assert "Traceback" in (run.folder / "worker.log").read_text()


def test_a_name_is_taken_by_a_run_that_will_make_an_adapter(start, runs):
    run = start(config=ENDLESS)
    with pytest.raises(AdapterNameTaken, match="facts-2"):
        start("facts")
    runs.stop(run.id)


def test_a_taken_name_is_refused_with_a_free_one(start, tmp_path):
    (tmp_path / "adapters" / "facts").mkdir(parents=True)
    (tmp_path / "adapters" / "facts-2").mkdir()
    with pytest.raises(AdapterNameTaken, match="facts-3"):
        start("facts")


def test_a_path_is_not_a_name(start, runs, tmp_path):
    with pytest.raises(AdapterNameInvalid):
        start("../facts")
    assert not (tmp_path / "runs").exists()
    with pytest.raises(UnknownName):
        runs.get("..")


def test_a_worker_that_cannot_even_begin_is_failed_and_not_tried_again(start, runs, monkeypatch):
    monkeypatch.setenv("PYTHONHOME", "/nowhere")  # no Python starts with it
    run = start()
    assert run.status == "failed"
    runs.advance()
    assert not (run.folder / "worker.json").exists()


def test_a_run_prepared_by_hand_waits_for_its_trainer(start, runs):
    run = start(by_hand=True)
    runs.advance()
    assert runs.get(run.id).status == "queued"
    assert not (run.folder / "worker.json").exists()


def test_a_run_of_the_time_before_start_from_is_still_listed(runs, start):
    run = start()
    list(runs.follow(run.id))
    file = run.folder / "config.json"
    fields = json.loads(file.read_text(encoding="utf-8"))
    del fields["start_from"]
    file.write_text(json.dumps(fields), encoding="utf-8")
    assert [listed.status for listed in runs.list()] == ["succeeded"]
