"""All knowledge bases of one data folder, by name."""

from __future__ import annotations

import hashlib
import shutil
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from playground.errors import BaseNameInvalid, BaseUnusable, UnknownName
from playground.retrieval.embedder import Embedder
from playground.retrieval.knowledge_base import KnowledgeBase
from playground.retrieval.splitter import CHUNK_SIZE
from playground.retrieval.store import DATABASE, records
from playground.types import Progress

MAX_NAME_CHARACTERS = 100


class Library:
    """The bases under `root`. A name may be in any script: folders are called by its hash."""

    def __init__(self, root: Path, embedder: Embedder) -> None:
        self._root = root
        self._embedder = embedder
        self._lock = threading.Lock()
        self._open: dict[str, KnowledgeBase] = {}

    def names(self) -> tuple[str, ...]:
        """The names of all bases that can be read, sorted."""
        found = []
        for database in self._root.glob(f"*/{DATABASE}"):
            try:
                with records(database.parent) as stored:
                    found.append(stored.info().name)
            except BaseUnusable:  # a base that is damaged must not hide the others
                continue
        return tuple(sorted(found))

    def get(self, name: str) -> KnowledgeBase:
        """The base of this name, the same object each time.

        Raises:
            UnknownName: there is none. EmbedderChanged: see `rebuild`. BaseUnusable: damaged.
        """
        folder = self._existing_folder(name)
        with self._lock:
            if folder.name not in self._open:
                self._open[folder.name] = KnowledgeBase.open(folder, self._embedder)
            return self._open[folder.name]

    def create(self, name: str, *, chunk_size: int = CHUNK_SIZE) -> KnowledgeBase:
        """A new, empty base.

        Raises:
            BaseExists: the name is taken. BaseNameInvalid: it is empty or too long.
        """
        cleaned = _clean(name)
        if not 1 <= len(cleaned) <= MAX_NAME_CHARACTERS:
            raise BaseNameInvalid(name=name, limit=MAX_NAME_CHARACTERS)
        folder = self._folder(cleaned)
        with self._lock:
            base = KnowledgeBase.create(folder, cleaned, self._embedder, chunk_size=chunk_size)
            self._open[folder.name] = base
            return base

    def delete(self, name: str) -> None:
        """Delete a base with all that is in it.

        Raises:
            UnknownName: there is none. BaseUnusable: its files cannot be deleted.
        """
        folder = self._existing_folder(name)
        with self._lock:
            self._open.pop(folder.name, None)
            try:
                (folder / DATABASE).unlink()  # first: without it, what is left is no base
                shutil.rmtree(folder)
            except OSError as error:
                raise BaseUnusable(folder=str(folder), reason=str(error)) from error

    def rebuild(self, name: str) -> Iterator[Progress]:
        """Make a base fit this library's embedder, from the texts that it holds.

        Raises:
            UnknownName: there is none. BaseUnusable: its texts cannot be read.
        """
        folder = self._existing_folder(name)
        yield from KnowledgeBase.rebuild(folder, self._embedder)

    def _existing_folder(self, name: str) -> Path:
        folder = self._folder(_clean(name))
        if not (folder / DATABASE).is_file():
            available = ", ".join(self.names()) or "none"
            raise UnknownName(kind="knowledge base", name=name, available=available)
        return folder

    def _folder(self, name: str) -> Path:
        return self._root / f"kb-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _clean(name: str) -> str:
    """One form of a name, however it was typed."""
    normal = unicodedata.normalize("NFC", name)
    visible = "".join(c for c in normal if not unicodedata.category(c).startswith("C"))
    return " ".join(visible.split())
