"""Whether an adapter is wholly in a model: PEFT only warns of what finds no place."""

from __future__ import annotations

from pathlib import Path

from peft import PeftModel, get_peft_model_state_dict
from safetensors import safe_open
from torch import Tensor

from playground.models.adapter_files import WEIGHTS_FILE


def tensors_in_use(model: PeftModel, folder: Path, name: str = "default") -> dict[str, Tensor]:
    """The tensors of the adapter `name` in `model`, as the file in `folder` names them.

    Raises:
        ValueError: the file holds others.
    """
    used = get_peft_model_state_dict(model, adapter_name=name, save_embedding_layers=False)
    with safe_open(folder / WEIGHTS_FILE, "pt") as file:
        given = set(file.keys())
    if strange := given - set(used):
        raise ValueError(f"the model has no place for {len(strange)} tensors: {min(strange)} …")
    if lacking := set(used) - given:
        raise ValueError(f"it lacks {len(lacking)} tensors: {min(lacking)} …")
    return used
