"""How large a model is, read from its files without loading it."""

from __future__ import annotations

import math
from pathlib import Path

from safetensors import SafetensorError, safe_open

from playground.models.names import ModelFiles


def parameters_of(files: ModelFiles) -> int | None:
    """The parameters of the model in `files`; None if its safetensors are not on this disk."""
    folder = Path(files.path)
    weights = sorted(folder.glob("*.safetensors")) if folder.is_dir() else []
    try:
        return sum(map(_parameters_in, weights)) or None
    except (SafetensorError, OSError):  # loading it will say what is wrong
        return None


def _parameters_in(weights: Path) -> int:
    with safe_open(weights, framework="np") as tensors:
        names: list[str] = tensors.keys()
        return sum(math.prod(tensors.get_slice(name).get_shape()) for name in names)
