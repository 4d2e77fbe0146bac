"""Which device and number format this machine computes best with."""

from __future__ import annotations

import time
from functools import cache

import torch


def choose_device(wanted: str = "auto") -> torch.device:
    """The wanted device, or the fastest kind that is there."""
    if wanted != "auto":
        return torch.device(wanted)
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def choose_dtype(device: torch.device, wanted: str = "auto") -> torch.dtype:
    """The wanted dtype, or bfloat16 where the device is fast with it, else float32.

    float16 is never chosen by itself: it overflows in models that were trained in bfloat16.
    """
    if wanted != "auto":
        return getattr(torch, wanted)
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(False) else torch.float32
    if device.type == "mps":
        return torch.bfloat16
    return torch.bfloat16 if _bfloat16_is_fast_on_cpu() else torch.float32


@cache
def _bfloat16_is_fast_on_cpu() -> bool:
    """Measured once, since no public call of torch tells: processors without bfloat16
    instructions emulate it and are slower than float32, those with them are about twice as fast.
    """
    return _matmul_seconds(torch.bfloat16) < 0.8 * _matmul_seconds(torch.float32)


def _matmul_seconds(dtype: torch.dtype, size: int = 512, repeats: int = 7) -> float:
    a = torch.ones(size, size, dtype=dtype)
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        torch.matmul(a, a)
        seconds.append(time.perf_counter() - start)
    return min(seconds)
