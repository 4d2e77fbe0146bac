"""From a job to what the Trainer takes: the model with LoRA in it, and examples to learn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from playground.errors import AdapterUnreadable, NoUsableRows
from playground.finetune.dataset import Problem, split
from playground.finetune.encoding import Example, encode_rows, end_tokens
from playground.finetune.events import Started
from playground.finetune.job import Job, load_rows
from playground.models.hardware import choose_device, choose_dtype
from playground.models.loading import load_model, load_tokenizer
from playground.models.lora import tensors_in_use


@dataclass(frozen=True)
class Prepared:
    """All that one training needs, and the event that says so."""

    model: PeftModel
    base: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    training: tuple[Example, ...]
    validation: tuple[Example, ...]
    started: Started


def prepare(folder: Path, job: Job) -> Prepared:
    """Load the model of `job` and encode its rows.

    Raises:
        ModelError: the model cannot be loaded. NoUsableRows: every row is refused.
        AdapterUnreadable: the adapter to start from does not fit the model.
    """
    tokenizer = load_tokenizer(job.files)
    device = choose_device(job.device)
    dtype = choose_dtype(device, job.dtype)
    if dtype == torch.float16:  # its gradients overflow
        dtype = torch.float32
    base = load_model(job.files, dtype=dtype, device=device)
    training, validation, refused = _examples(folder, job, base, tokenizer)
    model = _with_lora(base, job, device, dtype)
    started = Started(
        steps=math.ceil(len(training) / job.config.batch_size) * job.config.epochs,
        training_rows=len({example.row for example in training}),
        validation_rows=len({example.row for example in validation}),
        tokens=sum(len(example.input_ids) for example in training),
        supervised_tokens=sum(example.supervised_tokens for example in training),
        trainable_parameters=model.get_nb_trainable_parameters()[0],
        device=str(device),
        dtype=str(dtype).removeprefix("torch."),
        refused=refused,
        uses_fallback_template=not tokenizer.chat_template,
    )
    return Prepared(model, base, tokenizer, training, validation, started)


def _examples(
    folder: Path, job: Job, base: PreTrainedModel, tokenizer: PreTrainedTokenizerBase
) -> tuple[tuple[Example, ...], tuple[Example, ...], tuple[Problem, ...]]:
    """Examples to learn, examples to validate with, and the rows that make none."""
    rows = load_rows(folder)
    window = getattr(base.config.get_text_config(), "max_position_embeddings", None)
    examples, refused = encode_rows(
        tokenizer,
        rows,
        ends=end_tokens(tokenizer, job.files),
        max_length=min(job.config.max_length, window or job.config.max_length),
    )
    if not examples:
        number, reason = refused[0].row, refused[0].reason
        raise NoUsableRows(file=job.file, total=len(rows), row=number, reason=reason)
    usable = {example.row for example in examples}
    parts = split(
        [row for row in rows if row.number in usable],
        job.config.validation_share,
        seed=job.config.seed,
    )
    held_back = {row.number for row in parts.validation}
    training = tuple(example for example in examples if example.row not in held_back)
    validation = tuple(example for example in examples if example.row in held_back)
    return training, validation, refused


def _with_lora(
    base: PreTrainedModel, job: Job, device: torch.device, dtype: torch.dtype
) -> PeftModel:
    base.config.use_cache = False
    # On a CPU, converting between two dtypes at every layer costs more than it gains.
    same_dtype = device.type == "cpu" and dtype == torch.bfloat16
    if job.start_from:
        return _with_weights_of(job.start_from, base, autocast=not same_dtype)
    config = LoraConfig(
        r=job.config.r,
        lora_alpha=job.config.lora_alpha,
        lora_dropout=job.config.lora_dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    model = get_peft_model(base, config, autocast_adapter_dtype=not same_dtype)
    assert isinstance(model, PeftModel)
    return model


def _with_weights_of(folder: Path, base: PreTrainedModel, *, autocast: bool) -> PeftModel:
    try:
        model = PeftModel.from_pretrained(
            base, str(folder), is_trainable=True, autocast_adapter_dtype=autocast
        )
        tensors_in_use(model, folder)
    except torch.OutOfMemoryError:
        raise
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:300]
        raise AdapterUnreadable(adapter=folder.name, reason=reason) from error
    return model
