"""Trained adapters on disk: listed, checked, renamed and deleted without loading a model."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from playground.adapters.copying import copy_adapter, was_added
from playground.adapters.renaming import RECORD_FILE, rename_folder
from playground.errors import (
    AdapterError,
    AdapterFileMissing,
    AdapterNameInvalid,
    AdapterNameTaken,
    AdapterNotLora,
    AdapterPickled,
    AdapterSettingsDiffer,
    AdapterShipped,
    AdapterUndeletable,
    AdapterUnreadable,
    AdapterUnrenamable,
    UnknownName,
)
from playground.models.adapter_files import CONFIG_FILE, WEIGHTS_FILE, check_base
from playground.models.embedded import EMBEDDED, MergedModel
from playground.quota import Quota
from playground.types import Adapter

_PICKLE_FILES = ("adapter_model.bin", "adapter_model.pt", "adapter_model.pth")
_MORE_THAN_LORA = ("use_dora", "bias", "fan_in_fan_out", "modules_to_save", "alpha_pattern")
_OFF = (None, False, "none", {}, [])
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9_-])?", re.ASCII)


class Adapters:
    """The adapters in some folders; of two with one name, the earlier folder's counts.

    The first folder is the user's, the others hold what comes with an installation.
    """

    def __init__(self, dirs: Sequence[Path], *, quota: Quota | None = None) -> None:
        self._dirs = tuple(dirs)
        self._quota = quota

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

    def rename(self, old: str, new: str) -> None:
        """Call the adapter `old` by the name `new`, in its papers, too; broken or not.

        Raises:
            UnknownName: there is none. AdapterNameInvalid, AdapterNameTaken: choose another name.
            AdapterShipped: the program needs it. AdapterUnrenamable: the disk does not allow it.
        """
        folder = self._folder(old)
        check_name(new)
        target = folder.with_name(new)
        names = self._folders().keys()
        if new in names or target.exists():
            raise AdapterNameTaken(name=new, free=free_name(new, {*names, new}))
        if self._ships(folder):
            raise AdapterShipped(adapter=old, folder=folder, target=self._dirs[0] / new)
        try:
            rename_folder(folder, target)
        except OSError as error:
            raise AdapterUnrenamable(adapter=old, reason=error.strerror or error) from error

    def delete(self, name: str) -> None:
        """Remove the adapter called `name`, broken or not.

        Raises:
            UnknownName: there is none. AdapterUndeletable: the disk does not allow it.
            NotOnPublicPages: it is not the visitor's own.
        """
        folder = self._folder(name)
        if self._quota and folder.parent != self._dirs[0]:
            self._quota.refuse("shipped")
        try:
            if folder.is_symlink():
                folder.unlink()
            else:
                shutil.rmtree(folder)
        except OSError as error:
            raise AdapterUndeletable(adapter=name, reason=error.strerror or error) from error

    def add(self, name: str, folder: Path, *, model: str) -> Adapter:
        """Take in a copy of the adapter in `folder`, for the model called `model`.

        Raises:
            AdapterNameInvalid, AdapterNameTaken: choose another name.
            AdapterError: the files are missing, damaged, made for another model, or change nothing.
        """
        from playground.adapters.effect import check_effect  # numpy takes its time

        check_name(name)
        if name in (names := self._folders().keys()):
            raise AdapterNameTaken(name=name, free=free_name(name, names))
        found = replace(read_adapter(folder), name=name)
        check_adapter(found, model)
        check_effect(found)
        copy_adapter(folder, self._dirs[0] / name)
        return self.get(name)

    def remove_added(self, name: str) -> None:
        """Remove the copy that `add` took in.

        Raises:
            UnknownName: it took in none of this name.
        """
        added = [name for name, folder in self._folders().items() if was_added(folder)]
        if name not in added:
            raise UnknownName(kind="adapter", name=name, available=", ".join(added) or "-")
        self.delete(name)

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

    def _ships(self, folder: Path) -> bool:
        """In a checkout, what ships lies beside what was trained: embedded models tell it apart."""
        merged = [model.adapter for model in EMBEDDED if isinstance(model, MergedModel)]
        return folder.parent != self._dirs[0] or folder.resolve() in merged

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
    varies = config.get("rank_pattern") or config.get("target_parameters")
    _check_weights(name, folder, None if varies else r)
    record = _read_record(name, folder)
    rows, seconds = record.get("training_rows"), record.get("seconds")
    return Adapter(name, folder, base_model, r, rows, seconds)


def check_adapter(adapter: Adapter, model: str) -> None:
    """Whether `adapter` can answer with the model called `model`.

    Raises:
        AdapterMismatch: it was made for another. AdapterError: its files are not in order.
    """
    read_adapter(adapter.path)
    check_base(adapter, model)


def check_start(adapter: Adapter, model: str, wanted: Mapping[str, Any]) -> None:
    """Whether a training of the model called `model` may go on from `adapter`.

    Raises:
        AdapterSettingsDiffer: its shape is not the `wanted` one. Others as for `check_adapter`.
    """
    check_adapter(adapter, model)
    made_with = _read_json(adapter.name, adapter.path / CONFIG_FILE)
    for name in ("r", "lora_alpha", "lora_dropout"):
        if (had := made_with.get(name)) != wanted[name]:
            raise AdapterSettingsDiffer(
                adapter=adapter.name, option=name, had=had, wanted=wanted[name]
            )


def more_than_lora(adapter: Adapter) -> str | None:
    """The option that makes `adapter` more than W + scale · B A, None if it is just that."""
    config = read_config(adapter)
    return next((option for option in _MORE_THAN_LORA if config.get(option) not in _OFF), None)


def read_config(adapter: Adapter) -> dict[str, Any]:
    """PEFT's settings of `adapter`.

    Raises:
        AdapterFileMissing, AdapterUnreadable.
    """
    return _read_json(adapter.name, adapter.path / CONFIG_FILE)


def read_record(adapter: Adapter) -> dict[str, Any]:
    """What training.json says of `adapter`; nothing for one from elsewhere.

    Raises:
        AdapterUnreadable.
    """
    return _read_record(adapter.name, adapter.path)


def free_name(name: str, taken: Collection[str]) -> str:
    """A name like `name` that is not among `taken`."""
    stem = name[:60].rstrip(".")
    return next(free for i in itertools.count(2) if (free := f"{stem}-{i}") not in taken)


def check_name(name: str) -> None:
    """Raise AdapterNameInvalid unless `name` is fit for a folder, a model id and a URL."""
    if not _NAME.fullmatch(name):
        raise AdapterNameInvalid(name=name)


def _check_weights(name: str, folder: Path, r: int | None) -> None:
    """The header of the weights is whole, fits the file's length, and tells of the rank `r`."""
    from safetensors import SafetensorError, safe_open

    weights = folder / WEIGHTS_FILE
    if not weights.is_file():
        for file in _PICKLE_FILES:
            if (folder / file).exists():
                raise AdapterPickled(adapter=name, file=file)
        raise AdapterFileMissing(adapter=name, file=WEIGHTS_FILE)
    try:
        with safe_open(weights, framework="np") as file:
            keys = file.keys()
            first = next((key for key in keys if "lora_A" in key), None)
            rank = file.get_slice(first).get_shape()[0] if first else r
    except (SafetensorError, OSError) as error:
        raise AdapterUnreadable(adapter=name, reason=f"{WEIGHTS_FILE}: {error}.") from error
    if not keys:
        raise AdapterUnreadable(adapter=name, reason=f"{WEIGHTS_FILE} holds no tensors.")
    if r is not None and rank != r:
        reason = f"{CONFIG_FILE} says r {r}, but its tensors are of rank {rank}."
        raise AdapterUnreadable(adapter=name, reason=reason)


def _read_record(name: str, folder: Path) -> dict[str, Any]:
    file = folder / RECORD_FILE
    return _read_json(name, file) if file.is_file() else {}


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
