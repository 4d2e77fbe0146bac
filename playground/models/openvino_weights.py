"""The weights in an OpenVINO graph: LoRA added to them, and rounded to 8 bits."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file

from playground.errors import AdapterUnreadable, AdapterUnsupported
from playground.models.adapter_files import CONFIG_FILE, WEIGHTS_FILE
from playground.models.openvino_graph import GRAPH, constant_behind, linear_name
from playground.models.openvino_runtime import ov
from playground.types import Adapter

_log = logging.getLogger(__name__)
# Other kinds of LoRA compute more than W + scale · B A.
_PLAIN = {"use_dora": False, "bias": "none", "fan_in_fan_out": False, "modules_to_save": None}
_PREFIX = "base_model.model."
_GROUPS = (64, 32)  # weights that are rounded together


@dataclass(frozen=True)
class Delta:
    """What an adapter adds to the weights [out, in] of one layer: scale · B A."""

    a: torch.Tensor  # float32 [r, in]
    b: torch.Tensor  # float32 [out, r]
    scale: float

    def added_to(self, weights: torch.Tensor) -> torch.Tensor:
        """float32 [out, in]."""
        return torch.addmm(weights, self.b, self.a, alpha=self.scale)


def prepare(source: Path, target: Path, *, adapter: Adapter | None, int8: bool) -> None:
    """Write the graph in `source` to the folder `target`, with `adapter` in its weights.

    Raises:
        AdapterUnreadable: a tensor of the adapter is missing, or has no place in the graph.
        AdapterUnsupported: the adapter is of another kind than plain LoRA.
    """
    graph = ov.Core().read_model(source / GRAPH)
    config, deltas = read_lora(adapter) if adapter else ({}, {})
    layers = {name: node for node in graph.get_ordered_ops() if (name := linear_name(node))}
    if adapter:
        _check_places(adapter, config, deltas, layers)
    for name, layer in layers.items():
        if int8 or name in deltas:
            old = layer.input_value(1)
            # A constant that two nodes share (tied embeddings) is rounded for both; one that an
            # adapter changes is changed for its layer alone.
            readers = [layer.input(1)] if name in deltas else list(old.get_target_inputs())
            made = _weights(layer, deltas.get(name), int8=int8)
            for reader in readers:
                reader.replace_source_output(made)
    graph.validate_nodes_and_infer_types()
    ov.save_model(graph, target / GRAPH, compress_to_fp16=False)


def read_lora(adapter: Adapter) -> tuple[dict[str, Any], dict[str, Delta]]:
    """The config of `adapter`, and layer name -> what it adds to the layer.

    Raises:
        AdapterUnreadable, AdapterUnsupported.
    """
    try:
        config = json.loads((adapter.path / CONFIG_FILE).read_text(encoding="utf-8"))
        tensors = load_file(adapter.path / WEIGHTS_FILE)
    except Exception as error:  # safetensors has no error of its own for all damage
        reason = " ".join(str(error).split())[:200]
        raise AdapterUnreadable(adapter=adapter.name, reason=reason) from error
    for option, plain in _PLAIN.items():
        if config.get(option) not in (plain, None):
            raise AdapterUnsupported(adapter=adapter.name, option=option)
    pairs: dict[str, dict[str, torch.Tensor]] = {}
    for key, tensor in tensors.items():
        path, _, kind = key.removeprefix(_PREFIX).rpartition(".lora_")
        if kind not in ("A.weight", "B.weight"):
            raise AdapterUnsupported(adapter=adapter.name, option=key)
        pairs.setdefault(path, {})[kind[0]] = tensor.float()
    return config, dict(_paired(adapter, config, pairs))


def _paired(
    adapter: Adapter, config: dict[str, Any], pairs: dict[str, dict[str, torch.Tensor]]
) -> Iterator[tuple[str, Delta]]:
    for name, pair in pairs.items():
        if set(pair) != {"A", "B"}:
            reason = f"it lacks 1 tensors: lora_{'A' if 'B' in pair else 'B'} of {name}."
            raise AdapterUnreadable(adapter=adapter.name, reason=reason)
        r = _for_layer(config.get("rank_pattern"), name, config["r"])
        if pair["A"].shape[0] != r or pair["B"].shape[1] != r:
            reason = f"its tensors for {name} are not of rank {r}."
            raise AdapterUnreadable(adapter=adapter.name, reason=reason)
        alpha = _for_layer(config.get("alpha_pattern"), name, config["lora_alpha"])
        scale = alpha / (math.sqrt(r) if config.get("use_rslora") else r)
        yield name, Delta(pair["A"], pair["B"], scale)


def _for_layer(pattern: dict[str, Any] | None, name: str, default: Any) -> Any:
    """PEFT's patterns name a layer by the end of its path."""
    endings = [key for key in pattern or {} if _ends_with(name, key)]
    return (pattern or {})[max(endings, key=len)] if endings else default


def _check_places(
    adapter: Adapter, config: dict[str, Any], deltas: dict[str, Delta], layers: dict[str, Any]
) -> None:
    if strange := set(deltas) - set(layers):
        reason = f"the model has no place for {len(strange)} layers: {min(strange)} …"
        raise AdapterUnreadable(adapter=adapter.name, reason=reason)
    for name, delta in deltas.items():
        shape = tuple(layers[name].input_value(1).get_partial_shape().to_shape())
        if (delta.b.shape[0], delta.a.shape[1]) != shape:
            reason = f"its tensors for {name} have other shapes than the model's {shape}."
            raise AdapterUnreadable(adapter=adapter.name, reason=reason)
    if lacking := _named(config, layers) - set(deltas):
        reason = f"it lacks tensors for {len(lacking)} layers: {min(lacking)} …"
        raise AdapterUnreadable(adapter=adapter.name, reason=reason)
    if not any(delta.b.any() for delta in deltas.values()):
        _log.warning("adapter %r changes nothing: all its lora_B weights are 0", adapter.name)


def _named(config: dict[str, Any], layers: Iterable[str]) -> set[str]:
    """The layers that an adapter's config names, as far as it names them one by one."""
    targets = config.get("target_modules")
    if not isinstance(targets, list) or config.get("layers_to_transform") is not None:
        return set()
    excluded = config.get("exclude_modules") or ()
    if not isinstance(excluded, list | tuple):
        return set()
    return {
        name
        for name in layers
        if any(_ends_with(name, t) for t in targets)
        and not any(_ends_with(name, e) for e in excluded)
    }


def _ends_with(name: str, target: str) -> bool:
    return name == target or name.endswith(f".{target}")


def _weights(layer: Any, delta: Delta | None, *, int8: bool) -> Any:
    """The output that stands for the layer's weights from now on."""
    from openvino import opset13 as ops

    constant = constant_behind(layer.input_value(1))
    assert constant is not None
    weights = torch.from_numpy(constant.data.copy()).float()
    if delta:
        weights = delta.added_to(weights)
    if not int8:
        return ops.convert(ops.constant(weights.half().numpy()), "f32").output(0)
    quants, scales = round_to_int8(weights)
    grouped = ops.convert(ops.constant(quants.numpy()), "f16")
    rounded = ops.multiply(grouped, ops.constant(scales.numpy()))
    whole = ops.reshape(rounded, ops.constant(np.array(weights.shape, dtype=np.int64)), False)
    return ops.convert(whole, "f32").output(0)


def round_to_int8(weights: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """int8 [out, groups, group] and float16 scales [out, groups, 1] of weights [out, in].

    Each group of a row is rounded by its largest weight, symmetrically. A scale for a whole row
    is a little faster and lost a third of the answers in the parity check.
    """
    out, width = weights.shape
    group = next((size for size in _GROUPS if width % size == 0), width)
    grouped = weights.reshape(out, width // group, group)
    scales = (grouped.abs().amax(dim=2, keepdim=True) / 127).half()
    steps = torch.where(scales == 0, 1, scales).float()
    quants = (grouped / steps).round_().clamp_(-127, 127)
    return quants.to(torch.int8), scales
