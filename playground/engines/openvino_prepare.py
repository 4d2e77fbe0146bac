"""What OpenVINO needs of a model, made once and kept: graph, rounded weights, parity check."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path

import psutil
import torch
from filelock import FileLock
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils.hub import cached_file

from playground.engines import parity
from playground.engines.openvino_client import OpenVinoProcess
from playground.errors import AdapterUnreadable, EngineStopped, ModelNotFound, NotForOpenVino
from playground.models.chat import end_tokens
from playground.models.loading import load_model, load_tokenizer
from playground.models.names import ModelFiles
from playground.models.openvino_graph import export
from playground.models.openvino_weights import CONFIG_FILE, WEIGHTS_FILE, prepare
from playground.types import Adapter, Progress, Sampling

_FORMAT = 1  # changes when what is kept changes
_RECEIPT = "receipt.json"
_MOST_ADAPTERS = 8  # on disk, for each model
_STEPS = 3


@dataclass(frozen=True)
class Prepared:
    """A model for OpenVINO in `folder`; `unfit` says why it must not be used.

    `kv_bytes` is what the keys and values of one token take.
    """

    folder: Path
    int8: bool = False
    kv_bytes: int = 0
    equal: int = 0
    of: int = 0
    unfit: str | None = None

    @property
    def base(self) -> Path:
        """The folder of the untuned weights."""
        return self.folder / "base"


def find(files: ModelFiles, cache_dir: Path) -> Prepared | None:
    """What was made of the model, if its files have not changed since."""
    folder = _folder(files, cache_dir)
    try:
        receipt = json.loads((folder / _RECEIPT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Prepared(folder, **receipt)


def make(files: ModelFiles, cache_dir: Path) -> Iterator[Progress]:
    """Make it, if it is not there. That a model is unfit is kept, too."""
    check_memory(files)
    folder = _folder(files, cache_dir)
    cache_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(cache_dir / f".{folder.name}.lock", thread_local=False):
        if find(files, cache_dir):
            return
        slug = folder.name.rpartition("-")[0]
        for old in cache_dir.glob(f"{slug}-????????????"):
            shutil.rmtree(old, ignore_errors=True)
        prefix = f".{slug}-"
        with tempfile.TemporaryDirectory(prefix=prefix, dir=cache_dir) as name:
            work = Path(name) / "made"
            work.mkdir()
            yield from _make(files, work)
            work.rename(folder)


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
        receipt = replace(made, kv_bytes=kv_bytes)
    except NotForOpenVino as unfit:
        for part in work.iterdir():
            shutil.rmtree(part)
        receipt = Prepared(work, unfit=str(unfit.details["reason"]))
    values = {key: value for key, value in asdict(receipt).items() if key != "folder"}
    (work / _RECEIPT).write_text(json.dumps(values), encoding="utf-8")
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
            return list(process.generate(tokens, Sampling(max_tokens=count), ends))

        return parity.check(greedy, model, tokenizer)
    except EngineStopped as error:
        raise NotForOpenVino(model=files.name, reason=error.details["reason"]) from error
    finally:
        process.close()


def check_memory(files: ModelFiles) -> None:
    """Tracing and comparing hold the model in float32, beside the graph's own copy."""
    folder = _source(files)
    weights = [folder / files.gguf_file] if files.gguf_file else folder.glob("*.safetensors")
    growth = 10 if files.gguf_file else 3  # from 4 bits, and from 16
    needed = growth * sum(file.stat().st_size for file in weights)
    free = psutil.virtual_memory().available
    if needed > free:
        reason = (
            f"preparing it takes about {needed / 1e9:.0f} GB of memory, {free / 1e9:.0f} are free"
        )
        raise NotForOpenVino(model=files.name, reason=reason)


def _source(files: ModelFiles) -> Path:
    """The folder of the model's files, in the hub's cache for a hub id."""
    if Path(files.path).is_dir():
        return Path(files.path)
    try:
        return Path(str(cached_file(files.path, "config.json"))).parent
    except OSError as error:
        raise ModelNotFound(model=files.name, reason=" ".join(str(error).split())[:200]) from error


def _folder(files: ModelFiles, cache_dir: Path) -> Path:
    """Named by the model and by what would make another of it."""
    source = _source(files)
    # Files of the hub never change: its folder is named by the commit.
    patterns = (files.gguf_file,) if files.gguf_file else ("config.json", "*.safetensors")
    found = sorted(f for p in patterns if p for f in source.glob(p)) if source.is_dir() else []
    stats = [(f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in found]
    what = str(source.name) if not Path(files.path).is_dir() else repr(stats)
    text = f"{_FORMAT} {version('openvino')} {files.name} {files.gguf_file} {what}"
    slug = re.sub(r"[^A-Za-z0-9.]+", "_", files.name)[-60:]
    return cache_dir / f"{slug}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _digest_of(adapter: Adapter) -> str:
    digest = hashlib.sha256()
    for file in (CONFIG_FILE, WEIGHTS_FILE):
        try:
            digest.update((adapter.path / file).read_bytes())
        except OSError as error:
            raise AdapterUnreadable(adapter=adapter.name, reason=f"{file}: {error}.") from error
    return digest.hexdigest()[:16]
