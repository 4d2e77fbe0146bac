"""Which device and number format this machine computes best with."""

from __future__ import annotations

import torch

from playground.errors import NotAChoice

_DTYPES = ("float32", "bfloat16", "float16")


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
        if wanted not in _DTYPES:
            raise NotAChoice(field="dtype", value=wanted, choices=", ".join(_DTYPES))
        return getattr(torch, wanted)
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(False) else torch.float32
    if device.type == "mps":
        return torch.bfloat16
    # By what the processor has, not by a measurement: under load that would change from run to
    # run, and the answers with it. Without these instructions, bfloat16 is emulated and slow.
    capabilities = torch.cpu.get_capabilities()
    has_bfloat16 = any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))
    return torch.bfloat16 if has_bfloat16 else torch.float32
