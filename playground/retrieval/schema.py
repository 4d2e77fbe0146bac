"""The tables of a knowledge base, and their rows as values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.retrieval.lexical import LEXICAL_TABLE, TERMS_TABLE
from playground.retrieval.splitter import Chunk
from playground.types import Source

SCHEMA_VERSION = 2
VECTOR_TYPE = np.dtype("<f2")  # as vectors are kept; a cosine changes by less than 0.0001

TABLES = ("base", "documents", "chunks", "vectors", "staged", "lexical")
SCHEMA = (
    # `generation` grows with every change, `epoch` is another one when chunks are numbered anew.
    # `nearby` is the file of the approximate index, of the chunks up to `nearby_last`. `subject`
    # stands before each passage when it is embedded.
    """CREATE TABLE base (
        version INTEGER NOT NULL, name TEXT NOT NULL, subject TEXT NOT NULL,
        embedder TEXT NOT NULL, dimension INTEGER NOT NULL, chunk_size INTEGER NOT NULL,
        epoch TEXT NOT NULL, generation INTEGER NOT NULL, nearby TEXT,
        nearby_last INTEGER NOT NULL
    )""",
    # `file_hash` is of the bytes that it was read from, `origin` the watched folder.
    """CREATE TABLE documents (
        id TEXT PRIMARY KEY, title TEXT NOT NULL, page_starts TEXT NOT NULL, format TEXT NOT NULL,
        added_at REAL NOT NULL, file_hash TEXT, origin TEXT, characters INTEGER NOT NULL,
        chunks INTEGER NOT NULL, tokens INTEGER NOT NULL, blank_pages TEXT NOT NULL,
        text TEXT NOT NULL
    )""",
    "CREATE INDEX documents_by_title ON documents (title)",
    # `hash` is of the text as it was embedded: the same text need not be embedded again.
    """CREATE TABLE chunks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL,
        tokens INTEGER NOT NULL, page INTEGER, headings TEXT NOT NULL, table_head TEXT NOT NULL,
        hash BLOB NOT NULL
    )""",
    "CREATE INDEX chunks_of_document ON chunks (document_id)",
    "CREATE INDEX chunks_by_hash ON chunks (hash)",
    "CREATE TABLE vectors (chunk_id INTEGER PRIMARY KEY, vector BLOB NOT NULL)",
    # Vectors of documents that are being added, kept in case that is interrupted.
    "CREATE TABLE staged (hash BLOB PRIMARY KEY, vector BLOB NOT NULL, at REAL NOT NULL)",
    LEXICAL_TABLE,
    TERMS_TABLE,
)


@dataclass(frozen=True)
class BaseInfo:
    """A knowledge base's own record; the schema says what the fields are."""

    name: str
    subject: str
    embedder: str
    dimension: int
    chunk_size: int
    epoch: str
    generation: int = 0
    nearby: str | None = None
    nearby_last: int = 0


@dataclass(frozen=True)
class StoredChunk:
    """A chunk with its id and its document."""

    id: int
    document_id: str
    title: str
    chunk: Chunk

    def source(self, score: float, cosine: float, by_words: float | None) -> Source:
        """The chunk as what was found, with its scores."""
        chunk = self.chunk
        return Source(
            document_id=self.document_id,
            title=self.title,
            text=chunk.text,
            start=chunk.start,
            end=chunk.end,
            page=chunk.page,
            headings=chunk.headings,
            table_head=chunk.table_head,
            score=score,
            dense_score=cosine,
            lexical_score=by_words,
        )


@dataclass(frozen=True)
class NewChunk:
    """A chunk to be stored: the words it is found by, its hash and its vector."""

    chunk: Chunk
    indexed_text: str
    hash: bytes
    vector: bytes
