"""How long a training will take and how much memory, measured with a few of its own steps.

`python -m playground.finetune.probe FOLDER` measures, in a process of its own: if the model does
not fit, that process ends and nothing else.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playground.dataset import Reason
from playground.errors import ProbeFailed, TrainingOutOfMemory
from playground.finetune.job import Data, Job
from playground.settings import SHARED_PROCESSOR
from playground.types import Progress

_STEPS = 3
_TRIES = 1 + _STEPS  # the largest batch, and a middle one a few times
_LIMIT_SECONDS = 300
_POLL_SECONDS = 0.3


@dataclass(frozen=True)
class Estimate:
    """What was measured, and what follows for the whole run.

    `seconds` are without loading and the test questions; `memory_bytes` is the most that the
    process took, on the GPU if it trains there.
    """

    seconds: float
    tokens_per_second: float
    memory_bytes: int
    steps: int


def estimate(job: Job, data: Data) -> Generator[Progress | Estimate]:
    """Try `job` for a few steps: several times a second, how far that is; then what was found.

    Whoever closes the iterator ends the try.

    Raises:
        TrainingOutOfMemory: it does not fit. ProbeFailed: it cannot be trained; says why.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job.save(folder, data)
        said = folder / "said.jsonl"
        with said.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "playground.finetune.probe", name],
                cwd=Path(__file__).resolve().parents[2],
                env={**SHARED_PROCESSOR, **os.environ},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.DEVNULL,
            )
        try:
            yield from _followed(process, said, job.name)
        finally:
            process.kill()
            process.wait()
        yield _found(process.returncode, _last(said))


def _followed(process: subprocess.Popen[bytes], said: Path, name: str) -> Iterator[Progress]:
    latest = time.monotonic() + _LIMIT_SECONDS
    while process.poll() is None:
        if time.monotonic() > latest:
            limit = f"> {_LIMIT_SECONDS} s"
            raise ProbeFailed(reason=Reason(limit, limit))
        tried = _last(said).get("tried")
        yield Progress("load", name, 0) if tried is None else Progress("try", name, tried, _TRIES)
        time.sleep(_POLL_SECONDS)


def _last(said: Path) -> dict[str, Any]:
    """The last whole line of what the process said; empty if it said nothing yet."""
    lines = said.read_bytes().split(b"\n")[:-1]
    return json.loads(lines[-1]) if lines else {}


def _found(returncode: int, told: dict[str, Any]) -> Estimate:
    if returncode < 0 or not told or "tried" in told:  # killed: the system ran out of memory
        raise TrainingOutOfMemory
    if "en" in told:
        raise ProbeFailed(reason=Reason(**told))
    return Estimate(**told)


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _measure(folder: Path) -> Estimate:
    import torch

    from playground.finetune.loss import loss_of
    from playground.finetune.memory import peak_memory_bytes
    from playground.finetune.preparing import prepare

    prepared = prepare(folder, Job.load(folder))
    model, device = prepared.model, next(prepared.model.parameters()).device
    if Job.load(folder).config.low_memory:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    model.train()

    def tokens(piece: tuple[int, ...]) -> int:
        return sum(len(prepared.training[row].input_ids) for row in piece)

    tried = itertools.count(1)

    def seconds_of(piece: tuple[int, ...]) -> float:
        batch = prepared.collate([prepared.training[row] for row in piece])
        batch = {name: tensor.to(device) for name, tensor in batch.items()}
        start = time.perf_counter()
        labels = batch.pop("labels")
        loss_of(model(**batch), labels, torch.tensor(1.0, device=device)).backward()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        seconds = time.perf_counter() - start
        _say({"tried": next(tried)})
        return seconds

    _say({"tried": 0})
    pieces = sorted(prepared.plan.pieces, key=tokens)
    seconds_of(pieces[-1])  # the largest: for the memory, and to warm up
    middle = pieces[len(pieces) // 2]
    speed = tokens(middle) / statistics.median(seconds_of(middle) for _ in range(_STEPS))
    trained = sum(map(tokens, prepared.plan.pieces))
    exams = sum(len(example.input_ids) for example in prepared.validation)
    exams *= prepared.plan.steps / prepared.plan.steps_per_epoch
    # An optimizer's two moments, which these steps did not need.
    optimizer = 8 * sum(p.numel() for p in model.parameters() if p.requires_grad)
    return Estimate(
        seconds=(trained + exams / 3) / speed,  # an exam has no backward pass
        tokens_per_second=speed,
        memory_bytes=peak_memory_bytes(device) + optimizer,
        steps=prepared.plan.steps,
    )


if __name__ == "__main__":
    from playground.finetune.failures import explain

    try:
        _say(asdict(_measure(Path(sys.argv[1]))))
    except Exception as error:  # the boundary of this process
        reason = explain(error)
        _say({"en": reason.text("en"), "zh": reason.text("zh")})
