"""The training worker: `python -m playground.finetune.train RUN_FOLDER`, a process of its own."""

from __future__ import annotations

import functools
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from transformers import PrinterCallback, Trainer, TrainingArguments, set_seed

from playground.errors import TrainingDiverged
from playground.finetune.card import Outcome, write_papers
from playground.finetune.encoding import Example
from playground.finetune.events import Failed, Finished, Stopped, append_event
from playground.finetune.failures import explain
from playground.finetune.job import EVENTS_FILE, STOP_FILE, Job
from playground.finetune.loss import Collator, loss_of
from playground.finetune.preparing import Prepared, prepare
from playground.finetune.reporting import Reporter
from playground.finetune.saving import save_adapter

_log = logging.getLogger(__name__)


class _OneDevice(TrainingArguments):
    """Without DataParallel, which would split a batch between GPUs, and not by rows alone."""

    @property
    def n_gpu(self) -> int:
        return min(1, super().n_gpu)


def main(folder: Path) -> int:
    """Train the job in `folder`. Returns the exit status; the last event says how it ended."""
    start = time.perf_counter()
    try:
        _train(folder, start)
    except Exception as error:  # the boundary of this process: who follows the events is told
        _log.exception("the training failed")
        told = explain(error)
        append_event(folder / EVENTS_FILE, Failed(told.text("en"), told.text("zh")))
        return 1
    return 0


def _train(folder: Path, start: float) -> None:
    events = folder / EVENTS_FILE
    job = Job.load(folder)
    set_seed(job.config.seed)
    prepared = prepare(folder, job)
    append_event(events, prepared.started)
    if (folder / STOP_FILE).exists():
        append_event(events, Stopped(None, 0, time.perf_counter() - start))
        return
    reporter = Reporter(folder)
    trainer = _trainer(folder, job, prepared, reporter)
    trainer.train()
    _check_finite(prepared.model, trainer.state.global_step)
    outcome = Outcome(
        steps=trainer.state.global_step,
        seconds=time.perf_counter() - start,
        stopped=reporter.stopped,
        training_loss=reporter.training_loss,
        validation_loss=reporter.validation_loss,
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
    seconds = time.perf_counter() - start
    if outcome.stopped:
        append_event(events, Stopped(job.name, outcome.steps, seconds))
    else:
        losses = reporter.training_loss, reporter.validation_loss
        append_event(events, Finished(job.name, seconds, *losses))


def _trainer(folder: Path, job: Job, prepared: Prepared, reporter: Reporter) -> Trainer:
    config = job.config
    arguments = _OneDevice(
        output_dir=str(folder),
        num_train_epochs=config.epochs,
        per_device_train_batch_size=config.batch_size,
        per_device_eval_batch_size=config.batch_size,
        learning_rate=config.learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=config.warmup_ratio,  # below 1 it is a share
        weight_decay=0.01,
        train_sampling_strategy="group_by_length",
        logging_steps=1,
        logging_nan_inf_filter=False,  # it would hide them
        eval_strategy="epoch" if prepared.validation else "no",
        prediction_loss_only=True,
        label_names=["labels"],
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        include_num_input_tokens_seen="non_padding",
        remove_unused_columns=False,
        dataloader_pin_memory=False,
        use_cpu=prepared.started.device == "cpu",
        seed=config.seed,
    )
    trainer = Trainer(
        model=prepared.model,
        args=arguments,
        data_collator=Collator(prepared.base),
        train_dataset=_for_trainer(prepared.training),
        eval_dataset=_for_trainer(prepared.validation) if prepared.validation else None,
        compute_loss_func=loss_of,
        callbacks=[reporter],
    )
    trainer.remove_callback(PrinterCallback)  # the events say it already
    return trainer


def _for_trainer(examples: Sequence[Example]) -> Any:
    """A list will do as a data set."""
    return [{"input_ids": e.input_ids, "labels": e.labels} for e in examples]


def _check_finite(model: PeftModel, step: int) -> None:
    """The last step has no later loss that would show what it broke."""
    for parameter in model.parameters():
        if parameter.requires_grad and not torch.isfinite(parameter).all():
            raise TrainingDiverged(loss="nan", step=step)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    sys.exit(main(Path(sys.argv[1])))
