"""The Trainer's progress as events, and its two reasons to end early."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from playground.errors import TrainingDiverged
from playground.finetune.events import Step, Validation, append_event
from playground.finetune.job import EVENTS_FILE, STOP_FILE


class Reporter(TrainerCallback):
    """Appends Step and Validation events to the run's file, and obeys its stop file."""

    def __init__(self, folder: Path) -> None:
        self.stopped = False
        self.validation_loss: float | None = None
        self._folder = folder
        self._start = 0.0
        self._losses: list[float] = []
        self._steps_per_epoch = 1

    @property
    def training_loss(self) -> float:
        """The mean over the last epoch's steps."""
        last = self._losses[-self._steps_per_epoch :]
        return sum(last) / len(last)

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self._start = time.perf_counter()
        self._steps_per_epoch = max(1, round(state.max_steps / args.num_train_epochs))

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        if (self._folder / STOP_FILE).exists():
            self.stopped = state.global_step < state.max_steps
            control.should_training_stop = True

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: Any,
    ) -> None:
        """Called once a step, after each validation, and (with neither loss) at the end.

        Raises:
            TrainingDiverged: a loss is not a finite number.
        """
        logs = logs or {}
        step, loss = state.global_step, logs.get("loss", logs.get("eval_loss"))
        if loss is None:
            return
        if not math.isfinite(loss):
            raise TrainingDiverged(loss=loss, step=step)
        if "eval_loss" in logs:
            self.validation_loss = loss
            append_event(self._folder / EVENTS_FILE, Validation(step, loss))
            return
        self._losses.append(loss)
        elapsed = time.perf_counter() - self._start
        event = Step(
            step=step,
            total_steps=state.max_steps,
            epoch=state.epoch or 0.0,
            loss=loss,
            learning_rate=logs["learning_rate"],
            tokens_per_second=state.num_input_tokens_seen / elapsed,
            elapsed_seconds=elapsed,
            eta_seconds=elapsed / step * (state.max_steps - step),
        )
        append_event(self._folder / EVENTS_FILE, event)
