"""Fine-tuning on another server: a second instance of ours, which really trains a tiny model."""

from __future__ import annotations

import json

import pytest

from playground.app import Playground
from playground.cli.main import main
from playground.dataset import load
from playground.errors import NoRowsToSend, RemoteKeyRefused, RemoteModelUnknown
from playground.finetune import TrainConfig
from playground.finetune.platform import Platform
from playground.remote import Remote
from playground.remote.tuning import RemoteEvent, RemoteJob
from playground.settings import Settings
from tests.api.conftest import serving
from tests.tiny import make_model

KEY = "sk-platform"
ROWS = load(
    "rows.json",
    json.dumps([{"question": f"Say {n}", "answer": str(n)} for n in range(12)]).encode(),
).rows


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("platform")
    model = make_model(home / "model")
    playground = Playground(
        Settings(
            model=str(model),
            engine="transformers",
            embedder="fake",
            data_dir=home / "data",
            adapters_dir=home / "adapters",
            api_key=KEY,
        )
    )
    with serving(playground) as url:
        yield playground, url


@pytest.fixture
def platform(server):
    _, url = server
    made = Platform(Remote(url, "base", KEY), poll_seconds=0.2)
    yield made
    made.close()


def test_rows_are_uploaded_trained_followed_and_the_result_answers(server, platform):
    playground, url = server
    config = TrainConfig(epochs=2, batch_size=4, r=4, learning_rate=0.005, seed=7)
    sent = platform.start(ROWS, validation=ROWS[:2], suffix="numbers", config=config)
    assert sent.rows == 12
    assert sent.problems == ()
    *events, job = platform.follow(sent.job.id)
    assert isinstance(job, RemoteJob)
    assert (job.status, job.tuned_model) == ("succeeded", "lora:numbers")
    assert all(isinstance(event, RemoteEvent) for event in events)
    steps = [event.data["step"] for event in events if "train_loss" in event.data]
    assert steps == [1, 2, 3, 4, 5, 6]
    trained = playground.tuning.runs.list()[0].job.config
    assert (trained.epochs, trained.batch_size, trained.seed) == (2, 4, 7)
    assert (trained.r, trained.learning_rate) == (4, 0.005)
    assert job in platform.list()

    here = Playground(Settings(base_url=url, model="base", remote_api_key=KEY, embedder="fake"))
    events = here.compare("Say 3", modes=["base", "lora"], adapter=job.tuned_model)
    texts = [event.text for _, event in events if hasattr(event, "metrics")]
    assert len(texts) == 2


def test_a_job_is_cancelled(platform):
    sent = platform.start(ROWS, config=TrainConfig(epochs=100))
    platform.cancel(sent.job.id)
    *_, job = platform.follow(sent.job.id)
    assert job.status == "cancelled"


def test_rows_that_platforms_refuse_stay_here_and_are_named(platform):
    plain = load("rows.json", b'[{"text": "plain"}]').rows
    with pytest.raises(NoRowsToSend, match="plain text"):
        platform.start(plain, config=TrainConfig())
    mixed = [*ROWS, *(load("rows.jsonl", b'{"messages": [{"role": "user", "content": "x"}, '
                           b'{"role": "assistant", "content": "y"}]}').rows)]  # fmt: skip
    assert platform.start(mixed, config=TrainConfig(epochs=1)).rows == 13


def test_errors_are_those_of_servers(server):
    _, url = server
    with pytest.raises(RemoteKeyRefused):
        Platform(Remote(url, "base", "wrong")).list()
    with pytest.raises(RemoteModelUnknown):
        Platform(Remote(url, "nobody", KEY)).start(ROWS, config=TrainConfig())


def test_the_command_line_does_it_all(server, tmp_path, monkeypatch, capsys):
    _, url = server
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    rows = tmp_path / "rows.csv"
    rows.write_text("question,answer\n" + "".join(f"Say {n},{n}\n" for n in range(12)))
    server_flags = ("--base-url", url)
    assert main(["remote", "models", *server_flags]) == 0
    assert "rag" in capsys.readouterr().out.splitlines()
    tuned = ("remote", "finetune", str(rows), "--model", "base", "--name", "cli", "--epochs", "1")
    assert main([*tuned, *server_flags]) == 0
    out = capsys.readouterr().out
    assert "succeeded" in out
    assert "--adapter lora:cli" in out
    assert main(["remote", "jobs", "--json", *server_flags]) == 0
    jobs = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert jobs[0]["tuned_model"] == "lora:cli"
    assert main(["remote", "follow", jobs[0]["id"], *server_flags]) == 0
    assert main(["remote", "cancel", jobs[0]["id"], *server_flags]) == 1
    assert "finished" in capsys.readouterr().err
    assert main(["remote", "jobs"]) == 1
    assert "--base-url" in capsys.readouterr().err
