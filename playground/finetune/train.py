"""The training itself: `python -m playground.finetune.train RUN_FOLDER`, in one process or several.

`accelerate launch` may start it, on one machine or many; see "Beyond one machine" in README.md.
"""

from __future__ import annotations

import functools
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from accelerate import PartialState
from transformers import Trainer

from playground.finetune import checkpoints
from playground.finetune.answers import greedy_answers
from playground.finetune.card import Outcome, write_papers
from playground.finetune.events import (
    Answered,
    Failed,
    Finished,
    Stopped,
    append_event,
    history,
    read_events,
)
from playground.finetune.failures import explain
from playground.finetune.job import EVENTS_FILE, QUESTIONS_FILE, STOP_FILE, Job
from playground.finetune.preparing import Prepared, prepare
from playground.finetune.processes import PARENT, is_main
from playground.finetune.questions import save_questions
from playground.finetune.reporting import Reporter
from playground.finetune.saving import save_adapter
from playground.finetune.trainer import check_finite, make_trainer
from playground.finetune.worker import sign_in, sign_out
from playground.models.hardware import choose_device

_log = logging.getLogger(__name__)


def main(folder: Path) -> int:
    """Train the job in `folder`. Returns the exit status; the last event says how it ended."""
    start = time.perf_counter()
    is_worker = is_main() and PARENT not in os.environ  # by hand, or by `worker` in this process
    if is_worker:
        sign_in(folder)
    try:
        job = Job.load(folder)
        PartialState(cpu=choose_device(job.device).type == "cpu")
        _train(folder, job, start)
    except Exception as error:  # the boundary of this process: who follows the events is told
        _log.exception("the training failed")
        told = explain(error)
        append_event(folder / EVENTS_FILE, Failed(told.text("en"), told.text("zh")))
        return 1
    finally:
        if is_worker:
            sign_out(folder)
    return 0


def _train(folder: Path, job: Job, start: float) -> None:
    events = folder / EVENTS_FILE
    prepared = prepare(folder, job)
    asking = _Asking(folder, prepared)
    if is_main():
        append_event(events, prepared.started)
        save_questions(folder / QUESTIONS_FILE, prepared.questions)
        with prepared.model.disable_adapter():
            asking.ask("before")
        if (folder / STOP_FILE).exists():
            append_event(events, Stopped(None, 0, time.perf_counter() - start))
    PartialState().wait_for_everyone()
    if (folder / STOP_FILE).exists():
        return
    past = history(read_events(events))
    reporter = Reporter(
        folder,
        job.config,
        prepared.step_tokens,
        steps_per_epoch=prepared.plan.steps_per_epoch,
        past=past,
        sample=asking.sample if prepared.questions else None,
    )
    trainer = make_trainer(folder, job.config, prepared, reporter)
    checkpoint = checkpoints.latest(folder)
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    check_finite(prepared.model, trainer.state.global_step)
    if is_main():
        _finish(folder, job, prepared, trainer, reporter, asking, start)
    PartialState().wait_for_everyone()


def _finish(
    folder: Path,
    job: Job,
    prepared: Prepared,
    trainer: Trainer,
    reporter: Reporter,
    asking: _Asking,
    start: float,
) -> None:
    """Save the adapter, ask again, and say how it ended."""
    steps, best = trainer.state.global_step, trainer.state.best_global_step
    kept = best if best and best < steps and trainer.args.load_best_model_at_end else None
    outcome = Outcome(
        steps=steps,
        seconds=time.perf_counter() - start,
        stopped=reporter.stopped,
        training_loss=reporter.training_loss,
        validation_loss=reporter.validation_loss,
        kept_step=kept,
    )
    save_adapter(
        prepared.model,
        prepared.tokenizer,
        job.adapters_dir / job.name,
        base_model=job.files.name,
        write_papers=functools.partial(
            write_papers, job=job, started=prepared.started, outcome=outcome
        ),
    )
    asking.ask("after")
    seconds = time.perf_counter() - start
    if outcome.stopped:
        append_event(folder / EVENTS_FILE, Stopped(job.name, steps, seconds))
        return
    losses = outcome.training_loss, outcome.validation_loss
    append_event(folder / EVENTS_FILE, Finished(job.name, seconds, *losses, kept_step=kept))
    checkpoints.discard(folder)


class _Asking:
    """Asks the run's questions of the model that is in memory."""

    def __init__(self, folder: Path, prepared: Prepared) -> None:
        self._folder, self._prepared = folder, prepared

    def ask(self, phase: Literal["before", "after"]) -> None:
        """Those that were not asked in this `phase` yet, as events; the user may stop it."""
        events = self._folder / EVENTS_FILE
        stop = (self._folder / STOP_FILE).exists if phase == "before" else lambda: False
        done = {
            event.question
            for event in history(read_events(events))
            if isinstance(event, Answered) and event.phase == phase
        }
        left = [i for i in range(len(self._prepared.questions)) if i not in done]
        for number, (answer, complete) in zip(left, self._answers(left, stop), strict=False):
            append_event(events, Answered(phase, number, answer, complete))

    def sample(self) -> tuple[str, str]:
        """The first question and its answer now."""
        ((answer, _),) = self._answers([0], lambda: False)
        return self._prepared.questions[0].question, answer

    def _answers(self, numbers: list[int], leave: Callable[[], bool]) -> Iterator[tuple[str, bool]]:
        prepared = self._prepared
        prompts = [prepared.questions[number].messages for number in numbers]
        return greedy_answers(
            prepared.model, prepared.tokenizer, prompts, ends=prepared.ends, leave=leave
        )


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    sys.exit(main(Path(sys.argv[1])))
