"""What was made of a model for OpenVINO, and where it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playground.models.names import ModelFiles
from playground.models.openvino_kept import CHAT, folder_of, read_receipt


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
    folder = folder_of(files, graphs_dir, CHAT)
    receipt = read_receipt(folder)
    return Prepared(folder, **{**receipt, "ends": tuple(receipt["ends"])}) if receipt else None
