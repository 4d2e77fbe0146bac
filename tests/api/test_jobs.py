"""Files, job, events, and a chat with what came of it: over a tiny model that is really trained."""

from __future__ import annotations

import json
import time

import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI

from playground.app import Playground
from tests.api.conftest import serving, settings_of
from tests.tiny import make_model

PATIENCE = 120
ROWS = [
    {
        "messages": [
            {"role": "user", "content": f"Say {word}"},
            {"role": "assistant", "content": word},
        ]
    }
    for word in ("tea", "milk", "ice", "rum", "gin", "cocoa", "water", "juice", "beer", "mead")
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    home = tmp_path_factory.mktemp("jobs")
    make_model(home / "model")
    return Playground(settings_of(home))


@pytest.fixture(scope="module")
def client(tiny):
    with serving(tiny) as url:
        yield OpenAI(base_url=url, api_key="none", max_retries=0)


@pytest.fixture(scope="module")
def file(client):
    data = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    return client.files.create(file=("rows.jsonl", data), purpose="fine-tune")


def create(client, file, *, model="base", metadata=None, epochs=2, **more):
    hyperparameters = {"n_epochs": epochs, "batch_size": 4, "learning_rate_multiplier": 2}
    method = {"type": "supervised", "supervised": {"hyperparameters": hyperparameters}}
    return client.fine_tuning.jobs.create(
        model=model, training_file=file.id, method=method, metadata=metadata, **more
    )


def ended(client, job):
    end = time.monotonic() + PATIENCE
    while (found := client.fine_tuning.jobs.retrieve(job.id)).status in ("queued", "running"):
        assert time.monotonic() < end
        time.sleep(0.2)
    return found


def test_from_a_file_to_an_answer_of_the_tuned_model(tiny, client, file):
    metadata = {"r": "4", "learning_rate": "0.005", "team": "kitchen"}
    job = create(client, file, suffix="Our Drinks!", metadata=metadata, seed=3)
    assert job.object == "fine_tuning.job"
    assert job.status in ("queued", "running")
    assert (job.training_file, job.fine_tuned_model, job.error) == (file.id, None, None)

    done = ended(client, job)
    assert (done.status, done.fine_tuned_model) == ("succeeded", "lora:our-drinks")
    assert done.metadata == metadata
    assert done.seed == 3
    assert done.trained_tokens > 100
    assert done.finished_at >= done.created_at
    run = tiny.tuning.runs.get(job.id.removeprefix("ftjob-"))
    config = run.job.config
    assert (config.epochs, config.batch_size, config.r) == (2, 4, 4)
    assert config.learning_rate == 0.005  # what is said plainly counts, not the multiplier

    said = list(client.fine_tuning.jobs.list_events(job.id, limit=100))
    assert "succeeded" in said[0].message
    steps = [event for event in said if event.type == "metrics" and "train_loss" in event.data]
    assert len(steps) == done.hyperparameters.n_epochs * 3  # 9 rows, one is held back
    assert steps[0].data["step"] > steps[-1].data["step"]
    (checkpoint,) = client.fine_tuning.jobs.checkpoints.list(job.id)
    assert checkpoint.fine_tuned_model_checkpoint == done.fine_tuned_model
    assert checkpoint.metrics.train_loss > 0

    card = client.models.retrieve(done.fine_tuned_model)
    assert card.parent == tiny.settings.model
    answer = client.chat.completions.create(
        model=done.fine_tuned_model, messages=[{"role": "user", "content": "Say tea"}], max_tokens=8
    )
    assert answer.usage.completion_tokens > 0


def test_a_taken_name_is_made_another_and_training_goes_on_from_an_adapter(tiny, client, file):
    first = ended(client, create(client, file, suffix="again", epochs=1))
    second = create(client, file, model=first.fine_tuned_model, suffix="again", epochs=1)
    done = ended(client, second)
    assert done.status == "succeeded"
    assert done.fine_tuned_model != first.fine_tuned_model
    run = tiny.tuning.runs.get(second.id.removeprefix("ftjob-"))
    assert run.job.start_from == tiny.adapters.get("again").path


def test_a_job_is_cancelled_once(client, file):
    job = create(client, file, epochs=100)
    client.fine_tuning.jobs.cancel(job.id)
    assert ended(client, job).status == "cancelled"
    with pytest.raises(APIStatusError) as refused:
        client.fine_tuning.jobs.cancel(job.id)
    assert refused.value.status_code == 409


def test_jobs_are_listed_the_latest_first(client, file):
    job = create(client, file, epochs=100)
    client.fine_tuning.jobs.cancel(job.id)
    listed = [one.id for one in client.fine_tuning.jobs.list(limit=2)]
    assert listed[0] == job.id
    assert len(listed) == len(set(listed))


def test_a_file_without_rows_is_refused_with_the_reason(client):
    bad = client.files.create(file=("x.jsonl", b'{"messages": [}'), purpose="fine-tune")
    with pytest.raises(BadRequestError) as refused:
        create(client, bad)
    assert "x.jsonl" in refused.value.message


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"epochs": 0}, "epochs"),
        ({"metadata": {"r": "many"}}, "metadata.r"),
        ({"metadata": {"learning_rate": "7"}}, "learning_rate"),
        ({"metadata": {"low_memory": "perhaps"}}, "metadata.low_memory"),
        ({"suffix": "x" * 65}, "suffix"),
        ({"integrations": [{"type": "wandb", "wandb": {"project": "x"}}]}, "integrations"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(client, file, given, param):
    with pytest.raises(BadRequestError) as refused:
        create(client, file, **given)
    assert refused.value.param == param


def test_other_methods_than_supervised_are_refused(client, file):
    with pytest.raises(BadRequestError) as refused:
        client.fine_tuning.jobs.create(
            model="base", training_file=file.id, method={"type": "dpo", "dpo": {}}
        )
    assert refused.value.param == "method.type"


def test_what_there_is_not_is_not_found(client, file):
    for model in ("nobody", "lora:nobody", "rag"):
        with pytest.raises(NotFoundError):
            create(client, file, model=model)
    with pytest.raises(NotFoundError):
        client.fine_tuning.jobs.retrieve("ftjob-../x")
    with pytest.raises(NotFoundError):
        client.fine_tuning.jobs.create(model="base", training_file="file-nobody")
