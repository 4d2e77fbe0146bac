"""What an error of a training run means to the user."""

from __future__ import annotations

import errno

import torch

from playground.errors import (
    PlaygroundError,
    TrainingDiskFull,
    TrainingFailed,
    TrainingOutOfMemory,
)

_NO_MEMORY = ("out of memory", "can't allocate memory", "not enough memory")
_NO_ROOM = ("No space left on device", "Disk quota exceeded")  # as safetensors words it


def explain(error: Exception) -> PlaygroundError:
    """`error` itself if it is meant for the user, else one that is."""
    if isinstance(error, PlaygroundError):
        return error
    text = str(error)
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return TrainingOutOfMemory()
    if isinstance(error, RuntimeError) and any(sign in text.lower() for sign in _NO_MEMORY):
        return TrainingOutOfMemory()
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return TrainingDiskFull()
    if any(sign in text for sign in _NO_ROOM):
        return TrainingDiskFull()
    first_line = text.strip().split("\n")[0][:300]
    return TrainingFailed(reason=f"{type(error).__name__}: {first_line}")
