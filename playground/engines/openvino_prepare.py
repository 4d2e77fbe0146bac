"""What OpenVINO needs of a model, made once and kept: graph, rounded weights, parity check."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from playground.engines import parity
from playground.engines.openvino_client import OpenVinoProcess
from playground.engines.openvino_prepared import Prepared
from playground.errors import AdapterUnreadable, EngineStopped, NotForOpenVino
from playground.models.adapter_files import CONFIG_FILE, WEIGHTS_FILE
from playground.models.chat import end_tokens
from playground.models.loading import load_model, load_tokenizer, window_of
from playground.models.names import ModelFiles
from playground.models.openvino_graph import export
from playground.models.openvino_kept import (
    CHAT,
    folder_of,
    lacks_memory,
    making,
    write_receipt,
)
from playground.models.openvino_weights import prepare
from playground.types import Adapter, Progress, Reading, Sampling

_MOST_ADAPTERS = 8  # on disk, for each model
_STEPS = 3


def make(files: ModelFiles, graphs_dir: Path) -> Iterator[Progress]:
    """Make it, if it is not there. That a model is unfit is kept, too."""
    check_memory(files)
    with making(folder_of(files, graphs_dir, CHAT)) as work:
        if work:
            yield from _make(files, work)


def with_adapter(prepared: Prepared, adapter: Adapter) -> Path:
    """The folder of the weights with `adapter` in them, made if it is not there.

    Raises:
        AdapterUnreadable, AdapterUnsupported.
    """
    parent = prepared.folder / "adapters"
    parent.mkdir(exist_ok=True)
    target = parent / _digest_of(adapter)
    if not target.is_dir():
        with tempfile.TemporaryDirectory(dir=parent, prefix=".") as name:
            made = Path(name) / "made"
            made.mkdir()
            prepare(prepared.folder / "graph", made, adapter=adapter, int8=prepared.int8)
            try:
                made.rename(target)
            except OSError:  # another process was first
                if not target.is_dir():
                    raise
    target.touch()
    kept = sorted(
        (f for f in parent.iterdir() if not f.name.startswith(".")),
        key=lambda f: f.stat().st_mtime,
    )
    for old in kept[:-_MOST_ADAPTERS]:
        shutil.rmtree(old, ignore_errors=True)
    return target


def _make(files: ModelFiles, work: Path) -> Iterator[Progress]:
    subject = f"{files.name} (OpenVINO)"
    yield Progress("convert", subject, 0, _STEPS)
    tokenizer = load_tokenizer(files)
    model = load_model(files, dtype=torch.float32, device=torch.device("cpu"))
    try:
        (work / "graph").mkdir()
        kv_bytes = export(model, work / "graph", name=files.name)
        yield Progress("convert", subject, 1, _STEPS)
        made = _rounded(files, work, model, tokenizer)
        ends = tuple(end_tokens(model.generation_config, tokenizer))
        window = window_of(model.config)
        receipt = replace(made, kv_bytes=kv_bytes, window=window, ends=ends)
    except NotForOpenVino as unfit:
        for part in work.iterdir():
            shutil.rmtree(part)
        receipt = Prepared(work, unfit=str(unfit.details["reason"]))
    noted = asdict(receipt)
    del noted["folder"]
    write_receipt(work, noted)
    yield Progress("convert", subject, _STEPS, _STEPS)


def _rounded(
    files: ModelFiles, work: Path, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase
) -> Prepared:
    """The base weights in the smallest form that still says what the model says."""
    found = parity.Parity(0, 0)
    for int8 in (True, False):
        made = Prepared(work, int8)
        shutil.rmtree(made.base, ignore_errors=True)
        made.base.mkdir()
        prepare(work / "graph", made.base, adapter=None, int8=int8)
        found = _parity(files, made.base, model, tokenizer)
        if found.holds:
            return replace(made, equal=found.equal, of=found.of)
    reason = f"only {found.equal} of {found.of} answers begin as with transformers"
    raise NotForOpenVino(model=files.name, reason=reason)


def _parity(
    files: ModelFiles,
    folder: Path,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
) -> parity.Parity:
    process = OpenVinoProcess(model=files.name, kv_tokens=2048, step_tokens=256)
    try:
        process.load(folder)
        ends = end_tokens(model.generation_config, tokenizer)

        def greedy(tokens: Sequence[int], count: int) -> list[int]:
            generated = process.generate(tokens, Sampling(max_tokens=count), ends)
            return [token for token in generated if not isinstance(token, Reading)]

        return parity.check(greedy, model, tokenizer)
    except EngineStopped as error:
        raise NotForOpenVino(model=files.name, reason=error.details["reason"]) from error
    finally:
        process.close()


def check_memory(files: ModelFiles) -> None:
    """Tracing and comparing hold the model in float32, beside the graph's own copy."""
    growth = 10 if files.gguf_file else 3  # from 4 bits, and from 16
    if reason := lacks_memory(files, CHAT, growth=growth):
        raise NotForOpenVino(model=files.name, reason=reason)


def _digest_of(adapter: Adapter) -> str:
    digest = hashlib.sha256()
    for file in (CONFIG_FILE, WEIGHTS_FILE):
        try:
            digest.update((adapter.path / file).read_bytes())
        except OSError as error:
            raise AdapterUnreadable(adapter=adapter.name, reason=f"{file}: {error}.") from error
    return digest.hexdigest()[:16]
