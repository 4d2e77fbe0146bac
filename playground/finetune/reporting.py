"""The Trainer's progress as events, and its reasons to end early."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from playground.errors import TrainingDiverged
from playground.finetune.checkpoints import mark_complete
from playground.finetune.config import TrainConfig
from playground.finetune.events import Event, Sample, Step, Validation, append_event
from playground.finetune.job import EVENTS_FILE, STOP_FILE
from playground.finetune.memory import peak_memory_bytes
from playground.finetune.processes import agreed, is_main, leave_if_orphaned

_SAVE_SECONDS = 30.0  # what a killed run loses at most, beside the step it was in


class Reporter(TrainerCallback):
    """Appends events to the run's file, obeys its stop file, and decides when to save.

    `past` are the events that hold from before, if the run goes on; `step_tokens` are the rows'
    tokens of each step. `sample` gives a question and what is answered now.
    """

    def __init__(
        self,
        folder: Path,
        config: TrainConfig,
        step_tokens: Sequence[int],
        *,
        steps_per_epoch: int,
        past: Sequence[Event] = (),
        sample: Callable[[], tuple[str, str]] | None = None,
    ) -> None:
        self.stopped = False
        self._folder, self._config = folder, config
        self._step_tokens, self._steps_per_epoch = step_tokens, steps_per_epoch
        self._sample = sample
        self._losses = [event.loss for event in past if isinstance(event, Step)]
        self._exams = [event.loss for event in past if isinstance(event, Validation)]
        before = [event.elapsed_seconds for event in past if isinstance(event, Step)]
        self._elapsed_before = before[-1] if before else 0.0
        self._start = self._step_start = self._saved = time.perf_counter()
        self._in_steps, self._tokens, self._steps_here = 0.0, 0, 0

    @property
    def training_loss(self) -> float:
        """The mean over the last epoch's steps."""
        last = self._losses[-self._steps_per_epoch :]
        return sum(last) / len(last)

    @property
    def validation_loss(self) -> float | None:
        """That of the state that is kept; None if validation is off."""
        if not self._exams:
            return None
        return min(self._exams) if self._config.keep == "best" else self._exams[-1]

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self._start = self._saved = time.perf_counter()

    def on_step_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self._step_start = time.perf_counter()

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        leave_if_orphaned()
        now = time.perf_counter()
        self._in_steps += now - self._step_start
        self._tokens += self._step_tokens[state.global_step - 1]
        self._steps_here += 1
        control.should_log = True
        asked_to_stop, time_to_save = agreed(
            (self._folder / STOP_FILE).exists(), now - self._saved > _SAVE_SECONDS
        )
        if asked_to_stop:
            self.stopped = state.global_step < state.max_steps
            control.should_training_stop = True
        if asked_to_stop or time_to_save:
            control.should_save = True

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self._saved = time.perf_counter()
        if is_main():
            mark_complete(self._folder, state.global_step)

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
            self._exams.append(loss)
            self._say(Validation(step, loss))
            if self._has_lost_patience:
                control.should_training_stop = True
            if self._sample and is_main():
                self._say(Sample(step, *self._sample()))
            return
        self._losses.append(loss)
        self._say(self._step(args, state, loss, logs["learning_rate"]))

    @property
    def _has_lost_patience(self) -> bool:
        patience = self._config.early_stopping_patience
        since_best = len(self._exams) - 1 - self._exams.index(min(self._exams))
        return 0 < patience <= since_best

    def _step(self, args: Any, state: TrainerState, loss: float, learning_rate: float) -> Step:
        here = time.perf_counter() - self._start
        return Step(
            step=state.global_step,
            total_steps=state.max_steps,
            epoch=state.global_step / self._steps_per_epoch,
            loss=loss,
            learning_rate=learning_rate,
            tokens_per_second=self._tokens / max(self._in_steps, 1e-9),
            elapsed_seconds=self._elapsed_before + here,
            eta_seconds=here / self._steps_here * (state.max_steps - state.global_step),
            memory_bytes=peak_memory_bytes(torch.device(args.device)),
        )

    def _say(self, event: Event) -> None:
        if is_main():
            append_event(self._folder / EVENTS_FILE, event)
