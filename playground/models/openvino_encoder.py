"""An embedding model's network as an OpenVINO graph: traced once, checked, and run in its place.

Prompts, tokens, pooling and normalising stay with sentence-transformers, so that the vectors are
the model's, whichever of the two ran the network.
"""

from __future__ import annotations

import gc
import hashlib
import inspect
import json
import logging
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import torch
from filelock import FileLock
from transformers.utils.hub import cached_file

from playground.errors import ModelNotFound
from playground.models.names import ModelFiles
from playground.models.openvino_runtime import ov, trace
from playground.types import Progress

GRAPH = "encoder.xml"
_FORMAT = 1  # changes when what is kept changes
_RECEIPT = "receipt.json"
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
    folder = _folder(files, graphs_dir)
    try:
        receipt = json.loads((folder / _RECEIPT).read_text(encoding="utf-8"))
    except OSError:
        return None
    return Encoder(folder, **receipt)


def make(files: ModelFiles, graphs_dir: Path, load: Callable[[], Any]) -> Iterator[Progress]:
    """Make it, if it is not there. That a model is unfit is kept, too.

    `load` gives the model in float32 on the CPU. Without room for the graph, in memory or on disk,
    none is made.

    Raises:
        ModelNotFound: the files cannot be had. Whatever `load` raises.
    """
    if find(files, graphs_dir) or not _fits_in_memory(files):
        return
    folder = _folder(files, graphs_dir)
    subject = f"{files.name} (OpenVINO)"
    yield Progress("convert", subject, 0, 1)
    model = load()
    try:
        graphs_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(graphs_dir / f".{folder.name}.lock", thread_local=False):
            if not find(files, graphs_dir):
                _make(model, folder)
    except OSError as error:
        _log.warning("No graph of %s can be kept: %s", files.name, error)
    yield Progress("convert", subject, 1, 1)


def _make(model: Any, folder: Path) -> None:
    slug = folder.name.rpartition("-")[0]
    for old in folder.parent.glob(f"{slug}-????????????"):
        shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f".{slug}-", dir=folder.parent) as name:
        work = Path(name) / "made"
        work.mkdir()
        receipt: dict[str, Any] = {}
        try:
            receipt["cosine"] = _export(model, work)
            if not receipt["cosine"] >= _LEAST_COSINE:  # so that NaN is unfit
                receipt["unfit"] = (
                    f"its vectors have a cosine of {receipt['cosine']:.5f} to torch's"
                )
        except OSError:
            raise
        except Exception as error:  # whatever the tracer meets in somebody's model
            receipt["unfit"] = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        if "unfit" in receipt:
            for file in work.iterdir():
                file.unlink()
        (work / _RECEIPT).write_text(json.dumps(receipt), encoding="utf-8")
        work.rename(folder)


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


def _fits_in_memory(files: ModelFiles) -> bool:
    """Whether there is room for the model in float32, its graph, and the graph compiled."""
    weights = Path(files.path).rglob("*.safetensors") if Path(files.path).is_dir() else ()
    return 3 * sum(f.stat().st_size for f in weights) < psutil.virtual_memory().available


def _folder(files: ModelFiles, graphs_dir: Path) -> Path:
    """Named by the model and by what would make another graph of it."""
    source = Path(files.path)
    if source.is_dir():
        patterns = ("config.json", "*.safetensors")
        found = sorted(file for pattern in patterns for file in source.rglob(pattern))
        stats = [(str(f.relative_to(source)), f.stat()) for f in found]
        what = repr([(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats])
    else:
        try:  # files of the hub never change: their folder is named by the commit
            what = Path(str(cached_file(files.path, "config.json"))).parent.name
        except OSError as error:
            reason = " ".join(str(error).split())[:200]
            raise ModelNotFound(model=files.name, reason=reason) from error
    text = f"{_FORMAT} {version('openvino')} {files.name} {what}"
    slug = re.sub(r"[^A-Za-z0-9.]+", "_", files.name)[-60:]
    return graphs_dir / f"{slug}_encoder-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
