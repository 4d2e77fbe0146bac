"""Two processes train one adapter, and get what one process gets."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file

from playground.dataset import load
from playground.finetune import Finished, Runs, Step, TrainConfig
from playground.finetune.job import Data, Job
from playground.models import ModelFiles
from tests.tiny import make_model

ROWS = [{"question": f"Which is {i}?", "answer": f"It is {i}."} for i in range(12)]
DATA = load("rows.json", json.dumps(ROWS).encode())


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    make_model(home / "model")
    return home


def job(home, name, processes):
    return Job(
        name=name,
        files=ModelFiles("tiny", str(home / "model")),
        config=TrainConfig(epochs=2, batch_size=4, learning_rate=0.01),
        adapters_dir=home / "adapters",
        file="rows.json",
        shape="question/answer",
        device="cpu",
        held_out_questions=1,
        processes=processes,
    )


def test_two_processes_learn_what_one_learns(home):
    runs = Runs(home / "runs")
    losses, weights = {}, {}
    for name, processes in (("one", 1), ("two", 2)):
        run = runs.start(job(home, name, processes), Data(DATA.rows))
        events = tuple(runs.follow(run.id, poll_seconds=0.05))
        assert isinstance(events[-1], Finished), (run.folder / "worker.log").read_text()[-3000:]
        losses[name] = [event.loss for event in events if isinstance(event, Step)]
        weights[name] = load_file(home / "adapters" / name / "adapter_model.safetensors")
    assert losses["two"] == pytest.approx(losses["one"], rel=1e-3)
    for key, tensor in weights["one"].items():
        torch.testing.assert_close(weights["two"][key], tensor, rtol=0.05, atol=2e-3)


def test_a_prepared_run_is_trained_by_accelerate_launch(home):
    runs = Runs(home / "runs")
    run = runs.start(job(home, "by-hand", 1), Data(DATA.rows), by_hand=True)
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes", "1"]
    further = ["--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no"]
    command = [*launch, *further, "-m", "playground.finetune.train", str(run.folder)]
    subprocess.run(command, check=True, env=dict(os.environ), capture_output=True)
    assert runs.get(run.id).status == "succeeded"
    assert (home / "adapters" / "by-hand" / "adapter_model.safetensors").is_file()
