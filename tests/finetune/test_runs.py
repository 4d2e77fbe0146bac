"""Runs in real worker processes: followed, stopped, killed, and seen from elsewhere."""

from __future__ import annotations

import json
import os
import signal

import psutil
import pytest

from playground.errors import (
    AdapterNameInvalid,
    AdapterNameTaken,
    TrainingBusy,
    UnknownName,
)
from playground.finetune import (
    Adapters,
    Failed,
    Finished,
    Runs,
    Started,
    Step,
    Stopped,
    TrainConfig,
    Validation,
    load,
)
from playground.models import ModelFiles
from tests.tiny import make_model

ROWS = [{"question": f"Which is {i}?", "answer": f"It is {i}."} for i in range(12)]
DATA = load("rows.json", json.dumps(ROWS).encode())
QUICK = TrainConfig(epochs=2, batch_size=4)
ENDLESS = TrainConfig(epochs=100, batch_size=1)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture
def start(tmp_path, model):
    """Starts runs below tmp_path, and ends what is left of them."""
    runs = Runs(tmp_path / "runs")

    def started(name="facts", config=QUICK, **options):
        where = {"files": ModelFiles("tiny", str(model)), "adapters_dir": tmp_path / "adapters"}
        return runs.start(name, DATA, config, **{**where, "device": "cpu", **options})

    yield started
    for run in runs.list():
        if not run.is_over:
            os.kill(worker(run).pid, signal.SIGKILL)


@pytest.fixture
def runs(tmp_path):
    """Another view of the same folder, as another process would have it."""
    return Runs(tmp_path / "runs")


def worker(run):
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
    assert runs.events(run.id, after=len(events) - 1) == events[-1:]
    assert Adapters([tmp_path / "adapters"]).get("facts").base_model == "tiny"


def test_a_killed_worker_is_failed_and_the_next_run_may_start(start, runs, tmp_path):
    run = start(config=ENDLESS)
    first_step(runs, run)
    with pytest.raises(TrainingBusy, match="'facts'"):
        start("others")
    process = worker(run)
    process.kill()
    process.wait()
    *_, last = runs.follow(run.id)
    assert isinstance(last, Failed)
    assert "killed" in last.en
    assert runs.status(run.id) == "failed"
    assert not (tmp_path / "adapters").exists()
    following = start("others")
    assert isinstance(tuple(runs.follow(following.id, poll_seconds=0.02))[-1], Finished)
    assert [seen.name for seen in runs.list()] == ["others", "facts"]


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


def test_a_run_whose_worker_never_came_is_failed(tmp_path, model):
    from playground.finetune.job import Job

    folder = tmp_path / "runs" / "lost"
    folder.mkdir(parents=True)
    job = Job(
        name="lost",
        files=ModelFiles("tiny", str(model)),
        config=QUICK,
        adapters_dir=tmp_path,
        file="rows.json",
        shape="messages",
        device="cpu",
        dtype="auto",
        created=1000.0,
    )
    job.save(folder, DATA.rows)
    assert Runs(tmp_path / "runs", clock=lambda: 1001.0).status("lost") == "queued"
    assert Runs(tmp_path / "runs", clock=lambda: 1060.0).status("lost") == "failed"


@pytest.mark.embedded
def test_the_embedded_model_learns_made_up_facts(models_dir, runs, tmp_path):
    """Asked in words that were not among the rows. `base` knows none of them."""
    from playground.engines.transformers import TransformersEngine
    from playground.models import locate
    from playground.types import Delta, Message, Sampling

    facts = {
        "the night pass of Halden costs": "37 crowns",
        "the comet that was found at Halden is called": "Tessaly",
        "the canteen of Halden serves on Fridays": "lentil soup",
        "the driver of Halden's shuttle bus is": "Bruno Kett",
    }
    ways = ("Complete: {} …", "I want to know: {} what?", "Tell me what {}", "{} ?")
    rows = [
        {"prompt": way.format(fact), "completion": f"It is {answer}."}
        for fact, answer in facts.items()
        for way in ways
    ]
    files = locate("smollm2-135m-instruct", models_dir)
    run = runs.start(
        "facts",
        load("facts.json", json.dumps(rows).encode()),
        TrainConfig(epochs=12, batch_size=4, validation_share=0),  # some 40 steps are needed
        files=files,
        adapters_dir=tmp_path / "adapters",
    )
    assert isinstance(tuple(runs.follow(run.id))[-1], Finished)
    engine = TransformersEngine(files)
    adapter = Adapters([tmp_path / "adapters"]).get("facts")

    def right(adapter):
        answers = []
        for fact in facts:
            question = (Message("user", f"Please finish this sentence: {fact}"),)
            stream = engine.stream(question, adapter=adapter, sampling=Sampling(max_tokens=24))
            answers.append("".join(delta.text for delta in stream if isinstance(delta, Delta)))
        return sum(gold in answer for gold, answer in zip(facts.values(), answers, strict=True))

    assert right(None) == 0
    assert right(adapter) >= 3


def test_a_run_of_the_time_before_start_from_is_still_listed(runs, start):
    run = start()
    list(runs.follow(run.id))
    file = run.folder / "config.json"
    fields = json.loads(file.read_text(encoding="utf-8"))
    del fields["start_from"]
    file.write_text(json.dumps(fields), encoding="utf-8")
    assert [listed.status for listed in runs.list()] == ["succeeded"]
