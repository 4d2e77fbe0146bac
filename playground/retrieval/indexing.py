"""Documents into a base, each of them whole or not at all."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from playground.errors import EmbedderChanged, NoText
from playground.retrieval import nearby
from playground.retrieval.embedder import Embedder
from playground.retrieval.preparing import Prepared, prepare
from playground.retrieval.schema import BaseInfo
from playground.retrieval.store import Records, records
from playground.types import Document, Progress

_STAGED_SECONDS = 7 * 24 * 3600.0  # how long the vectors of an interrupted run are kept
_TUNED_WITH = 64  # passages, whose first sentences are asked for
_SENTENCE = re.compile(r"[^。！？.!?\n]{8,200}")


def id_of(text: str) -> str:
    """One text has one id, wherever it came from."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def check_identity(info: BaseInfo, embedder: Embedder) -> None:
    """Raises EmbedderChanged if the base was built with another embedder."""
    if info.embedder != embedder.identity:
        raise EmbedderChanged(name=info.name, built=info.embedder, current=embedder.identity)


def check_embedder(info: BaseInfo, embedder: Embedder) -> None:
    """The dimension too, for which the embedder must be loaded."""
    check_identity(info, embedder)
    if info.dimension != embedder.dimension:
        raise EmbedderChanged(name=info.name, built=info.embedder, current=embedder.identity)


def add(folder: Path, embedder: Embedder, documents: Iterable[Document]) -> Iterator[Progress]:
    """Index `documents` in the base in `folder`: see KnowledgeBase.add."""
    by_title = {document.title: document for document in documents}
    for document in by_title.values():
        if not document.text.strip():
            raise NoText(title=document.title)
    wanted = {id_of(document.text): document for document in by_title.values()}
    with records(folder) as stored:
        info = stored.info()
    check_embedder(info, embedder)
    new = _describe_known(folder, wanted)
    for event in prepare(folder, new, embedder, info):
        if isinstance(event, Progress):
            yield event
        else:
            _store(folder, embedder, event, wanted)
    yield Progress("store", info.name, len(wanted), len(wanted))
    yield from index_if_due(folder, embedder)


def _describe_known(folder: Path, wanted: Mapping[str, Document]) -> dict[str, Document]:
    """Name the documents that are there already as they are called now; the others."""
    with records(folder, write=True) as stored:
        known = wanted.keys() & stored.titles().keys()
        for key in known:
            _take_title(stored, key, wanted)
            stored.describe(key, wanted[key])
        if known:
            stored.changed()
    return {key: wanted[key] for key in wanted if key not in known}


def _store(
    folder: Path, embedder: Embedder, group: Sequence[Prepared], wanted: Mapping[str, Document]
) -> None:
    """In one transaction, so that each document is as it was or as it is to be."""
    with records(folder, write=True) as stored:
        check_identity(stored.info(), embedder)
        for prepared in group:
            _take_title(stored, prepared.id, wanted)
            if not stored.holds(prepared.id):  # another process may have added it meanwhile
                stored.insert(prepared.id, prepared.document, prepared.chunks, added_at=time.time())
        hashes = (new.hash for prepared in group for new in prepared.chunks)
        stored.unstage(hashes, before=time.time() - _STAGED_SECONDS)
        stored.changed()


def _take_title(stored: Records, key: str, wanted: Mapping[str, Document]) -> None:
    """Remove the document that has the title which document `key` of `wanted` is to have.

    Unless that one is wanted, too, and so gets another title.
    """
    for other in stored.ids_titled(wanted[key].title):
        if other not in wanted:
            stored.remove(other)


def index_if_due(folder: Path, embedder: Embedder) -> Iterator[Progress]:
    """Make the approximate index when the base has become large, or much larger.

    Raises:
        EmbedderChanged, BaseUnusable: as for `add`.
    """
    with records(folder) as stored:
        info, (count, _) = stored.info(), stored.counts()
        check_identity(info, embedder)
        is_there = info.nearby and (folder / info.nearby).is_file()
        indexed = stored.count_up_to(info.nearby_last) if is_there else 0
        if not nearby.is_due(count, indexed=indexed):
            return
        samples = stored.every_nth_chunk(max(1, count // _TUNED_WITH), limit=_TUNED_WITH)
    sentences = [_first_sentence(sample.chunk.text) for sample in samples]
    questions = embedder.embed(sentences, kind="query")
    file, last = yield from nearby.build(folder, questions, subject=info.name)
    with records(folder, write=True) as stored:
        stored.set_nearby(file, last)
    nearby.discard(folder, info.nearby)


def _first_sentence(text: str) -> str:
    found = _SENTENCE.search(text)
    return found[0] if found else text[:200]
