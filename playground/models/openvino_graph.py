"""A causal language model as an OpenVINO graph, traced from its code in transformers.

Tracing keeps the modules' names, so that the graph's weights are found by the names that adapters
use. It works for every architecture whose keys and values are kept whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import DynamicCache, PreTrainedModel
from transformers.cache_utils import DynamicLayer

from playground.errors import NotForOpenVino
from playground.models.openvino_runtime import ov, trace

GRAPH = "openvino_model.xml"
_BEFORE, _AFTER = "__module.model.", "/aten::linear/MatMul"
_INPUTS = ("input_ids", "attention_mask", "position_ids")


def export(model: PreTrainedModel, folder: Path, *, name: str) -> int:
    """Write `model` (float32, on the CPU) as a graph with float16 weights to `folder`.

    Returns how many bytes the keys and values of a token take in float16.

    Raises:
        NotForOpenVino: the model cannot be traced, or the graph's weights are not the model's.
    """
    shapes = _cache_shapes(model, name)
    try:
        graph = _trace(model, shapes)
        _keep_state_inside(graph, shapes)
    except Exception as error:  # whatever the tracer meets in somebody's model
        raise NotForOpenVino(model=name, reason=_short(error)) from error
    _check_weights(graph, model, name)
    ov.save_model(graph, folder / GRAPH, compress_to_fp16=True)
    return sum(heads * size * 2 * 2 for heads, size in shapes)


def linear_name(node: Any) -> str | None:
    """The module whose weights `node` multiplies with, None for other nodes."""
    name = node.get_friendly_name()
    if name.startswith(_BEFORE) and name.endswith(_AFTER):
        return name[len(_BEFORE) : -len(_AFTER)]
    return None


def constant_behind(output: Any) -> Any | None:
    """The constant that `output` is, but for its number format; None if it is computed."""
    node = output.get_node()
    while node.get_type_name() == "Convert":
        node = node.input_value(0).get_node()
    return node if node.get_type_name() == "Constant" else None


class _WithoutObjects(torch.nn.Module):
    """The model with tensors in and out, as tracing wants it."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        position_ids: torch.Tensor,
        past: list[tuple[torch.Tensor, torch.Tensor]],
    ) -> tuple[torch.Tensor, ...]:
        """Logits [batch, new, vocabulary], then keys and values of each layer."""
        cache = DynamicCache(config=self.model.config)
        layers: list[Any] = cache.layers
        for layer, (keys, values) in zip(layers, past, strict=True):
            layer.keys, layer.values, layer.is_initialized = keys, values, True
            layer.dtype, layer.device = keys.dtype, keys.device
        output = self.model(
            input_ids=input_ids,
            attention_mask=attention_mask,
            position_ids=position_ids,
            cache=cache,
            use_cache=True,
        )
        return (output.logits, *(t for layer in layers for t in (layer.keys, layer.values)))


@torch.no_grad()
def _cache_shapes(model: PreTrainedModel, name: str) -> list[tuple[int, int]]:
    """Key-value heads and their size, layer by layer."""
    cache = DynamicCache(config=model.config)
    model(torch.ones(1, 4, dtype=torch.long), cache=cache, use_cache=True)
    shapes = []
    for layer in cache.layers:
        if type(layer) is not DynamicLayer or layer.keys is None:
            raise NotForOpenVino(model=name, reason="a layer does not keep all keys and values")
        shapes.append((layer.keys.shape[1], layer.keys.shape[3]))
    return shapes


def _trace(model: PreTrainedModel, shapes: list[tuple[int, int]]) -> Any:
    example = {
        "input_ids": torch.ones(2, 5, dtype=torch.long),
        "attention_mask": torch.ones(2, 8, dtype=torch.long),
        "position_ids": torch.arange(3, 8).repeat(2, 1),
        "past": [(torch.zeros(2, h, 3, d), torch.zeros(2, h, 3, d)) for h, d in shapes],
    }
    return trace(_WithoutObjects(model), example)


def _keep_state_inside(graph: Any, shapes: list[tuple[int, int]]) -> None:
    """Keys and values become the graph's own state, the form that OpenVINO GenAI expects.

    As it asks, an input `beam_idx` says which row of the batch each row goes on from.
    """
    from openvino import opset13 as ops
    from openvino._offline_transformations import apply_make_stateful_transformation

    kinds = [f"{layer}.{kind}" for layer in range(len(shapes)) for kind in ("key", "value")]
    pasts, presents = [f"past.{kind}" for kind in kinds], [f"present.{kind}" for kind in kinds]
    for port, name in zip(graph.inputs, (*_INPUTS, *pasts), strict=True):
        port.get_tensor().set_names({name})
    for port, name in zip(graph.outputs, ("logits", *presents), strict=True):
        port.get_tensor().set_names({name})
    for name in _INPUTS:
        graph.input(name).get_node().set_partial_shape(ov.PartialShape([-1, -1]))
    for name, (heads, size) in zip(pasts, (s for s in shapes for _ in range(2)), strict=True):
        graph.input(name).get_node().set_partial_shape(ov.PartialShape([-1, heads, -1, size]))

    beams = ops.parameter(name="beam_idx", dtype=ov.Type.i32, shape=ov.PartialShape([-1]))
    beams.output(0).get_tensor().set_names({"beam_idx"})
    graph.add_parameters([beams])
    for name in pasts:
        past = graph.input(name)
        readers = past.get_target_inputs()
        gathered = ops.gather(past, beams, ops.constant(0)).output(0)
        for reader in readers:
            reader.replace_source_output(gathered)
    graph.validate_nodes_and_infer_types()
    apply_make_stateful_transformation(graph, dict(zip(pasts, presents, strict=True)))

    ids = graph.input("input_ids")
    batch = ops.gather(ops.shape_of(ids, output_type="i64"), ops.constant([0]), ops.constant(0))
    for node in graph.get_ops():
        if node.get_type_name() == "ReadValue":
            _, heads, _, size = node.get_output_partial_shape(0)
            rest = [heads.get_length(), 0, size.get_length()]
            shape = ops.concat([batch, ops.constant(np.array(rest, dtype=np.int64))], 0)
            node.set_arguments([ops.broadcast(ops.constant(np.float32(0)), shape)])
    graph.validate_nodes_and_infer_types()


def _check_weights(graph: Any, model: PreTrainedModel, name: str) -> None:
    """Every linear layer of the model is in the graph under its name, with its weights."""
    wanted = {n: m for n, m in model.named_modules() if isinstance(m, torch.nn.Linear)}
    for node in graph.get_ordered_ops():
        module = wanted.get(linear_name(node) or "")
        constant = constant_behind(node.input_value(1)) if module is not None else None
        if module is not None and constant is not None:
            if not np.array_equal(constant.data, module.weight.detach().numpy()):
                reason = f"the graph has other weights for {linear_name(node)}"
                raise NotForOpenVino(model=name, reason=reason)
            del wanted[str(linear_name(node))]
    if wanted:
        reason = f"the graph lacks {len(wanted)} linear layers: {min(wanted)} …"
        raise NotForOpenVino(model=name, reason=reason)


def _short(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
