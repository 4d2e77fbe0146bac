"""What a training run says while it goes on: typed events, kept as JSON lines in its folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from playground.dataset.rows import Problem, Reason
from playground.types import Language


@dataclass(frozen=True)
class Started:
    """The rows are encoded and the model is loaded.

    `tokens` and `supervised_tokens` (those that are learned) are of one epoch. No
    `validation_rows` means that validation is off. `refused` rows take no part.
    """

    steps: int
    training_rows: int
    validation_rows: int
    tokens: int
    supervised_tokens: int
    trainable_parameters: int
    device: str
    dtype: str
    refused: tuple[Problem, ...] = ()
    uses_fallback_template: bool = False


@dataclass(frozen=True)
class Step:
    """One optimizer step is done. `eta_seconds` is what is left at the speed so far.

    `tokens_per_second` counts the rows' own tokens, and no time but that of the steps.
    `memory_bytes` is the most that the worker has taken so far.
    """

    step: int
    total_steps: int
    epoch: float
    loss: float
    learning_rate: float
    tokens_per_second: float
    elapsed_seconds: float
    eta_seconds: float
    memory_bytes: int = 0


@dataclass(frozen=True)
class Validation:
    """The loss on the rows that are held back."""

    step: int
    loss: float


@dataclass(frozen=True)
class Sample:
    """What the model answers to one question at this stage."""

    step: int
    question: str
    answer: str


@dataclass(frozen=True)
class Answered:
    """One of the test questions was answered, by the model as it was or as it has become.

    `question` is its place in the run's list. An answer is not `complete` if it was cut off.
    """

    phase: Literal["before", "after"]
    question: int
    answer: str
    complete: bool


@dataclass(frozen=True)
class Resumed:
    """The run goes on after it had ended or died: from `step`, as if nothing had come after."""

    step: int


@dataclass(frozen=True)
class Finished:
    """The adapter is saved. `seconds` run from the worker's start; the losses are the last ones.

    `training_loss` is the mean of the last epoch's steps; `validation_loss` is None if off.
    `kept_step` is the step whose state was kept, if it is not the last one.
    """

    adapter: str
    seconds: float
    training_loss: float
    validation_loss: float | None
    kept_step: int | None = None


@dataclass(frozen=True)
class Stopped:
    """The user stopped the run after `step`; `adapter` holds what it had learned by then.

    `adapter` is None if it was stopped before the first step.
    """

    adapter: str | None
    step: int
    seconds: float


@dataclass(frozen=True)
class Failed:
    """The run ended without an adapter."""

    en: str
    zh: str

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


Event = Started | Step | Validation | Sample | Answered | Resumed | Finished | Stopped | Failed
END = (Finished, Stopped, Failed)
_KINDS: dict[str, type[Any]] = {
    kind.__name__.lower(): kind
    for kind in (Started, Step, Validation, Sample, Answered, Resumed, Finished, Stopped, Failed)
}


def append_event(file: Path, event: Event) -> None:
    """Write `event` as the last line of `file`; half a line before it is dropped.

    One call writes one line, so that a process that is killed leaves whole lines but the last.
    """
    line = json.dumps({"event": type(event).__name__.lower(), **asdict(event)}) + "\n"
    with file.open("a+b") as lines:
        if lines.tell() and not _ends_whole(lines):
            line = "\n" + line
        lines.write(line.encode())


def _ends_whole(lines: Any) -> bool:
    lines.seek(-1, 2)
    return lines.read(1) == b"\n"


def read_events(file: Path) -> tuple[Event, ...]:
    """The events in `file` so far. A line that was never written to its end is left out."""
    if not file.is_file():
        return ()
    whole, _, _ = file.read_bytes().rpartition(b"\n")
    return tuple(_event(fields) for line in whole.split(b"\n") if (fields := _fields(line)))


def history(events: Sequence[Event]) -> tuple[Event, ...]:
    """What holds of `events`: where a run went on, what came after that point is forgotten."""
    kept: list[Event] = []
    for event in events:
        if isinstance(event, Resumed):
            kept = [before for before in kept if _still_holds(before, event.step)]
        elif isinstance(event, Started):
            kept = [before for before in kept if not isinstance(before, Started)]
        kept.append(event)
    return tuple(kept)


def _still_holds(event: Event, step: int) -> bool:
    match event:
        case Step() | Validation() | Sample():
            return event.step <= step
        case Answered(phase=phase):
            return phase == "before"
        case Started():
            return True
        case _:
            return False


def _fields(line: bytes) -> dict[str, Any] | None:
    """None for half a line, which a killed process left."""
    try:
        fields = json.loads(line)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None


def _event(fields: dict[str, Any]) -> Event:
    kind = _KINDS[fields.pop("event")]
    if "refused" in fields:
        refused = ((p["row"], Reason(*p["reason"])) for p in fields["refused"])
        fields["refused"] = tuple(Problem(row, reason) for row, reason in refused)
    return kind(**fields)
