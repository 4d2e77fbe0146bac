"""Documents into a base: split and embedded first, then stored in one transaction."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from playground.errors import NoText
from playground.retrieval.embedder import Embedder
from playground.retrieval.splitter import Chunk, split
from playground.retrieval.store import Records, records
from playground.retrieval.vectors import VectorFiles, Vectors
from playground.types import Document, Progress

BATCH_CHUNKS = 64
_HEADING_CHARACTERS = 100


@dataclass(frozen=True)
class Prepared:
    """Documents by id with their chunks; the rows of `vectors` are the chunks in this order."""

    documents: Mapping[str, Document]
    chunks: Mapping[str, tuple[Chunk, ...]]
    texts: Sequence[str]  # of all chunks, as they are embedded and indexed
    vectors: np.ndarray

    def store_chunks(self, stored: Records, document_ids: set[str]) -> tuple[list[int], np.ndarray]:
        """Store the chunks of these documents; the chunks' ids and their vectors."""
        ids: list[int] = []
        rows: list[int] = []
        row = 0
        for document_id, chunks in self.chunks.items():
            if document_id in document_ids:
                texts = self.texts[row : row + len(chunks)]
                ids.extend(stored.insert_chunks(document_id, chunks, texts))
                rows.extend(range(row, row + len(chunks)))
            row += len(chunks)
        return ids, self.vectors[rows]


def id_of(text: str) -> str:
    """One text has one id, wherever it came from."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def prepare(
    documents: Mapping[str, Document], embedder: Embedder, *, chunk_size: int, subject: str
) -> Generator[Progress, None, Prepared]:
    """Split and embed; reports chunks embedded of `subject`, the base's name.

    A chunk is embedded, and its words are indexed, behind the base's name and its document's
    heading. By itself it rarely says what it is about, and a question that does would find
    whatever repeats those words.
    (After Anthropic's contextual retrieval, 2024, without a model that writes the context.)

    Raises:
        NoText: a document has nothing to embed. Whatever the embedder raises.
    """
    chunks: dict[str, tuple[Chunk, ...]] = {}
    for key, document in documents.items():
        chunks[key] = split(document, count_tokens=embedder.count_tokens, chunk_size=chunk_size)
        if not chunks[key]:
            raise NoText(title=document.title)
    texts = [
        f"{subject}: {_heading(documents[key])}\n{chunk.text}"
        for key, of_document in chunks.items()
        for chunk in of_document
    ]
    batches = [np.empty((0, embedder.dimension), dtype=np.float32)]
    for start in range(0, len(texts), BATCH_CHUNKS):
        yield Progress("embed", subject, start, len(texts))
        batches.append(embedder.embed(texts[start : start + BATCH_CHUNKS], kind="passage"))
    yield Progress("embed", subject, len(texts), len(texts))
    return Prepared(documents, chunks, texts, np.concatenate(batches))


def _heading(document: Document) -> str:
    """The document's first line if it is a heading, else its title."""
    first = document.text.lstrip().split("\n", 1)[0]
    heading = first.lstrip("#").strip() if first.startswith("#") else document.title
    return heading[:_HEADING_CHARACTERS]


def store_documents(
    stored: Records, vectors: Vectors, wanted: Mapping[str, Document], prepared: Prepared
) -> Vectors | None:
    """Make `wanted` the only documents with their titles, storing the prepared ones of them.

    The vectors as they become, None if they stay.
    """
    titles = stored.titles()
    wanted_titles = {document.title for document in wanted.values()}
    removed: list[int] = []
    for key, title in titles.items():
        if title in wanted_titles and key not in wanted:
            removed.extend(stored.remove(key))
    for key in wanted.keys() & titles.keys():
        stored.describe(key, wanted[key])
    new = prepared.documents.keys() - titles.keys()  # another process may have added some
    now = time.time()
    for key, document in prepared.documents.items():
        if key in new:
            stored.insert(key, document, added_at=now)
    ids, added = prepared.store_chunks(stored, new)
    if not removed and not ids:
        return None
    return vectors.changed(removed=removed, added=ids, vectors=added)


def rewrite(
    folder: Path, files: VectorFiles, embedder: Embedder, edit: Callable[[Records], Vectors | None]
) -> None:
    """Edit a base so that a crash at any moment leaves it as it was or as it should be.

    The vectors that `edit` returns (None: as before) go to a new file; the transaction that holds
    the edited records also names that file; only then the old file goes. Other writers wait.
    """
    new_file = old_file = None
    try:
        with records(folder, write=True) as stored:
            before = stored.info()
            vectors = edit(stored)
            if vectors is not None:
                old_file = before.vectors_file
                new_file = files.save(vectors)
                stored.set_vectors(
                    new_file, embedder=embedder.identity, dimension=embedder.dimension
                )
    except Exception:
        files.discard(new_file)
        raise
    files.discard(old_file)
