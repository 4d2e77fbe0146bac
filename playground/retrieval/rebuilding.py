"""A base made anew from its own texts: for another embedder, or another version of this program."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from playground.errors import BaseOutdated, BaseUnusable, EmbedderChanged
from playground.retrieval import nearby
from playground.retrieval.embedder import Embedder
from playground.retrieval.knowledge_base import KnowledgeBase
from playground.retrieval.store import records
from playground.types import Progress

_WORK = "rebuild"
_ROUNDS = 10  # each takes what was added and removed during the one before


def rebuild(folder: Path, embedder: Embedder) -> Iterator[Progress]:
    """Build a new base beside the one in `folder`, then put its rows in place of the old ones.

    The old one answers until then, if it can. What was interrupted goes on where it was.

    Raises:
        BaseUnusable: the texts cannot be read, the disk is full, or the documents never rest.
    """
    work = folder / _WORK
    with records(folder) as stored:
        name, chunk_size = stored.name_and_chunk_size()
    base = _begun(work, name, embedder, chunk_size)
    for _ in range(_ROUNDS):
        with records(folder) as stored:
            documents = stored.texts()
        base.delete(*(info.id for info in base.documents() if info.id not in documents))
        yield from base.add(documents.values())
        if _put_in_place(folder, work):
            shutil.rmtree(work, ignore_errors=True)
            return
    raise BaseUnusable(folder=str(folder), reason="its documents changed again and again meanwhile")


def _begun(work: Path, name: str, embedder: Embedder, chunk_size: int) -> KnowledgeBase:
    """What an interrupted run has left, if it is of this kind, else a new base."""
    try:
        base = KnowledgeBase.open(work, embedder)
        if (base.name, base.chunk_size) == (name, chunk_size):
            return base
    except (BaseUnusable, EmbedderChanged, BaseOutdated):
        pass
    shutil.rmtree(work, ignore_errors=True)
    return KnowledgeBase.create(work, name, embedder, chunk_size=chunk_size)


def _put_in_place(folder: Path, work: Path) -> bool:
    with records(work) as stored:
        index = stored.info().nearby
    try:
        if index:
            os.replace(work / index, folder / index)
    except OSError as error:
        raise BaseUnusable(folder=str(folder), reason=str(error)) from error
    with records(folder, write=True, other=work) as stored:
        if stored.titles() != stored.titles("other"):
            return False
        stored.take_over()
    for old in folder.glob(f"*{nearby.SUFFIX}"):
        if old.name != index:
            nearby.discard(folder, old.name)
    return True
