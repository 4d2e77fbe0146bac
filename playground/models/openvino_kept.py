"""What is made of a model for OpenVINO: named by the model's files, made once, whole or not at all.

Imports nothing heavy, so that what is there already is found before anything slow happens.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock

from playground.errors import ModelNotFound
from playground.models.names import ModelFiles

_RECEIPT = "receipt.json"


@dataclass(frozen=True)
class Kind:
    """What is made, and of which files. `version` changes when what is kept changes."""

    suffix: str
    patterns: tuple[str, ...]
    version: int


CHAT = Kind("", ("config.json", "*.safetensors"), 3)
ENCODER = Kind("_encoder", ("**/config.json", "**/*.safetensors"), 2)


def folder_of(files: ModelFiles, graphs_dir: Path, kind: Kind) -> Path:
    """Where it is, or would be: named by the model and by what would make another of it.

    Raises:
        ModelNotFound: the files cannot be had.
    """
    source = _source(files)
    if source == Path(files.path):
        stats = [(file.relative_to(source), file.stat()) for file in _found(files, kind)]
        what = repr([(str(name), stat.st_size, stat.st_mtime_ns) for name, stat in stats])
    else:  # files of the hub never change: their folder is named by the commit
        what = source.name
    text = f"{kind.version} {version('openvino')} {files.name} {files.gguf_file} {what}"
    slug = re.sub(r"[^A-Za-z0-9.]+", "_", files.name)[-60:] + kind.suffix
    return graphs_dir / f"{slug}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def read_receipt(folder: Path) -> dict[str, Any] | None:
    """What was noted when `folder` was made; None if it was not."""
    try:
        return json.loads((folder / _RECEIPT).read_text(encoding="utf-8"))
    except OSError:
        return None


def write_receipt(folder: Path, noted: Mapping[str, Any]) -> None:
    """Note it: the last that is written into a folder."""
    (folder / _RECEIPT).write_text(json.dumps(noted), encoding="utf-8")


@contextmanager
def making(folder: Path) -> Iterator[Path | None]:
    """A folder to fill that is `folder` once the block has ended well; None if it is there.

    Another process that makes the same is waited for. What was made of the model's files before
    they changed goes.
    """
    parent, slug = folder.parent, folder.name.rpartition("-")[0]
    parent.mkdir(parents=True, exist_ok=True)
    with FileLock(parent / f".{folder.name}.lock", thread_local=False):
        if read_receipt(folder):
            yield None
            return
        for old in parent.glob(f"{slug}-????????????"):
            shutil.rmtree(old, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=f".{slug}-", dir=parent) as name:
            work = Path(name) / "made"
            work.mkdir()
            yield work
            work.rename(folder)


def lacks_memory(files: ModelFiles, kind: Kind, *, growth: int) -> str | None:
    """Why there is no room for the files grown so many times, None if there is."""
    needed = growth * sum(file.stat().st_size for file in _found(files, kind))
    free = psutil.virtual_memory().available
    if needed <= free:
        return None
    return f"preparing it takes about {needed / 1e9:.0f} GB of memory, {free / 1e9:.0f} are free"


def _found(files: ModelFiles, kind: Kind) -> list[Path]:
    source = _source(files)
    patterns = (files.gguf_file,) if files.gguf_file else kind.patterns
    return sorted(file for pattern in patterns for file in source.glob(pattern))


def _source(files: ModelFiles) -> Path:
    """The folder of the model's files, in the hub's cache for a hub id."""
    if Path(files.path).is_dir():
        return Path(files.path)
    from transformers.utils.hub import cached_file

    # What is here already is asked for without the network: this is called at every visit.
    for only_here in (True, False):
        try:
            found = cached_file(files.path, "config.json", local_files_only=only_here)
            return Path(str(found)).parent
        except OSError as error:
            reason = " ".join(str(error).split())[:200]
    raise ModelNotFound(model=files.name, reason=reason)
