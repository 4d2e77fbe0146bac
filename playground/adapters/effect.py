"""Whether an adapter changes anything, from its file alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

import numpy as np

from playground.errors import AdapterIdle
from playground.models.adapter_files import WEIGHTS_FILE
from playground.types import Adapter

_CHUNK_BYTES = 1 << 20
_SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}  # bytes


def check_effect(adapter: Adapter) -> None:
    """Raise AdapterIdle if `adapter`, whose files are in order, answers as its base does.

    Of an adapter that does anything, one tensor is read as a rule.
    """
    if not _changes_something(adapter.path / WEIGHTS_FILE):
        raise AdapterIdle(adapter=adapter.name)


def _changes_something(weights: Path) -> bool:
    """Whether a tensor that is no lora_A holds anything but zeros."""
    with weights.open("rb") as file:
        header_bytes = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(header_bytes))
        for name, tensor in header.items():
            if name == "__metadata__" or "lora_A" in name or "lora_embedding_A" in name:
                continue
            start, end = tensor["data_offsets"]
            file.seek(8 + header_bytes + start)
            if _holds_a_number(file, end - start, _SIZES.get(tensor["dtype"], 1)):
                return True
    return False


def _holds_a_number(file: BinaryIO, count: int, size: int) -> bool:
    """Whether one of the floats in `count` bytes, each of `size`, is neither 0.0 nor -0.0."""
    while count > 0 and (chunk := file.read(min(_CHUNK_BYTES, count))):
        numbers = np.frombuffer(chunk, np.uint8).reshape(-1, size)
        # numpy has no bfloat16; the sign is the first bit of the last byte in all of them.
        if numbers[:, :-1].any() or (numbers[:, -1] & 0x7F).any():
            return True
        count -= len(chunk)
    return False
