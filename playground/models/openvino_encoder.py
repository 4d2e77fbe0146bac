"""An embedding model's network as an OpenVINO graph: traced once, checked, and run in its place.

Prompts, tokens, pooling and normalising stay with sentence-transformers, so that the vectors are
the model's, whichever of the two ran the network.
"""

from __future__ import annotations

import gc
import inspect
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from playground.models.names import ModelFiles
from playground.models.openvino_kept import (
    ENCODER,
    folder_of,
    lacks_memory,
    making,
    read_receipt,
    write_receipt,
)
from playground.models.openvino_runtime import ov, trace
from playground.types import Progress

GRAPH = "encoder.xml"
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_LEAST_COSINE = 0.9995  # as it will run, which is in bfloat16 where the processor has that
_LEAST_COSINE_OF_FLOAT16 = 0.9999  # what rounding the weights may do by itself
# One batch, so that all but the longest are padded.
_TEXTS = (
    "?",
    "退款",
    "Opening hours",
    "退款需要七个工作日。",
    "The library opens at nine and closes at five, except on holidays.",
    "图书馆上午九点开门，下午五点关门；节假日除外，请以门口的通知为准。",
    "passage: Refunds go back to the card that was charged, within 7 working days. " * 3,
    "query: 如果订单已经发货，买家需要先把商品寄回仓库，确认无误后才会退款。" * 3,
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Encoder:
    """A graph in `folder`, or why the model must run on torch.

    `cosine` is how close the graph's vectors come to those of torch in float32, at worst.
    """

    folder: Path
    cosine: float = 0.0
    unfit: str | None = None


class GraphNetwork(torch.nn.Module):
    """Stands where sentence-transformers has a transformers model, and runs the graph instead.

    It has one request, and so must not be called by two threads at once.
    """

    def __init__(self, folder: Path, config: Any, **options: str) -> None:
        """`config` is the transformers model's, `options` are OpenVINO's."""
        super().__init__()
        self.config = config
        options = {"PERFORMANCE_HINT": "LATENCY", **options}
        compiled = ov.Core().compile_model(folder / GRAPH, "CPU", options)
        self._inputs = [port.get_any_name() for port in compiled.inputs]
        self._request = compiled.create_infer_request()

    def forward(self, **features: Any) -> dict[str, torch.Tensor]:
        """`last_hidden_state` [batch, tokens, size], in float32."""
        output = self._request.infer({name: features[name].numpy() for name in self._inputs})
        return {"last_hidden_state": torch.from_numpy(output[0])}


def run_graph(model: Any, encoder: Encoder) -> None:
    """From here on `model` runs the graph, and its own weights are free to go."""
    transformer: Any = model[0]
    transformer.model = GraphNetwork(encoder.folder, transformer.model.config)
    gc.collect()  # modules refer to each other in circles


def find(files: ModelFiles, graphs_dir: Path) -> Encoder | None:
    """What was made of the model, if its files have not changed since.

    Raises:
        ModelNotFound: the files cannot be had.
    """
    folder = folder_of(files, graphs_dir, ENCODER)
    receipt = read_receipt(folder)
    return Encoder(folder, **receipt) if receipt else None


def make(files: ModelFiles, graphs_dir: Path, load: Callable[[], Any]) -> Iterator[Progress]:
    """Make it, if it is not there. That a model is unfit is kept, too.

    `load` gives the model in float32 on the CPU. Without room for the graph, in memory or on disk,
    none is made.

    Raises:
        ModelNotFound: the files cannot be had. Whatever `load` raises.
    """
    if find(files, graphs_dir) or lacks_memory(files, ENCODER, growth=3):
        return
    subject = f"{files.name} (OpenVINO)"
    yield Progress("convert", subject, 0, 1)
    model = load()
    try:
        with making(folder_of(files, graphs_dir, ENCODER)) as work:
            if work:
                _make(model, work)
    except OSError as error:
        _log.warning("No graph of %s can be kept: %s", files.name, error)
    yield Progress("convert", subject, 1, 1)


def _make(model: Any, work: Path) -> None:
    noted: dict[str, Any] = {}
    try:
        noted["cosine"] = cosine = _export(model, work)
        if not cosine >= _LEAST_COSINE:  # so that NaN is unfit
            noted["unfit"] = f"its vectors have a cosine of {cosine:.5f} to torch's"
    except OSError:
        raise
    except Exception as error:  # whatever the tracer meets in somebody's model
        noted["unfit"] = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    if "unfit" in noted:
        for file in work.iterdir():
            file.unlink()
    write_receipt(work, noted)


def _export(model: Any, folder: Path) -> float:
    """Write the network to `folder`, in float16 if that is close enough; the worst cosine."""
    transformer: Any = model[0]
    network = transformer.model
    config = network.config
    wanted = _vectors(model)
    graph = _trace(model, network)
    for fp16 in (True, False):
        ov.save_model(graph, folder / GRAPH, compress_to_fp16=fp16)
        transformer.model = GraphNetwork(folder, config, INFERENCE_PRECISION_HINT="f32")
        if _worst_cosine(model, wanted) >= _LEAST_COSINE_OF_FLOAT16:
            break
    transformer.model = GraphNetwork(folder, config)
    cosine = _worst_cosine(model, wanted)
    transformer.model = network  # no file of `folder` may be open when it is renamed
    return cosine


class _LastHiddenState(torch.nn.Module):
    """The network with tensors in and out, as tracing wants it."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        token_type_ids: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """[batch, tokens, size]"""
        types = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        output = self.network(input_ids=input_ids, attention_mask=attention_mask, **types)
        return output.last_hidden_state


def _trace(model: Any, network: torch.nn.Module) -> Any:
    # What the tokenizer gives, of that what the network takes.
    given = model.preprocess(list(_TEXTS[:4]))
    taken = inspect.signature(network.forward).parameters
    example = {name: given[name] for name in _INPUTS if name in given and name in taken}
    graph = trace(_LastHiddenState(network), example)
    for port, name in zip(graph.inputs, example, strict=True):
        port.get_tensor().set_names({name})
        port.get_node().set_partial_shape(ov.PartialShape([-1, -1]))
    graph.validate_nodes_and_infer_types()
    return graph


def _worst_cosine(model: Any, wanted: np.ndarray) -> float:
    return float((_vectors(model) * wanted).sum(axis=1).min())


def _vectors(model: Any) -> np.ndarray:
    options: Any = {"batch_size": len(_TEXTS), "show_progress_bar": False}
    return np.asarray(model.encode(list(_TEXTS), normalize_embeddings=True, **options))
