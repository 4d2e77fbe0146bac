"""How much memory this process has taken at most."""

from __future__ import annotations

import sys

import psutil
import torch


def peak_memory_bytes(device: torch.device) -> int:
    """On `device`: of a GPU what was allocated there, else what was resident in memory."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
