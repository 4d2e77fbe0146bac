"""What a model name means: an embedded model, a local folder, a GGUF file or a hub id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from playground.errors import (
    ModelFolderIncomplete,
    ModelNameUnknown,
    ModelNotPulled,
    PickledWeights,
)
from playground.models.embedded import EMBEDDED, EmbeddedModel

FAKE = "fake"  # names the engine, or the embedder, that needs no model
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")


@dataclass(frozen=True)
class ModelFiles:
    """Arguments for `from_pretrained`: `path` is a folder or a hub id.

    `name` is what the user called the model. `gguf_file` names a file inside `path`.
    """

    name: str
    path: str
    gguf_file: str | None = None


class Listed(NamedTuple):
    """An embedded model, and whether and where it is prepared."""

    model: EmbeddedModel
    is_ready: bool
    folder: Path


def list_models(models_dir: Path) -> tuple[Listed, ...]:
    """All embedded models."""
    return tuple(Listed(m, m.is_ready(models_dir), m.folder(models_dir)) for m in EMBEDDED)


def find_embedded(name: str) -> EmbeddedModel | None:
    """The embedded model called `name`."""
    return next((model for model in EMBEDDED if model.name == name), None)


def locate(name: str, models_dir: Path) -> ModelFiles:
    """Where the files of the model `name` are. Hub ids are not looked up: no network is used.

    Raises:
        ModelNotPulled: an embedded model that is not prepared. ModelUnusable: a folder without
        a model in safetensors. ModelNotFound: nothing of that name, nor the form of a hub id.
    """
    if model := find_embedded(name):
        if not model.is_ready(models_dir):
            raise ModelNotPulled(model=name, megabytes=model.megabytes)
        return ModelFiles(name, str(model.folder(models_dir)))
    path = Path(name).expanduser()
    is_gguf = path.suffix.lower() == ".gguf"
    if is_gguf and path.is_file():
        return ModelFiles(name, str(path.parent), path.name)
    if name and path.is_dir():
        _check_folder(name, path)
        return ModelFiles(name, str(path))
    if not is_gguf and _HUB_ID.fullmatch(name):
        return ModelFiles(name, name)
    embedded = ", ".join(model.name for model in EMBEDDED)
    raise ModelNameUnknown(model=name, embedded=embedded, path=path.absolute())


def _check_folder(name: str, folder: Path) -> None:
    if not (folder / "config.json").is_file():
        raise ModelFolderIncomplete(model=name, missing="config.json")
    if any(folder.glob("*.safetensors")):
        return
    pickles = sorted(file.name for pattern in _PICKLES for file in folder.glob(pattern))
    if pickles:
        raise PickledWeights(model=name, file=pickles[0])
    raise ModelFolderIncomplete(model=name, missing="*.safetensors")
