"""From a job to what the Trainer takes: the model with LoRA in it, and examples to learn."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from accelerate import PartialState
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import PreTrainedModel, PreTrainedTokenizerBase, set_seed

from playground.dataset.rows import Problem, Row, split
from playground.errors import AdapterUnreadable, NoUsableRows
from playground.finetune.batching import Plan, in_order, plan
from playground.finetune.config import TrainConfig
from playground.finetune.encoding import Example, encode_rows, end_tokens
from playground.finetune.events import Started
from playground.finetune.job import Data, Job
from playground.finetune.packing import Collator
from playground.finetune.questions import TestQuestion, sampled
from playground.finetune.replay import replay_rows
from playground.models.hardware import choose_device, choose_dtype
from playground.models.loading import load_model, load_tokenizer
from playground.models.lora import tensors_in_use

# Of one forward pass. Small enough for a processor's caches and for little memory, large enough
# to keep all its units busy.
_PIECE_TOKENS = {"cpu": 512, "cuda": 8192, "mps": 2048}
_LOW_MEMORY_TOKENS = 192
_ATTENTION = ["q_proj", "k_proj", "v_proj", "o_proj"]


@dataclass(frozen=True)
class Prepared:
    """All that one training needs, and the event that says so.

    `exam` are the validation examples, in pieces.
    """

    model: PeftModel
    tokenizer: PreTrainedTokenizerBase
    ends: frozenset[int]
    collate: Collator
    training: tuple[Example, ...]
    validation: tuple[Example, ...]
    exam: tuple[tuple[Example, ...], ...]
    plan: Plan
    processes: int
    questions: tuple[TestQuestion, ...]
    started: Started

    @property
    def step_tokens(self) -> list[int]:
        """The rows' tokens of each step."""
        pieces, count = self.plan.pieces, self.plan.pieces_per_step
        tokens = [sum(len(self.training[row].input_ids) for row in piece) for piece in pieces]
        return [sum(tokens[start : start + count]) for start in range(0, len(tokens), count)]


def prepare(folder: Path, job: Job) -> Prepared:
    """Load the model of `job` and encode its rows.

    Raises:
        ModelError: the model cannot be loaded. NoUsableRows: every row is refused.
        AdapterUnreadable: the adapter to start from does not fit the model.
        BatchTooSmall: there are more processes than rows in a step.
    """
    config = job.config
    tokenizer = load_tokenizer(job.files)
    device = choose_device(job.device)
    dtype = choose_dtype(device, job.dtype)
    if dtype == torch.float16:  # its gradients overflow
        dtype = torch.float32
    base = load_model(job.files, dtype=dtype, device=device)
    data = Data.load(folder)
    ends = end_tokens(tokenizer, job.files)
    parts = _examples(data, job, base, tokenizer, ends)
    if job.replay_prompts:
        last = max(row.number for row in data.rows)
        replay = replay_rows(folder, base, tokenizer, job.replay_prompts, ends=ends, after=last)
        encoded = encode_rows(tokenizer, replay, ends=ends, max_length=config.max_length)
        parts = replace(parts, training=parts.training + encoded.examples)
    set_seed(config.seed)  # right before the only random weights are made
    model = _with_lora(base, job, device, dtype)
    lengths = [len(example.input_ids) for example in parts.training]
    piece_tokens = _LOW_MEMORY_TOKENS if config.low_memory else _PIECE_TOKENS.get(device.type, 512)
    processes = PartialState().num_processes
    steps = plan(
        lengths,
        batch_size=config.batch_size,
        epochs=config.epochs,
        seed=config.seed,
        piece_tokens=piece_tokens,
        processes=processes,
    )
    exam = in_order([len(e.input_ids) for e in parts.validation], piece_tokens=piece_tokens)
    held_out = sampled(parts.held_back, job.held_out_questions, seed=config.seed)
    started = Started(
        steps=steps.steps,
        training_rows=len({example.row for example in parts.training}),
        validation_rows=len(parts.held_back),
        tokens=sum(lengths),
        supervised_tokens=sum(example.supervised_tokens for example in parts.training),
        trainable_parameters=model.get_nb_trainable_parameters()[0],
        device=str(device),
        dtype=str(dtype).removeprefix("torch."),
        refused=parts.refused,
        uses_fallback_template=not tokenizer.chat_template,
    )
    return Prepared(
        model,
        tokenizer,
        ends,
        Collator(base, parts.training),
        parts.training,
        parts.validation,
        tuple(tuple(parts.validation[row] for row in piece) for piece in exam),
        steps,
        processes,
        (*data.questions, *held_out),
        started,
    )


@dataclass(frozen=True)
class _Parts:
    """Examples to learn and to validate with, the rows of the latter, and those that make none."""

    training: tuple[Example, ...]
    validation: tuple[Example, ...]
    held_back: tuple[Row, ...]
    refused: tuple[Problem, ...]


def _examples(
    data: Data,
    job: Job,
    base: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    ends: frozenset[int],
) -> _Parts:
    window = getattr(base.config.get_text_config(), "max_position_embeddings", None)
    max_length = min(job.config.max_length, window or job.config.max_length)

    def encoded(rows: Sequence[Row]) -> tuple[tuple[Example, ...], tuple[Problem, ...]]:
        return encode_rows(tokenizer, rows, ends=ends, max_length=max_length)

    examples, refused = encoded(data.rows)
    if not examples:
        number, reason = refused[0].row, refused[0].reason
        raise NoUsableRows(file=job.file, total=len(data.rows), row=number, reason=reason)
    if data.validation:
        exam, refused_too = encoded(data.validation)
        usable = {example.row for example in exam}
        held_back = tuple(row for row in data.validation if row.number in usable)
        return _Parts(examples, exam, held_back, refused + refused_too)
    usable = {example.row for example in examples}
    rows = [row for row in data.rows if row.number in usable]
    held_back = split(rows, job.config.validation_share, seed=job.config.seed).validation
    held = {row.number for row in held_back}
    return _Parts(
        tuple(example for example in examples if example.row not in held),
        tuple(example for example in examples if example.row in held),
        held_back,
        refused,
    )


def _with_lora(
    base: PreTrainedModel, job: Job, device: torch.device, dtype: torch.dtype
) -> PeftModel:
    base.config.use_cache = False
    # On a CPU, converting between two dtypes at every layer costs more than it gains.
    same_dtype = device.type == "cpu" and dtype == torch.bfloat16
    if job.start_from:
        model = _with_weights_of(job.start_from, base, autocast=not same_dtype)
    else:
        model = _with_new_weights(base, job.config, autocast=not same_dtype)
    # transformers loads checkpoints with it, and would go on in float32.
    load: Any = functools.partial(model.load_adapter, autocast_adapter_dtype=not same_dtype)
    model.load_adapter = load
    return model


def _with_new_weights(base: PreTrainedModel, wanted: TrainConfig, *, autocast: bool) -> PeftModel:
    config = LoraConfig(
        r=wanted.r,
        lora_alpha=wanted.lora_alpha,
        lora_dropout=wanted.lora_dropout,
        target_modules="all-linear" if wanted.target_modules == "all-linear" else _ATTENTION,
        task_type="CAUSAL_LM",
    )
    model = get_peft_model(base, config, autocast_adapter_dtype=autocast)
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
