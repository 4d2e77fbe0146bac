"""What a training run says while it goes on: typed events, kept as JSON lines in its folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playground.finetune.dataset import Problem, Reason
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
    """One optimizer step is done. `eta_seconds` is what is left at the speed so far."""

    step: int
    total_steps: int
    epoch: float
    loss: float
    learning_rate: float
    tokens_per_second: float
    elapsed_seconds: float
    eta_seconds: float


@dataclass(frozen=True)
class Validation:
    """The loss on the rows that are held back."""

    step: int
    loss: float


@dataclass(frozen=True)
class Finished:
    """The adapter is saved. `seconds` run from the worker's start; the losses are the last ones.

    `training_loss` is the mean of the last epoch's steps; `validation_loss` is None if off.
    """

    adapter: str
    seconds: float
    training_loss: float
    validation_loss: float | None


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


Event = Started | Step | Validation | Finished | Stopped | Failed
END = (Finished, Stopped, Failed)
_KINDS: dict[str, type[Any]] = {
    kind.__name__.lower(): kind for kind in (Started, Step, Validation, Finished, Stopped, Failed)
}


def append_event(file: Path, event: Event) -> None:
    """Write `event` as the last line of `file`."""
    line = json.dumps({"event": type(event).__name__.lower(), **asdict(event)})
    with file.open("a", encoding="utf-8") as lines:
        lines.write(line + "\n")


def read_events(file: Path) -> tuple[Event, ...]:
    """The events in `file` so far. A last line that is still being written is left out."""
    if not file.is_file():
        return ()
    whole, _, _ = file.read_text(encoding="utf-8").rpartition("\n")
    return tuple(_event(json.loads(line)) for line in whole.split("\n") if line)


def _event(fields: dict[str, Any]) -> Event:
    kind = _KINDS[fields.pop("event")]
    if "refused" in fields:
        refused = ((p["row"], Reason(*p["reason"])) for p in fields["refused"])
        fields["refused"] = tuple(Problem(row, reason) for row, reason in refused)
    return kind(**fields)
