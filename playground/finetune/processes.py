"""A training shared by several processes: which one speaks, and what they agree on."""

from __future__ import annotations

import os
import sys

import psutil

PARENT = "PLAYGROUND_TRAINING_PARENT"


def is_main() -> bool:
    """Whether this process is the one that writes events and files."""
    return os.environ.get("RANK", "0") == "0"


def agreed(*flags: bool) -> tuple[bool, ...]:
    """The main process's `flags`, for all: what they see of clocks and files may differ."""
    import torch.distributed  # not above: who only looks at runs needs no torch

    if not torch.distributed.is_initialized():
        return flags
    told = [flags]
    torch.distributed.broadcast_object_list(told, src=0)
    return told[0]


def leave_if_orphaned() -> None:
    """End this process if the worker that started it was killed."""
    parent = os.environ.get(PARENT)
    if parent and not psutil.pid_exists(int(parent)):
        sys.exit("the worker that started this process is gone")
