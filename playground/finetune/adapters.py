"""Trained adapters on disk: listed, checked and deleted without loading a model."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from playground.errors import (
    AdapterError,
    AdapterFileMissing,
    AdapterNameInvalid,
    AdapterNotLora,
    AdapterPickled,
    AdapterSettingsDiffer,
    AdapterUndeletable,
    AdapterUnreadable,
    UnknownName,
)
from playground.finetune.config import TrainConfig
from playground.models.adapter_files import CONFIG_FILE, WEIGHTS_FILE, check_base
from playground.types import Adapter

RECORD_FILE = "training.json"
_PICKLE_FILES = ("adapter_model.bin", "adapter_model.pt", "adapter_model.pth")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9_-])?", re.ASCII)


class Adapters:
    """The adapters in some folders; of two with one name, the earlier folder's counts."""

    def __init__(self, dirs: Sequence[Path]) -> None:
        self._dirs = tuple(dirs)

    def list(self) -> tuple[Adapter, ...]:
        """Those that can be used, by name; `problems` tells of the others."""
        return tuple(found for found in self._read() if isinstance(found, Adapter))

    def problems(self) -> tuple[AdapterError, ...]:
        """Why folders that lie among the adapters are not in the list."""
        return tuple(found for found in self._read() if isinstance(found, AdapterError))

    def get(self, name: str) -> Adapter:
        """The adapter called `name`.

        Raises:
            UnknownName: there is none. AdapterError: it is broken.
        """
        return read_adapter(self._folder(name))

    def delete(self, name: str) -> None:
        """Remove the adapter called `name`, broken or not.

        Raises:
            UnknownName: there is none. AdapterUndeletable: the disk does not allow it.
        """
        folder = self._folder(name)
        try:
            if folder.is_symlink():
                folder.unlink()
            else:
                shutil.rmtree(folder)
        except OSError as error:
            raise AdapterUndeletable(adapter=name, reason=error.strerror or error) from error

    def _read(self) -> Iterator[Adapter | AdapterError]:
        for _, folder in sorted(self._folders().items()):
            try:
                yield read_adapter(folder)
            except AdapterError as error:
                yield error

    def _folder(self, name: str) -> Path:
        """Found by comparing names, so that a path is never one."""
        folders = self._folders()
        if name not in folders:
            available = ", ".join(sorted(folders)) or "-"
            raise UnknownName(kind="adapter", name=name, available=available)
        return folders[name]

    def _folders(self) -> dict[str, Path]:
        folders: dict[str, Path] = {}
        for parent in self._dirs:
            for folder in parent.iterdir() if parent.is_dir() else ():
                if folder.is_dir() and not folder.name.startswith("."):
                    folders.setdefault(folder.name, folder)
        return folders


def read_adapter(folder: Path) -> Adapter:
    """The adapter in `folder`. Pickles are never opened, whatever they are called.

    Raises:
        AdapterError: files are missing, damaged, or of another kind than LoRA.
    """
    name = folder.name
    config = _read_json(name, folder / CONFIG_FILE)
    if config.get("peft_type") != "LORA":
        raise AdapterNotLora(adapter=name, kind=config.get("peft_type"))
    base_model, r = config.get("base_model_name_or_path"), config.get("r")
    if not isinstance(base_model, str) or not isinstance(r, int):
        reason = f"{CONFIG_FILE} does not say base_model_name_or_path and r."
        raise AdapterUnreadable(adapter=name, reason=reason)
    _check_weights(name, folder)
    record = _read_json(name, folder / RECORD_FILE) if (folder / RECORD_FILE).is_file() else {}
    rows, seconds = record.get("training_rows"), record.get("seconds")
    return Adapter(name, folder, base_model, r, rows, seconds)


def check_adapter(adapter: Adapter, model: str) -> None:
    """Whether `adapter` can answer with the model called `model`.

    Raises:
        AdapterMismatch: it was made for another. AdapterError: its files are not in order.
    """
    read_adapter(adapter.path)
    check_base(adapter, model)


def check_start(adapter: Adapter, model: str, config: TrainConfig) -> None:
    """Whether a training of the model called `model` may go on from `adapter`.

    Raises:
        AdapterSettingsDiffer: its shape is not the one of `config`. Others as for `check_adapter`.
    """
    check_adapter(adapter, model)
    made_with = _read_json(adapter.name, adapter.path / CONFIG_FILE)
    for name in ("r", "lora_alpha", "lora_dropout"):
        had, wanted = made_with.get(name), getattr(config, name)
        if had != wanted:
            raise AdapterSettingsDiffer(adapter=adapter.name, option=name, had=had, wanted=wanted)


def check_name(name: str) -> None:
    """Raise AdapterNameInvalid unless `name` is fit for a folder, a model id and a URL."""
    if not _NAME.fullmatch(name):
        raise AdapterNameInvalid(name=name)


def _check_weights(name: str, folder: Path) -> None:
    """The header of the weights is whole and fits the file's length."""
    from safetensors import SafetensorError, safe_open

    weights = folder / WEIGHTS_FILE
    if not weights.is_file():
        for file in _PICKLE_FILES:
            if (folder / file).exists():
                raise AdapterPickled(adapter=name, file=file)
        raise AdapterFileMissing(adapter=name, file=WEIGHTS_FILE)
    try:
        with safe_open(weights, framework="np") as file:
            count = len(file.keys())
    except (SafetensorError, OSError) as error:
        raise AdapterUnreadable(adapter=name, reason=f"{WEIGHTS_FILE}: {error}.") from error
    if not count:
        raise AdapterUnreadable(adapter=name, reason=f"{WEIGHTS_FILE} holds no tensors.")


def _read_json(name: str, file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise AdapterFileMissing(adapter=name, file=file.name)
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise AdapterUnreadable(adapter=name, reason=f"{file.name}: {error}.") from error
    if not isinstance(value, dict):
        raise AdapterUnreadable(adapter=name, reason=f"{file.name} is not an object.")
    return value
