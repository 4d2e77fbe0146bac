"""Uploaded files of training rows, each in a folder of its own that we name."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from playground.errors import UnknownName

_DATA, _CARD = "data", "file.json"
_ID = re.compile(r"file-[0-9a-f]{24}")


@dataclass(frozen=True)
class StoredFile:
    """`filename` is what the client called it, and never a path. `created_at` is in seconds."""

    id: str
    filename: str
    bytes: int
    purpose: str
    created_at: int


class FileStore:
    """The files in the folder `root`."""

    def __init__(self, root: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._root = root
        self._clock = clock

    def add(self, filename: str, data: bytes, purpose: str) -> StoredFile:
        """Keep `data`."""
        file = StoredFile(
            f"file-{secrets.token_hex(12)}", filename, len(data), purpose, int(self._clock())
        )
        draft = self._root / f".{file.id}"
        draft.mkdir(parents=True)
        (draft / _DATA).write_bytes(data)
        (draft / _CARD).write_text(json.dumps(asdict(file)), encoding="utf-8")
        draft.rename(self._root / file.id)
        return file

    def list(self) -> tuple[StoredFile, ...]:
        """All files, the latest first."""
        cards = self._root.glob(f"file-*/{_CARD}")
        files = (_read(card) for card in cards)
        return tuple(sorted(files, key=lambda file: file.created_at, reverse=True))

    def get(self, id: str) -> StoredFile:
        """Raises UnknownName if there is none."""
        return _read(self._folder(id) / _CARD)

    def content(self, id: str) -> bytes:
        """Raises UnknownName if there is none."""
        return (self._folder(id) / _DATA).read_bytes()

    def delete(self, id: str) -> None:
        """Raises UnknownName if there is none."""
        shutil.rmtree(self._folder(id))

    def _folder(self, id: str) -> Path:
        folder = self._root / id
        if not _ID.fullmatch(id) or not folder.is_dir():
            available = ", ".join(file.id for file in self.list()) or "-"
            raise UnknownName(kind="file", name=id, available=available)
        return folder


def _read(card: Path) -> StoredFile:
    return StoredFile(**json.loads(card.read_text(encoding="utf-8")))
