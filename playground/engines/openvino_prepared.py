"""What was made of a model for OpenVINO, and where it is kept."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from playground.errors import ModelNotFound
from playground.models.names import ModelFiles

_FORMAT = 2  # changes when what is kept changes
RECEIPT = "receipt.json"


@dataclass(frozen=True)
class Prepared:
    """A model for OpenVINO in `folder`; `unfit` says why it must not be used.

    `kv_bytes` is what the keys and values of one token take, `ends` are the tokens that end an
    answer. Of `of` answers, `equal` began as with transformers.
    """

    folder: Path
    int8: bool = False
    kv_bytes: int = 0
    window: int = 0
    ends: tuple[int, ...] = ()
    equal: int = 0
    of: int = 0
    unfit: str | None = None

    @property
    def base(self) -> Path:
        """The folder of the untuned weights."""
        return self.folder / "base"


def find(files: ModelFiles, graphs_dir: Path) -> Prepared | None:
    """What was made of the model, if its files have not changed since.

    Imports nothing heavy, so that the model's process can start before anything else.
    """
    folder = folder_of(files, graphs_dir)
    try:
        receipt = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Prepared(folder, **{**receipt, "ends": tuple(receipt["ends"])})


def source_of(files: ModelFiles) -> Path:
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


def folder_of(files: ModelFiles, graphs_dir: Path) -> Path:
    """Named by the model and by what would make another of it."""
    source = source_of(files)
    # Files of the hub never change: its folder is named by the commit.
    patterns = (files.gguf_file,) if files.gguf_file else ("config.json", "*.safetensors")
    found = sorted(f for p in patterns if p for f in source.glob(p)) if source.is_dir() else []
    stats = [(f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in found]
    what = str(source.name) if not Path(files.path).is_dir() else repr(stats)
    text = f"{_FORMAT} {version('openvino')} {files.name} {files.gguf_file} {what}"
    slug = re.sub(r"[^A-Za-z0-9.]+", "_", files.name)[-60:]
    return graphs_dir / f"{slug}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
