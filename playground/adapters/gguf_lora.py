"""An adapter as a GGUF file, which llama.cpp and Ollama put on top of the base's GGUF file.

The names and the layout are those of llama.cpp's convert_lora_to_gguf.py.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
import torch
from safetensors.torch import load_file
from transformers import AutoConfig, PreTrainedConfig

from playground.adapters.exporting import whole_file
from playground.adapters.store import more_than_lora, read_config
from playground.errors import (
    AdapterNotPlain,
    AdapterUnreadable,
    ArchitectureNotInGguf,
    ModelNotFound,
)
from playground.models.adapter_files import WEIGHTS_FILE
from playground.models.names import ModelFiles, locate
from playground.types import Adapter

_PREFIX = "base_model.model."


@dataclass(frozen=True)
class _Architecture:
    """What llama.cpp calls it, and whether it keeps the rows of q and k in another order."""

    name: gguf.MODEL_ARCH
    reorders_q_and_k: bool


# By transformers' model_type. Another goes in when its answers were compared with llama.cpp's.
_ARCHITECTURES: Mapping[str, _Architecture] = {
    "llama": _Architecture(gguf.MODEL_ARCH.LLAMA, True),
    "mistral": _Architecture(gguf.MODEL_ARCH.LLAMA, True),
    "qwen2": _Architecture(gguf.MODEL_ARCH.QWEN2, False),
    "qwen3": _Architecture(gguf.MODEL_ARCH.QWEN3, False),
}


def write_gguf(adapter: Adapter, target: Path, *, models_dir: Path) -> None:
    """Write `adapter` to the file `target`, in float32.

    Raises:
        AdapterNotPlain: it is more than plain LoRA on the layers that llama.cpp knows.
        ArchitectureNotInGguf: of its base. ModelError: the base's config cannot be had.
        AdapterUnreadable, OutputUnwritable.
    """
    if option := more_than_lora(adapter):
        raise AdapterNotPlain(adapter=adapter.name, option=option)
    config = _base_config(locate(adapter.base_model, models_dir))
    architecture = _ARCHITECTURES.get(config.model_type)
    if architecture is None:
        raise ArchitectureNotInGguf(
            adapter=adapter.name,
            model=adapter.base_model,
            architecture=config.model_type,
            known=", ".join(_ARCHITECTURES),
        )
    settings = read_config(adapter)
    tensors = _tensors(adapter, architecture, config)
    if settings.get("use_rslora"):
        _stabilise(tensors)
    with whole_file(target) as part:
        writer = gguf.GGUFWriter(part, gguf.MODEL_ARCH_NAMES[architecture.name])
        writer.add_type(gguf.GGUFType.ADAPTER)
        writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
        writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(settings["lora_alpha"]))
        writer.add_name(adapter.name)
        for name, tensor in tensors.items():
            writer.add_tensor(name, tensor)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


def _base_config(files: ModelFiles) -> PreTrainedConfig:
    options = {"gguf_file": files.gguf_file} if files.gguf_file else {}
    try:
        return AutoConfig.from_pretrained(files.path, **options)
    except (OSError, ValueError, KeyError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ModelNotFound(model=files.name, reason=reason) from error


def _tensors(
    adapter: Adapter, architecture: _Architecture, config: PreTrainedConfig
) -> dict[str, np.ndarray]:
    """llama.cpp's names -> float32, both halves of each layer."""
    names = gguf.get_tensor_name_map(architecture.name, config.num_hidden_layers)
    made: dict[str, np.ndarray] = {}
    for key, tensor in sorted(load_file(adapter.path / WEIGHTS_FILE).items()):
        layer, _, half = key.removeprefix(_PREFIX).partition(".lora_")
        name = names.get_name(layer)
        # A head that is the embeddings, too, is no layer of its own in a GGUF file.
        is_tied = name == "output" and config.tie_word_embeddings
        if name is None or is_tied or half not in ("A.weight", "B.weight"):
            raise AdapterNotPlain(adapter=adapter.name, option=key)
        weights = tensor.float()
        if half == "B.weight" and architecture.reorders_q_and_k:
            weights = _reordered(weights, layer, config)
        made[f"{name}.weight.lora_{half[0].lower()}"] = weights.numpy()
    if lacking := {name[:-1] for name in made if name[:-1] + "ab"[name[-1] == "a"] not in made}:
        reason = f"it lacks a half of {min(lacking)}."
        raise AdapterUnreadable(adapter=adapter.name, reason=reason)
    return made


def _stabilise(tensors: dict[str, np.ndarray]) -> None:
    """llama.cpp scales by alpha / r, rank-stabilised LoRA by alpha / sqrt(r)."""
    for name, tensor in tensors.items():
        if name.endswith(".lora_b"):
            tensors[name] = tensor * np.float32(math.sqrt(tensor.shape[1]))


def _reordered(weights: torch.Tensor, layer: str, config: PreTrainedConfig) -> torch.Tensor:
    """Rows of q and k: llama.cpp turns neighbours, transformers the two halves of a head."""
    heads = {"q_proj": "num_attention_heads", "k_proj": "num_key_value_heads"}
    attribute = heads.get(layer.rpartition(".")[2])
    if attribute is None:
        return weights
    rows, r = weights.shape
    halves = weights.reshape(getattr(config, attribute), 2, -1, r)
    return halves.swapaxes(1, 2).reshape(rows, r).contiguous()
