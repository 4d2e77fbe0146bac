"""A knowledge base: documents in, the passages that answer a question out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from playground.errors import BaseExists, BaseUnusable, EmbedderChanged, UnknownName
from playground.retrieval import lexical
from playground.retrieval.embedder import Embedder
from playground.retrieval.fusion import fuse
from playground.retrieval.indexing import id_of, prepare, rewrite, store_documents
from playground.retrieval.splitter import CHUNK_SIZE
from playground.retrieval.store import (
    SCHEMA_VERSION,
    BaseInfo,
    DocumentInfo,
    Records,
    StoredChunk,
    records,
)
from playground.retrieval.vectors import VectorFiles, Vectors
from playground.types import Document, Progress, Source

MIN_CANDIDATES = 50


class KnowledgeBase:
    """The base in one folder. Threads may share it; other processes may use the same folder."""

    def __init__(self, folder: Path, embedder: Embedder, *, name: str, chunk_size: int) -> None:
        """Use `open` or `create`."""
        self.name = name
        self._folder = folder
        self._embedder = embedder
        self._chunk_size = chunk_size
        self._files = VectorFiles(folder)

    @classmethod
    def create(
        cls, folder: Path, name: str, embedder: Embedder, *, chunk_size: int = CHUNK_SIZE
    ) -> KnowledgeBase:
        """A new, empty base in `folder`; `chunk_size` is in the embedder's tokens.

        Raises:
            BaseExists: there is one already. BaseUnusable: the folder cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BaseUnusable(folder=str(folder), reason=str(error)) from error
        with records(folder, write=True, create=True) as stored:
            if stored.exist():
                raise BaseExists(name=name)
            stored.create(BaseInfo(name, embedder.identity, embedder.dimension, chunk_size))
        return cls(folder, embedder, name=name, chunk_size=chunk_size)

    @classmethod
    def open(cls, folder: Path, embedder: Embedder) -> KnowledgeBase:
        """The base in `folder`.

        Raises:
            EmbedderChanged: it was built with another embedder. BaseUnusable: there is none, it
            is damaged, or of another version.
        """
        with records(folder) as stored:
            version = stored.version()
            if version != SCHEMA_VERSION:
                reason = f"it has the format {version}, this version reads {SCHEMA_VERSION}"
                raise BaseUnusable(folder=str(folder), reason=reason)
            info = stored.info()
            _check_identity(info, embedder)
        base = cls(folder, embedder, name=info.name, chunk_size=info.chunk_size)
        with suppress(BaseUnusable), records(folder, write=True, busy_seconds=0) as stored:
            base._files.sweep(stored.info().vectors_file)  # skipped while another writer works
        return base

    @classmethod
    def rebuild(cls, folder: Path, embedder: Embedder) -> Iterator[Progress]:
        """Split and embed all stored texts again, for another embedder or lost vectors.

        Raises:
            BaseUnusable: the records are damaged, or documents were added meanwhile.
        """
        with records(folder) as stored:
            info = stored.info()
            documents = {key: stored.document(key) for key in stored.titles()}
        found = {key: document for key, document in documents.items() if document}
        prepared = yield from prepare(
            found, embedder, chunk_size=info.chunk_size, subject=info.name
        )

        def replace_all(stored: Records) -> Vectors:
            kept = set(stored.titles())
            if kept - found.keys():
                reason = "documents were added while it was being rebuilt"
                raise BaseUnusable(folder=str(folder), reason=reason)
            for key in kept:
                stored.remove_chunks(key)
            ids, vectors = prepared.store_chunks(stored, kept)
            return Vectors.empty(embedder.dimension).changed(added=ids, vectors=vectors)

        rewrite(folder, VectorFiles(folder), embedder, replace_all)
        yield Progress("store", info.name, len(found), len(found))

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

    def text(self, document_id: str) -> Document:
        """The whole document.

        Raises:
            UnknownName: there is no such document.
        """
        with records(self._folder) as stored:
            document = stored.document(document_id)
            if document is None:
                raise _unknown(document_id, stored)
            return document

    def whole_documents(self) -> tuple[Source, ...]:
        """Every document as one source, in the order of their titles."""
        with records(self._folder) as stored:
            titles = {info.id: info.title for info in stored.documents()}
            texts = {key: document for key in titles if (document := stored.document(key))}
        return tuple(
            Source(key, titles[key], document.text, 0, len(document.text))
            for key, document in texts.items()
        )

    def add(self, documents: Iterable[Document]) -> Iterator[Progress]:
        """Index `documents`: all of them or, if anything fails, none.

        One text is one document, under the title it was last added with; a known title with a
        new text replaces the old text. What is there already is not embedded again.

        Raises:
            NoText: a document is empty. EmbedderChanged, BaseUnusable: as for `open`.
        """
        by_title = {document.title: document for document in documents}
        wanted = {id_of(document.text): document for document in by_title.values()}
        with records(self._folder) as stored:
            _check_embedder(stored.info(), self._embedder)
            known = stored.titles()
        prepared = yield from prepare(
            {key: document for key, document in wanted.items() if key not in known},
            self._embedder,
            chunk_size=self._chunk_size,
            subject=self.name,
        )
        rewrite(
            self._folder,
            self._files,
            self._embedder,
            lambda stored: store_documents(stored, self._vectors(stored), wanted, prepared),
        )
        yield Progress("store", self.name, len(wanted), len(wanted))

    def delete(self, *document_ids: str) -> None:
        """Remove documents: their texts, their chunks and their vectors.

        Raises:
            UnknownName: there is no such document; none is removed.
        """

        def remove(stored: Records) -> Vectors:
            vectors = self._vectors(stored)
            removed: list[int] = []
            for document_id in document_ids:
                if stored.document(document_id) is None:
                    raise _unknown(document_id, stored)
                removed.extend(stored.remove(document_id))
            return vectors.changed(removed=removed)

        rewrite(self._folder, self._files, self._embedder, remove)

    def search(
        self, query: str, *, top_k: int = 3, min_score: float | None = None
    ) -> tuple[Source, ...]:
        """The `top_k` passages that fit `query` best by meaning and by words, best first.

        With `min_score`, only passages whose `dense_score` is at least that. The base's name in
        `query` is not looked for: it stands before every passage, and would outweigh the rest.
        """
        if not query.strip():
            return ()
        query = lexical.without(query, self.name)
        vector = self._embedder.embed([query], kind="query")[0]
        limit = max(MIN_CANDIDATES, 4 * top_k)
        with records(self._folder) as stored:
            vectors = self._vectors(stored)
            dense = dict(vectors.search(vector, limit=limit))
            by_words = dict(lexical.search(stored.connection, query, limit=limit))
            scores = dict(fuse((tuple(dense), tuple(by_words))))
            cosines = {key: dense.get(key) or vectors.cosine(key, vector) for key in scores}
            if min_score is not None:
                scores = {key: scores[key] for key in scores if cosines[key] >= min_score}
            best = stored.chunks(list(scores)[:top_k])
        return tuple(
            _source(found, scores[found.id], cosines[found.id], by_words.get(found.id))
            for found in best
        )

    def _vectors(self, stored: Records) -> Vectors:
        """The vectors that belong to these records."""
        info = stored.info()
        _check_embedder(info, self._embedder)
        file = info.vectors_file
        in_memory = self._files.in_memory(file)
        if in_memory is not None:
            return in_memory
        count, _ = stored.counts()
        return self._files.load(file, dimension=info.dimension, count=count)


def _check_identity(info: BaseInfo, embedder: Embedder) -> None:
    if info.embedder != embedder.identity:
        raise EmbedderChanged(name=info.name, built=info.embedder, current=embedder.identity)


def _check_embedder(info: BaseInfo, embedder: Embedder) -> None:
    """The dimension too, for which the embedder must be loaded."""
    _check_identity(info, embedder)
    if info.dimension != embedder.dimension:
        raise EmbedderChanged(name=info.name, built=info.embedder, current=embedder.identity)


def _unknown(document_id: str, stored: Records) -> UnknownName:
    available = ", ".join(stored.titles().values()) or "none"
    return UnknownName(kind="document", name=document_id, available=available)


def _source(found: StoredChunk, score: float, cosine: float, by_words: float | None) -> Source:
    return Source(
        document_id=found.document_id,
        title=found.title,
        text=found.chunk.text,
        start=found.chunk.start,
        end=found.chunk.end,
        page=found.chunk.page,
        score=score,
        dense_score=cosine,
        lexical_score=by_words,
    )
