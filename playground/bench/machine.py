"""What the processor can do at best, and so the least that any engine needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psutil
import torch

from playground.bench.figures import Limit, Machine
from playground.machine import processor
from playground.models.hardware import choose_dtype
from playground.models.names import ModelFiles

_SIDE = 2048  # of the matrices, and of no cache
_READ_BYTES = 512 << 20
_TRIES = 5


@dataclass(frozen=True)
class ModelSize:
    """What decides how long a model takes at least."""

    layers: int
    heads_width: int  # of all attention heads together
    cache_width: int  # of keys and values of a token in a layer together
    body_parameters: int  # without embeddings and head
    head_parameters: int


def measure_machine() -> Machine:
    """Takes a few seconds; the best of several tries."""
    load = psutil.getloadavg()[0]
    has_bfloat16 = choose_dtype(torch.device("cpu")) == torch.bfloat16
    return Machine(
        processor=processor(),
        cores=psutil.cpu_count(logical=False) or 1,
        float32_gflops=_multiply(torch.float32),
        bfloat16_gflops=_multiply(torch.bfloat16) if has_bfloat16 else None,
        read_gb_per_second=_read(),
        load=load,
    )


def size_of(files: ModelFiles) -> ModelSize:
    """From the model's config alone; no weights are read."""
    from transformers import AutoConfig, AutoModelForCausalLM

    options: dict[str, Any] = {"gguf_file": files.gguf_file} if files.gguf_file else {}
    config: Any = AutoConfig.from_pretrained(files.path, **options).get_text_config()
    with torch.device("meta"):
        model: Any = AutoModelForCausalLM.from_config(config)
    embeddings, head = model.get_input_embeddings().weight, model.get_output_embeddings().weight
    total = sum(weights.numel() for weights in model.parameters())
    outer = {id(weights): weights.numel() for weights in (embeddings, head)}
    heads = config.num_attention_heads
    head_dim = getattr(config, "head_dim", None) or config.hidden_size // heads
    return ModelSize(
        layers=config.num_hidden_layers,
        heads_width=heads * head_dim,
        cache_width=2 * config.num_key_value_heads * head_dim,
        body_parameters=total - sum(outer.values()),
        head_parameters=head.numel(),
    )


def prefill_limits(machine: Machine, size: ModelSize, tokens: int) -> tuple[Limit, ...]:
    """The least seconds to read a prompt: a multiplication is two operations."""
    # Every token looks at those before it: half of tokens², for the scores and for the values.
    attention = 2 * size.layers * size.heads_width * tokens**2
    operations = 2 * size.body_parameters * tokens + attention
    peaks = {"float32": machine.float32_gflops, "bfloat16": machine.bfloat16_gflops}
    return tuple(
        Limit(
            operations / (peak * 1e9),
            f"s at least: {operations / 1e9:,.0f} GFLOP in {name} at {peak:,.0f} GFLOP/s",
        )
        for name, peak in peaks.items()
        if peak
    )


def decode_limits(
    machine: Machine, size: ModelSize, tokens: int, llama_bytes: int | None = None
) -> tuple[Limit, ...]:
    """The most tokens a second: each reads all weights, and the keys and values before it."""
    parameters = size.body_parameters + size.head_parameters
    cache = 2 * size.layers * size.cache_width * tokens  # float16
    weights = {"int8": parameters, "float16": 2 * parameters}
    if llama_bytes:
        each = llama_bytes / parameters
        weights[f"llama.cpp's file ({each:.2f} bytes a weight)"] = llama_bytes
    bandwidth = machine.read_gb_per_second
    return tuple(
        Limit(
            bandwidth * 1e9 / (count + cache),
            f"tokens/s at most: {(count + cache) / 1e6:,.0f} MB a token at {bandwidth:.1f} GB/s, "
            f"weights as {name}",
        )
        for name, count in weights.items()
    )


def _multiply(dtype: torch.dtype) -> float:
    left, right = (torch.randn(_SIDE, _SIDE).to(dtype) for _ in range(2))
    return 2 * _SIDE**3 / _best(lambda: left @ right) / 1e9


def _read() -> float:
    numbers = torch.ones(_READ_BYTES // 4, dtype=torch.float32)
    return _READ_BYTES / _best(numbers.sum) / 1e9


def _best(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(_TRIES):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)
