"""A knowledge base: documents in, the passages that answer a question out."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from playground.errors import BaseExists, BaseOutdated, BaseUnusable, UnknownName
from playground.retrieval import indexing, lexical, nearby
from playground.retrieval.embedder import Embedder
from playground.retrieval.fusion import fuse
from playground.retrieval.indexing import check_embedder, check_identity
from playground.retrieval.reranker import Reranker
from playground.retrieval.schema import SCHEMA_VERSION, BaseInfo
from playground.retrieval.splitter import CHUNK_SIZE
from playground.retrieval.store import Records, records
from playground.retrieval.vectors import Vectors
from playground.types import Document, DocumentInfo, Progress, Source

MIN_CANDIDATES = 50
_RERANKED = 30
_NAMED = 20  # documents in an error


class KnowledgeBase:
    """The base in one folder. Threads may share it; other processes may use the same folder."""

    def __init__(
        self, folder: Path, embedder: Embedder, *, name: str, reranker: Reranker | None = None
    ) -> None:
        """Use `open` or `create`."""
        self.name = name
        self._reranker = reranker
        self._folder = folder
        self._embedder = embedder
        self._vectors: Vectors | None = None
        self._common_words: dict[str, int] = {}

    @classmethod
    def create(
        cls,
        folder: Path,
        name: str,
        embedder: Embedder,
        *,
        chunk_size: int = CHUNK_SIZE,
        reranker: Reranker | None = None,
    ) -> KnowledgeBase:
        """A new, empty base in `folder`; `chunk_size` is in the embedder's tokens.

        Raises:
            BaseExists: there is one already. BaseUnusable: the folder cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BaseUnusable(folder=str(folder), reason=str(error)) from error
        info = BaseInfo(
            name, name, embedder.identity, embedder.dimension, chunk_size, epoch=uuid.uuid4().hex
        )
        with records(folder, write=True, create=True) as stored:
            if stored.version() is not None:
                raise BaseExists(name=name)
            stored.create(info)
        return cls(folder, embedder, name=name, reranker=reranker)

    @classmethod
    def open(
        cls, folder: Path, embedder: Embedder, *, reranker: Reranker | None = None
    ) -> KnowledgeBase:
        """The base in `folder`.

        Raises:
            EmbedderChanged: it was built with another embedder. BaseOutdated: by an older version
            of this program. BaseUnusable: there is none, or it is damaged.
        """
        with records(folder) as stored:
            if stored.version() != SCHEMA_VERSION:
                raise BaseOutdated(name=stored.name_and_chunk_size()[0])
            info = stored.info()
        check_identity(info, embedder)
        with suppress(BaseUnusable), records(folder, write=True, busy_seconds=0) as stored:
            nearby.sweep(folder, stored.info().nearby)  # skipped while another writer works
        return cls(folder, embedder, name=info.name, reranker=reranker)

    # ------------------------------------------------------------ what is in it

    @property
    def chunk_size(self) -> int:
        with records(self._folder) as stored:
            return stored.info().chunk_size

    @property
    def chunk_count(self) -> int:
        with records(self._folder) as stored:
            return stored.counts()[0]

    @property
    def token_count(self) -> int:
        """Tokens of all chunks, as the embedder counts them."""
        with records(self._folder) as stored:
            return stored.counts()[1]

    def documents(self) -> tuple[DocumentInfo, ...]:
        """All documents, in the order of their titles."""
        with records(self._folder) as stored:
            return stored.documents()

    def document(self, document_id: str) -> Document:
        """The whole document.

        Raises:
            UnknownName: there is no such document.
        """
        with records(self._folder) as stored:
            document = stored.document(document_id)
            if document is None:
                raise _unknown(document_id, stored)
            return document

    def ids_of(self, titles: Iterable[str]) -> tuple[str, ...]:
        """The ids of the documents with these titles.

        Raises:
            UnknownName: there is none with one of them.
        """
        with records(self._folder) as stored:
            by_title = {title: key for key, title in stored.titles().items()}
            for title in titles:
                if title not in by_title:
                    raise _unknown(title, stored)
            return tuple(by_title[title] for title in titles)

    def whole_documents(self) -> tuple[Source, ...]:
        """Every document as one source, in the order of their titles."""
        with records(self._folder) as stored:
            titles = {info.id: info.title for info in stored.documents()}
            texts = {key: document for key in titles if (document := stored.document(key))}
        return tuple(
            Source(key, titles[key], document.text, 0, len(document.text))
            for key, document in texts.items()
        )

    # ------------------------------------------------------------ changes

    def add(self, documents: Iterable[Document]) -> Iterator[Progress]:
        """Index `documents`, a few at a time, each of them whole or not at all.

        One text is one document, under the title it was last added with; a known title with a
        new text replaces the old text. What is there already is not embedded again, so that what
        was interrupted goes on where it was.

        Raises:
            NoText: a document is empty; none is added. EmbedderChanged, BaseUnusable: as `open`.
        """
        yield from indexing.add(self._folder, self._embedder, documents)

    def delete(self, *document_ids: str) -> None:
        """Remove documents: their texts, their chunks and their vectors.

        Raises:
            UnknownName: there is no such document; none is removed.
        """
        with records(self._folder, write=True) as stored:
            for document_id in document_ids:
                if not stored.holds(document_id):
                    raise _unknown(document_id, stored)
                stored.remove(document_id)
            stored.changed()

    # ------------------------------------------------------------ search

    def search(
        self,
        query: str,
        *,
        top_k: int = 3,
        min_score: float | None = None,
        documents: Collection[str] | None = None,
    ) -> tuple[Source, ...]:
        """The `top_k` passages that fit `query` best by meaning and by words, best first.

        With `min_score`, only passages whose `dense_score` is at least that; with `documents`,
        only passages of the documents with these ids. The name that the base was built with is
        not looked for: it stands before every passage, and would outweigh the rest. If there is a
        reranker, it orders the first 30.
        """
        if not query.strip():
            return ()
        with records(self._folder) as stored:
            info = stored.info()
        check_embedder(info, self._embedder)
        query = lexical.without(query, info.subject)
        vector = self._embedder.embed([query], kind="query")[0]
        limit = max(MIN_CANDIDATES, 4 * top_k)
        with records(self._folder) as stored:
            check_identity(stored.info(), self._embedder)
            cosines = self._nearest(stored, vector, limit, documents)
            by_words = dict(
                lexical.search(
                    stored.connection,
                    query,
                    limit=limit,
                    documents=documents,
                    common=self._common_words,
                )
            )
            ids, vectors = stored.vectors([key for key in by_words if key not in cosines])
            cosines.update(zip(ids, (vectors @ vector).tolist() if ids else (), strict=True))
            scores = dict(fuse(cosines, by_words))
            passing = [key for key in scores if min_score is None or cosines[key] >= min_score]
            best = stored.chunks(passing[: max(top_k, _RERANKED) if self._reranker else top_k])
        sources = [
            found.source(scores[found.id], cosines[found.id], by_words.get(found.id))
            for found in best
        ]
        return tuple(self._reranked(query, sources)[:top_k])

    def _reranked(self, query: str, sources: list[Source]) -> list[Source]:
        if not (self._reranker and sources):
            return sources
        scores = self._reranker.score(query, [source.passage for source in sources]).tolist()
        scored = [replace(s, rerank_score=score) for s, score in zip(sources, scores, strict=True)]
        return sorted(scored, key=lambda source: -(source.rerank_score or 0.0))

    def _nearest(
        self, stored: Records, vector: np.ndarray, limit: int, documents: Collection[str] | None
    ) -> dict[int, float]:
        """Chunk id -> cosine; with `documents`, of every chunk of theirs."""
        if documents is not None:
            ids, vectors = stored.vectors(stored.chunk_ids(documents))
            return dict(zip(ids, (vectors @ vector).tolist() if ids else (), strict=True))
        if self._vectors is None or self._vectors.dimension != len(vector):
            self._vectors = Vectors(self._folder, len(vector))
        return self._vectors.search(stored, vector, limit=limit)


def _unknown(document: str, stored: Records) -> UnknownName:
    titles = sorted(stored.titles().values())
    available = ", ".join(titles[:_NAMED]) + (", …" if len(titles) > _NAMED else "")
    return UnknownName(kind="document", name=document, available=available or "none")
