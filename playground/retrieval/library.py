"""All knowledge bases of one data folder, by name."""

from __future__ import annotations

import hashlib
import itertools
import shutil
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from playground.decoding import readable
from playground.errors import (
    BaseExists,
    BaseNameInvalid,
    BaseUnusable,
    EmbedderChanged,
    UnknownName,
)
from playground.retrieval import portable
from playground.retrieval.embedder import Embedder
from playground.retrieval.indexing import index_if_due
from playground.retrieval.knowledge_base import KnowledgeBase
from playground.retrieval.rebuilding import rebuild
from playground.retrieval.reranker import Reranker
from playground.retrieval.splitter import CHUNK_SIZE
from playground.retrieval.store import DATABASE, records
from playground.types import Progress

MAX_NAME_CHARACTERS = 100


class Library:
    """The bases under `root`. A name may be in any script: folders are called by its hash."""

    def __init__(self, root: Path, embedder: Embedder, reranker: Reranker | None = None) -> None:
        self._root = root
        self._embedder = embedder
        self._reranker = reranker
        self._lock = threading.Lock()
        self._open: dict[str, KnowledgeBase] = {}

    def names(self) -> tuple[str, ...]:
        """The names of all bases that can be read, sorted."""
        return tuple(sorted(self._folders()))

    def get(self, name: str) -> KnowledgeBase:
        """The base of this name, the same object each time.

        Raises:
            UnknownName: there is none. EmbedderChanged, BaseOutdated: see `rebuild`. BaseUnusable:
            damaged.
        """
        folder = self._existing_folder(name)
        with self._lock:
            if folder.name not in self._open:
                self._open[folder.name] = KnowledgeBase.open(
                    folder, self._embedder, reranker=self._reranker
                )
            return self._open[folder.name]

    def create(self, name: str, *, chunk_size: int = CHUNK_SIZE) -> KnowledgeBase:
        """A new, empty base.

        Raises:
            BaseExists: the name is taken. BaseNameInvalid: it is empty or too long.
        """
        with self._lock:
            cleaned, folder = self._new_folder(name)
            base = KnowledgeBase.create(
                folder, cleaned, self._embedder, chunk_size=chunk_size, reranker=self._reranker
            )
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

    def rename(self, name: str, new_name: str) -> str:
        """Call a base by another name; that name as it is kept.

        Raises:
            UnknownName: there is none. BaseExists, BaseNameInvalid: as for `create`.
        """
        with self._lock:
            cleaned = _checked(new_name)
            folder = self._existing_folder(name)
            if cleaned != _clean(name) and cleaned in self._folders():
                raise BaseExists(name=cleaned)
            with records(folder, write=True) as stored:
                stored.rename(cleaned)
            self._open.pop(folder.name, None)
            return cleaned

    def rebuild(self, name: str) -> Iterator[Progress]:
        """Make a base fit this library's embedder, from the texts that it holds.

        Raises:
            UnknownName: there is none. BaseUnusable: its texts cannot be read.
        """
        yield from rebuild(self._existing_folder(name), self._embedder)

    def export(self, name: str, target: Path) -> None:
        """Write a base to the file `target`, for `add_exported` of any library.

        Raises:
            UnknownName: there is none. BaseUnusable: it cannot be read, or the file not be written.
        """
        portable.write(self._existing_folder(name), target)

    def add_exported(self, source: Path, *, name: str | None = None) -> str:
        """Add an exported base, by `name` or by its own; the name that it has here.

        Raises:
            ImportUnreadable: the file holds none. BaseExists, BaseNameInvalid: as for `create`.
        """
        with self._lock:
            cleaned, folder = self._new_folder(name or portable.name_in(source))
            try:
                folder.mkdir(parents=True, exist_ok=True)
                portable.read(source, folder, name=cleaned)
                with suppress(EmbedderChanged):  # then it is to be rebuilt
                    for _ in index_if_due(folder, self._embedder):
                        pass
            except OSError as error:
                raise BaseUnusable(folder=str(folder), reason=str(error)) from error
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            return cleaned

    def _folders(self) -> dict[str, Path]:
        """Name -> folder. A base that is damaged must not hide the others."""
        found = {}
        for database in self._root.glob(f"*/{DATABASE}"):
            with suppress(BaseUnusable), records(database.parent) as stored:
                found[stored.name_and_chunk_size()[0]] = database.parent
        return found

    def _existing_folder(self, name: str) -> Path:
        folders = self._folders()
        if _clean(name) not in folders:
            available = ", ".join(sorted(folders)) or "none"
            raise UnknownName(kind="knowledge base", name=name, available=available)
        return folders[_clean(name)]

    def _new_folder(self, name: str) -> tuple[str, Path]:
        """The name as it is kept, and a folder that has no base: its own may have a renamed one."""
        cleaned = _checked(name)
        if cleaned in self._folders():
            raise BaseExists(name=cleaned)
        tries = (f"{cleaned}\0{number}" if number else cleaned for number in itertools.count())
        folders = (self._root / f"kb-{hashlib.sha256(t.encode()).hexdigest()[:16]}" for t in tries)
        return cleaned, next(folder for folder in folders if not (folder / DATABASE).exists())


def _checked(name: str) -> str:
    cleaned = _clean(name)
    if not 1 <= len(cleaned) <= MAX_NAME_CHARACTERS:
        raise BaseNameInvalid(name=name, limit=MAX_NAME_CHARACTERS)
    return cleaned


def _clean(name: str) -> str:
    """One form of a name, however it was typed."""
    normal = unicodedata.normalize("NFC", readable(name))
    visible = "".join(c for c in normal if not unicodedata.category(c).startswith("C"))
    return " ".join(visible.split())
