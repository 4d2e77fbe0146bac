"""Hugging Face's Trainer, set up for what was prepared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from transformers import PrinterCallback, Trainer, TrainingArguments

from playground.errors import TrainingDiverged
from playground.finetune.batching import Piece
from playground.finetune.config import TrainConfig
from playground.finetune.encoding import Example
from playground.finetune.loss import loss_of
from playground.finetune.packing import Batch, summed_loss
from playground.finetune.preparing import Prepared
from playground.finetune.reporting import Reporter

_SCHEDULES = {"linear": "linear", "cosine": "cosine", "constant": "constant_with_warmup"}


class _OneDevice(TrainingArguments):
    """Without DataParallel, which would split a batch between GPUs, and not by rows alone."""

    @property
    def n_gpu(self) -> int:
        return min(1, super().n_gpu)


class _Pieces(Sequence[list[Example]]):
    """The rows of each forward pass, as a data set."""

    def __init__(self, pieces: Sequence[Piece], examples: Sequence[Example]) -> None:
        self._pieces, self._examples = pieces, examples

    def __len__(self) -> int:
        return len(self._pieces)

    def __getitem__(self, index: Any) -> Any:
        return [self._examples[row] for row in self._pieces[index]]


class _Trainer(Trainer):
    """Evaluates by the token: the Trainer's own mean over batches depends on how they are cut.

    Of a checkpoint's model only the adapter is written.
    """

    exam: Sequence[Batch] = ()

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Every process does all of it, so that none waits for another."""
        assert self.model is not None
        self.model.eval()
        total, count = 0.0, 0
        for batch in self.exam:
            total += float(summed_loss(self.model, batch))
            count += int(batch["labels"][:, 1:].ge(0).sum())
        metrics = {"eval_loss": total / count}
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(
            self.args, self.state, self.control, metrics
        )
        return metrics

    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
        """Else PEFT would ask the hub whether the vocabulary has grown."""
        assert isinstance(self.model, PeftModel)
        self.model.save_pretrained(
            str(output_dir), state_dict=state_dict, save_embedding_layers=False
        )


def make_trainer(
    folder: Path, config: TrainConfig, prepared: Prepared, reporter: Reporter
) -> Trainer:
    """A Trainer that follows `prepared.plan`, with its checkpoints in `folder`."""
    plan = prepared.plan
    exams = max(1, plan.steps_per_epoch // config.evals_per_epoch)
    arguments = _OneDevice(
        output_dir=str(folder),
        num_train_epochs=1,  # the plan holds all of them
        per_device_train_batch_size=1,  # a piece
        gradient_accumulation_steps=plan.pieces_per_step // prepared.processes,
        train_sampling_strategy="sequential",
        learning_rate=config.learning_rate,
        lr_scheduler_type=_SCHEDULES[config.lr_scheduler_type],
        warmup_steps=config.warmup_ratio,  # below 1 it is a share
        weight_decay=0.01,
        activation_checkpointing=config.low_memory,
        activation_checkpointing_kwargs={"use_reentrant": False},
        logging_steps=1,
        logging_nan_inf_filter=False,  # it would hide them
        eval_strategy="steps" if prepared.validation else "no",
        eval_steps=exams,
        save_strategy="steps",
        save_steps=exams,
        save_total_limit=2,
        load_best_model_at_end=bool(prepared.validation) and config.keep == "best",
        metric_for_best_model="eval_loss",
        greater_is_better=False,
        prediction_loss_only=True,
        label_names=["labels"],
        report_to="none",
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
        ddp_find_unused_parameters=False,
        use_cpu=prepared.started.device == "cpu",
        seed=config.seed,
    )
    pieces = _Pieces(plan.pieces, prepared.training)
    trainer = _Trainer(
        model=prepared.model,
        args=arguments,
        data_collator=lambda items: prepared.collate(items[0]),
        train_dataset=pieces,  # type: ignore[arg-type]  # a sequence will do
        eval_dataset=pieces if prepared.validation else None,  # only asked whether it is there
        compute_loss_func=loss_of,
        callbacks=[reporter],
    )
    trainer.exam = [prepared.collate(examples) for examples in prepared.exam]
    trainer.remove_callback(PrinterCallback)  # the events say it already
    return trainer


def check_finite(model: PeftModel, step: int) -> None:
    """The last step has no later loss that would show what it broke.

    Raises:
        TrainingDiverged: a trained weight is not a finite number.
    """
    for parameter in model.parameters():
        if parameter.requires_grad and not torch.isfinite(parameter).all():
            raise TrainingDiverged(loss="nan", step=step)
