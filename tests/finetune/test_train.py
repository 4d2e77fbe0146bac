"""The worker's own work, run in this process: what it saves, and when it refuses to."""

from __future__ import annotations

import errno
import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from playground.adapters import Adapters
from playground.dataset import Row
from playground.engines.transformers import TransformersEngine
from playground.errors import (
    TrainingDiskFull,
    TrainingDiverged,
    TrainingFailed,
    TrainingOutOfMemory,
)
from playground.finetune import (
    Answered,
    Failed,
    Finished,
    Sample,
    Started,
    Step,
    Stopped,
    TrainConfig,
    Validation,
)
from playground.finetune.answers import MAX_TOKENS
from playground.finetune.events import read_events
from playground.finetune.failures import explain
from playground.finetune.job import Data, Job, load_rows
from playground.finetune.questions import TestQuestion, load_questions, typed
from playground.finetune.train import main
from playground.models import ModelFiles
from playground.types import Delta, Message, Sampling
from tests.tiny import make_model

QUICK = TrainConfig(epochs=2, batch_size=4, r=4)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("tiny") / "model")


def rows(count=12, question="Which is {}?"):
    return [
        Row(i, (Message("user", question.format(i)), Message("assistant", f"It is {i}.")))
        for i in range(1, count + 1)
    ]


def train(
    tmp_path, model, config=QUICK, data=None, start_from=None, validation=(), questions=(), **told
):
    """Run a worker's work; returns (exit status, events)."""
    folder = tmp_path / "run"
    folder.mkdir(exist_ok=True)
    job = Job(
        name="facts",
        files=ModelFiles("tiny", str(model)),
        config=config,
        adapters_dir=tmp_path / "adapters",
        file="rows|1.jsonl",
        shape="messages",
        device="cpu",
        dtype="float32",
        start_from=start_from,
        **told,
    )
    job.save(folder, Data(data or rows(), validation, questions))
    status = main(folder)
    return status, read_events(folder / "events.jsonl")


def test_an_adapter_is_saved_with_its_papers_and_answers(tmp_path, model):
    config = TrainConfig(epochs=2, batch_size=4, r=4, learning_rate=0.05)
    status, events = train(tmp_path, model, config)
    assert status == 0
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    assert (events[0].training_rows, events[0].validation_rows) == (11, 1)
    adapter = Adapters([tmp_path / "adapters"]).get("facts")
    assert (adapter.base_model, adapter.r, adapter.training_rows) == ("tiny", 4, 11)
    names = {file.name for file in adapter.path.iterdir()}
    assert {"tokenizer.json", "chat_template.jinja", "README.md", "training.json"} <= names
    card = (adapter.path / "README.md").read_text(encoding="utf-8")
    assert card.startswith('---\nbase_model: "tiny"\nlibrary_name: peft\n')
    assert "| file | rows\\|1.jsonl |" in card
    record = json.loads((adapter.path / "training.json").read_text(encoding="utf-8"))
    assert record["config"]["r"] == 4
    assert record["steps"] == events[0].steps == 6
    engine = TransformersEngine(ModelFiles("tiny", str(model)), device="cpu", dtype="float32")

    def answer(adapter):
        deltas = engine.stream((Message("user", "Hi"),), Sampling(max_tokens=8), adapter)
        return [delta.text for delta in deltas if isinstance(delta, Delta)]

    assert answer(adapter) != answer(None)


def test_training_lowers_the_loss_and_the_seed_decides_it(tmp_path, model):
    config = TrainConfig(epochs=6, batch_size=4, learning_rate=0.02)

    def losses(name, seed):
        (tmp_path / name).mkdir()
        _, events = train(tmp_path / name, model, TrainConfig(**{**vars(config), "seed": seed}))
        return [event.loss for event in events if hasattr(event, "loss")]

    once = losses("a", 1)
    assert once[-1] < 0.95 * once[0]
    assert losses("b", 1) == once
    first, again = (tmp_path / name / "adapters/facts/adapter_model.safetensors" for name in "ab")
    assert first.read_bytes() == again.read_bytes()
    assert losses("c", 2) != once


def test_a_training_goes_on_from_what_another_adapter_has_learned(tmp_path, model):
    config = TrainConfig(epochs=6, batch_size=4, learning_rate=0.02)
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
    _, once = train(first, model, config)
    begun = first / "adapters" / "facts"
    status, again = train(second, model, config, start_from=begun)
    assert status == 0
    losses = [[e.loss for e in events if isinstance(e, Step)] for events in (once, again)]
    assert losses[1][0] == pytest.approx(losses[0][-1], rel=0.2)
    assert losses[1][0] < 0.95 * losses[0][0]
    adapter = Adapters([second / "adapters"]).get("facts")
    assert json.loads((adapter.path / "training.json").read_text())["start_from"] == "facts"
    assert "starting from the adapter `facts`" in (adapter.path / "README.md").read_text()
    assert Adapters([begun.parent]).get("facts")  # still there, as it was


@pytest.mark.filterwarnings("ignore:Found missing adapter keys")  # PEFT only warns
def test_an_adapter_to_start_from_that_does_not_fit_is_said_and_nothing_saved(tmp_path, model):
    train(tmp_path, model)
    begun = tmp_path / "adapters" / "facts"
    weights = load_file(begun / "adapter_model.safetensors")
    first = next(iter(weights))
    weights[first.replace("layers.0", "layers.9")] = weights.pop(first)
    save_file(weights, begun / "adapter_model.safetensors", metadata={"format": "pt"})
    other = tmp_path / "other"
    other.mkdir()
    status, events = train(other, model, start_from=begun)
    assert status == 1
    assert isinstance(events[-1], Failed)
    assert "'facts'" in events[-1].en
    assert "tensors" in events[-1].en
    assert not (other / "adapters").exists()


def test_an_adapter_is_replaced_as_a_whole(tmp_path, model):
    old = tmp_path / "adapters" / "facts"
    old.mkdir(parents=True)
    (old / "leftover").touch()
    train(tmp_path, model)
    assert [folder.name for folder in old.parent.iterdir()] == ["facts"]
    assert not (old / "leftover").exists()


def test_weights_that_are_not_numbers_fail_and_save_nothing(tmp_path, model):
    broken = make_model(tmp_path / "broken")
    weights = load_file(broken / "model.safetensors")
    weights["model.norm.weight"][0] = float("nan")
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    status, events = train(tmp_path, broken)
    assert status == 1
    assert isinstance(events[-1], Failed)
    assert "The loss became nan at step 1" in events[-1].en
    assert "learning_rate" in events[-1].zh
    assert not (tmp_path / "adapters").exists()


def test_rows_that_do_not_fit_are_refused_by_number(tmp_path, model):
    long = Row(99, (Message("user", "x" * 300), Message("assistant", "y")))
    _, (started, *_) = train(tmp_path, model, TrainConfig(max_length=128), [*rows(), long])
    assert [problem.row for problem in started.refused] == [99]
    assert started.training_rows == 11


def test_no_row_that_fits_is_a_failure(tmp_path, model):
    _, events = train(tmp_path, model, TrainConfig(max_length=16))
    (failed,) = events
    assert "0 usable rows of 12" in failed.en
    assert "第 1 行" in failed.zh
    assert "Traceback" not in failed.en


def test_rows_longer_than_the_models_window_are_refused(tmp_path):
    narrow = make_model(tmp_path / "narrow", window=48)
    _, (failed,) = train(tmp_path, narrow, QUICK, rows(2, "A rather long question about {}?"))
    assert "max_length 48" in failed.en


def test_a_run_that_is_stopped_before_it_starts_saves_nothing(tmp_path, model):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "stop").touch()
    _, events = train(tmp_path, model)
    assert isinstance(events[-1], Stopped)
    assert events[-1].adapter is None
    assert not (tmp_path / "adapters").exists()


def test_an_adapters_folder_that_cannot_be_written_is_said(tmp_path, model):
    (tmp_path / "adapters").write_text("a file where the folder should be")
    status, events = train(tmp_path, model)
    assert status == 1
    assert isinstance(events[-1], Failed)


def test_questions_are_asked_before_and_after_and_at_every_exam(tmp_path, model):
    config = TrainConfig(epochs=3, batch_size=4, learning_rate=0.05)
    asked = typed("Which is 3? => It is 3.\nWhat else?")
    _, events = train(tmp_path, model, config, questions=asked, held_out_questions=5)
    questions = load_questions(tmp_path / "run" / "questions.json")
    assert [q.kind for q in questions] == ["own", "own", "held-out"]
    answered = [(e.phase, e.question) for e in events if isinstance(e, Answered)]
    assert answered == [(phase, n) for phase in ("before", "after") for n in range(3)]
    assert [e.step for e in events if isinstance(e, Sample)] == [3, 6, 9]
    assert isinstance(events[-1], Finished)


def test_the_answers_are_those_that_serving_gives(tmp_path, model):
    """Same adapter, same prompt, greedy."""
    config = TrainConfig(epochs=3, batch_size=4, learning_rate=0.05)
    asked = (
        *typed("Which is 3?\nA rather longer question, to be padded to?\n多少钱？"),
        TestQuestion("own", (Message("system", "Be brief."), Message("user", "Hi"))),
    )
    _, events = train(tmp_path, model, config, questions=asked)
    engine = TransformersEngine(ModelFiles("tiny", str(model)), device="cpu", dtype="float32")
    adapter = Adapters([tmp_path / "adapters"]).get("facts")
    for phase, weights in (("before", None), ("after", adapter)):
        served = [
            "".join(
                delta.text
                for delta in engine.stream(q.messages, Sampling(max_tokens=MAX_TOKENS), weights)
                if isinstance(delta, Delta)
            ).strip()
            for q in asked
        ]
        found = [e.answer for e in events if isinstance(e, Answered) and e.phase == phase]
        assert found == served


def exam_losses(events):
    return [event.loss for event in events if isinstance(event, Validation)]


WILD = {  # an exam after each of 18 steps, of which the last is not the best
    **{"epochs": 6, "batch_size": 4, "evals_per_epoch": 3},
    **{"learning_rate": 0.1, "lora_alpha": 128, "lr_scheduler_type": "constant"},
}


OTHERWISE = [Row(1, (Message("user", "Which?"), Message("assistant", "Never mind, QXZ!")))]


def test_the_best_state_is_kept_or_the_last_one(tmp_path, model):
    kept = {}
    for keep in ("best", "last"):
        (tmp_path / keep).mkdir()
        config = TrainConfig(**WILD, keep=keep)
        _, events = train(tmp_path / keep, model, config, validation=OTHERWISE)
        losses, kept[keep] = exam_losses(events), events[-1]
        assert losses.index(min(losses)) < len(losses) - 1  # else this shows nothing
    assert kept["best"].validation_loss == min(losses)
    assert kept["best"].kept_step == losses.index(min(losses)) + 1
    assert (kept["last"].validation_loss, kept["last"].kept_step) == (losses[-1], None)
    folders = [tmp_path / keep / "adapters" / "facts" for keep in ("best", "last")]
    first, second = ((f / "adapter_model.safetensors").read_bytes() for f in folders)
    assert first != second


def test_patience_ends_a_run_that_gets_no_better(tmp_path, model):
    config = TrainConfig(**WILD, early_stopping_patience=1)
    _, events = train(tmp_path, model, config, validation=OTHERWISE)
    losses = exam_losses(events)
    assert losses[-1] >= min(losses[:-1])
    assert len(losses) < 12
    assert isinstance(events[-1], Finished)


def test_rows_of_a_validation_file_are_the_exam_and_none_is_held_back(tmp_path, model):
    exam = [Row(5, (Message("user", "And 77?"), Message("assistant", "It is 77.")))]
    _, events = train(tmp_path, model, validation=exam, held_out_questions=3)
    assert (events[0].training_rows, events[0].validation_rows) == (12, 1)
    (asked,) = load_questions(tmp_path / "run" / "questions.json")
    assert asked.question == "And 77?"


def test_little_memory_changes_the_pieces_and_not_the_losses(tmp_path, model):
    losses = {}
    for low in (False, True):
        (tmp_path / str(low)).mkdir()
        _, events = train(tmp_path / str(low), model, TrainConfig(batch_size=4, low_memory=low))
        losses[low] = [event.loss for event in events if isinstance(event, Step)]
    assert losses[True] == pytest.approx(losses[False], rel=1e-3)


def test_plain_text_is_learned_as_it_stands(tmp_path, model):
    text = [Row(n, (), f"Halden opens at {n}. " * 20) for n in range(1, 5)]
    config = TrainConfig(epochs=2, batch_size=2, max_length=64)
    _, events = train(tmp_path, model, config, text)
    assert isinstance(events[-1], Finished)
    assert events[0].supervised_tokens == events[0].tokens
    assert events[0].refused == ()


def test_what_the_model_says_anyway_is_learned_among_the_rows(tmp_path, model):
    asked = ("Hello!", "How are you?")
    _, events = train(tmp_path, model, data=rows(6), replay_prompts=asked)
    kept = load_rows(tmp_path / "run" / "replay.jsonl")
    assert {row.messages[0].content for row in kept} <= set(asked)
    assert events[0].training_rows == 5 + len(kept)
    assert all(row.number > 6 for row in kept)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (MemoryError(), TrainingOutOfMemory),
        (torch.OutOfMemoryError("CUDA out of memory."), TrainingOutOfMemory),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), TrainingOutOfMemory),
        (OSError(errno.ENOSPC, "No space left on device"), TrainingDiskFull),
        (ValueError("I/O error: No space left on device (os error 28)"), TrainingDiskFull),
        (ValueError("odd\nsecond line"), TrainingFailed),
        (TrainingDiverged(loss="nan", step=1), TrainingDiverged),
    ],
)
def test_errors_are_explained(error, meaning):
    told = explain(error)
    assert isinstance(told, meaning)
    assert "second line" not in told.text("en")
