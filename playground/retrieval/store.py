"""What a knowledge base keeps in SQLite: documents, chunks, their words, and which vectors file.

One connection a transaction: no thread shares one, none stays open, and the folder can be deleted
at any time. The journal is SQLite's default and not WAL, which network folders do not support.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playground.errors import BaseUnusable
from playground.retrieval import lexical
from playground.retrieval.splitter import Chunk
from playground.types import Document

SCHEMA_VERSION = 1
DATABASE = "base.sqlite"
BUSY_SECONDS = 60.0

_SCHEMA = (
    """CREATE TABLE base (
        version INTEGER NOT NULL, name TEXT NOT NULL, embedder TEXT NOT NULL,
        dimension INTEGER NOT NULL, chunk_size INTEGER NOT NULL, vectors_file TEXT
    )""",
    """CREATE TABLE documents (
        id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, page_starts TEXT NOT NULL,
        added_at REAL NOT NULL
    )""",
    """CREATE TABLE chunks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL,
        tokens INTEGER NOT NULL, page INTEGER
    )""",
    "CREATE INDEX chunks_of_document ON chunks (document_id)",
    lexical.LEXICAL_TABLE,
)


@dataclass(frozen=True)
class BaseInfo:
    """A knowledge base's own record. `vectors_file` is None while there are no vectors."""

    name: str
    embedder: str
    dimension: int
    chunk_size: int
    vectors_file: str | None = None


@dataclass(frozen=True)
class DocumentInfo:
    """A document of a knowledge base without its text. `pages` is None for formats without.

    `added_at` is in seconds since 1970, UTC.
    """

    id: str
    title: str
    characters: int
    tokens: int
    chunks: int
    pages: int | None
    added_at: float


@dataclass(frozen=True)
class StoredChunk:
    """A chunk with its id and its document."""

    id: int
    document_id: str
    title: str
    chunk: Chunk


class Records:
    """The records within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def exist(self) -> bool:
        """False in a file that was only just made."""
        return self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0

    def create(self, info: BaseInfo) -> None:
        for statement in _SCHEMA:
            self.connection.execute(statement)
        self.connection.execute(
            "INSERT INTO base VALUES (?, ?, ?, ?, ?, ?)",
            (SCHEMA_VERSION, info.name, info.embedder, info.dimension, info.chunk_size, None),
        )

    def version(self) -> int:
        return self.connection.execute("SELECT version FROM base").fetchone()[0]

    def info(self) -> BaseInfo:
        columns = "name, embedder, dimension, chunk_size, vectors_file"
        return BaseInfo(*self.connection.execute(f"SELECT {columns} FROM base").fetchone())

    def set_vectors(self, file: str | None, *, embedder: str, dimension: int) -> None:
        self.connection.execute(
            "UPDATE base SET vectors_file = ?, embedder = ?, dimension = ?",
            (file, embedder, dimension),
        )

    def titles(self) -> dict[str, str]:
        """Document id -> title."""
        return dict(self.connection.execute("SELECT id, title FROM documents"))

    def documents(self) -> tuple[DocumentInfo, ...]:
        """All documents, in the order of their titles."""
        rows = self.connection.execute(
            "SELECT d.id, d.title, length(d.text), coalesce(sum(c.tokens), 0), count(c.id),"
            " d.page_starts, d.added_at FROM documents d LEFT JOIN chunks c"
            " ON c.document_id = d.id GROUP BY d.id ORDER BY d.title, d.id"
        )
        return tuple(
            DocumentInfo(
                id=key,
                title=title,
                characters=characters,
                tokens=tokens,
                chunks=chunks,
                pages=len(json.loads(page_starts)) or None,
                added_at=added_at,
            )
            for key, title, characters, tokens, chunks, page_starts, added_at in rows
        )

    def document(self, document_id: str) -> Document | None:
        row = self.connection.execute(
            "SELECT title, text, page_starts FROM documents WHERE id = ?", (document_id,)
        ).fetchone()
        return Document(row[0], row[1], tuple(json.loads(row[2]))) if row else None

    def describe(self, document_id: str, document: Document) -> None:
        """Give a stored document the title and the pages of `document`."""
        self.connection.execute(
            "UPDATE documents SET title = ?, page_starts = ? WHERE id = ?",
            (document.title, json.dumps(document.page_starts), document_id),
        )

    def insert(self, document_id: str, document: Document, *, added_at: float) -> None:
        self.connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?)",
            (
                document_id,
                document.title,
                document.text,
                json.dumps(document.page_starts),
                added_at,
            ),
        )

    def insert_chunks(
        self, document_id: str, chunks: Iterable[Chunk], texts: Iterable[str]
    ) -> list[int]:
        """The new chunks' ids, in order. `texts` are what each is found by the words of."""
        ids = []
        for chunk, text in zip(chunks, texts, strict=True):
            row = (document_id, chunk.start, chunk.end, chunk.text, chunk.tokens, chunk.page)
            inserted = self.connection.execute(
                'INSERT INTO chunks (document_id, start, "end", text, tokens, page)'
                " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                row,
            ).fetchone()
            lexical.insert(self.connection, inserted[0], text)
            ids.append(inserted[0])
        return ids

    def remove_chunks(self, document_id: str) -> list[int]:
        """The removed chunks' ids."""
        ids = [
            row[0]
            for row in self.connection.execute(
                "SELECT id FROM chunks WHERE document_id = ?", (document_id,)
            )
        ]
        rows = [(chunk_id,) for chunk_id in ids]
        self.connection.executemany("DELETE FROM lexical WHERE rowid = ?", rows)
        self.connection.executemany("DELETE FROM chunks WHERE id = ?", rows)
        return ids

    def remove(self, document_id: str) -> list[int]:
        """Remove a document; the ids of the chunks that went with it."""
        ids = self.remove_chunks(document_id)
        self.connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))
        return ids

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """The chunks with these ids, in the order of `ids`."""
        marks = ", ".join("?" * len(ids))
        rows = self.connection.execute(
            'SELECT c.id, c.document_id, d.title, c.start, c."end", c.text, c.tokens, c.page'
            f" FROM chunks c JOIN documents d ON d.id = c.document_id WHERE c.id IN ({marks})",
            tuple(ids),
        )
        found = {
            key: StoredChunk(key, document_id, title, Chunk(*chunk))
            for key, document_id, title, *chunk in rows
        }
        return [found[chunk_id] for chunk_id in ids if chunk_id in found]

    def counts(self) -> tuple[int, int]:
        """How many chunks there are, and how many tokens they have together."""
        return self.connection.execute(
            "SELECT count(*), coalesce(sum(tokens), 0) FROM chunks"
        ).fetchone()


@contextmanager
def records(
    folder: Path, *, write: bool = False, create: bool = False, busy_seconds: float = BUSY_SECONDS
) -> Iterator[Records]:
    """The records of the base in `folder`, in one transaction; an error undoes all of it.

    Raises:
        BaseUnusable: SQLite cannot open, read or write the file, or another program holds it.
    """
    # as_uri() escapes every character that a URI, or SQLite's reading of one, could stumble over.
    uri = f"{(folder / DATABASE).resolve().as_uri()}?mode={'rwc' if create else 'rw'}"
    try:
        with closing(
            sqlite3.connect(uri, uri=True, isolation_level=None, timeout=busy_seconds)
        ) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield Records(connection)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
    except (sqlite3.Error, OSError) as error:
        raise BaseUnusable(folder=str(folder), reason=str(error)) from error
