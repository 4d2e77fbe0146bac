"""What a knowledge base keeps in SQLite: documents, chunks, their words and their vectors.

One connection a transaction: no thread shares one, none stays open, and the folder can be deleted
at any time. The journal is SQLite's default and not WAL, which network folders do not support.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from playground.errors import BaseUnusable
from playground.retrieval.chunk_store import ChunkRecords
from playground.retrieval.schema import (
    SCHEMA,
    SCHEMA_VERSION,
    TABLES,
    BaseInfo,
    NewChunk,
)
from playground.types import Document, DocumentInfo

DATABASE = "base.sqlite"
BUSY_SECONDS = 60.0


class Records(ChunkRecords):
    """The records within one transaction."""

    # ------------------------------------------------------------ the base itself

    def version(self) -> int | None:
        """The schema's, None in a file that was only just made."""
        made = self._one("SELECT count(*) FROM sqlite_master")
        return self._one("SELECT version FROM base") if made else None

    def create(self, info: BaseInfo) -> None:
        for statement in SCHEMA:
            self.connection.execute(statement)
        values = (SCHEMA_VERSION, *(getattr(info, field.name) for field in fields(info)))
        marks = ", ".join("?" * len(values))
        self.connection.execute(f"INSERT INTO base VALUES ({marks})", values)

    def name_and_chunk_size(self) -> tuple[str, int]:
        """In any version's schema."""
        return self.connection.execute("SELECT name, chunk_size FROM base").fetchone()

    def take_over(self) -> None:
        """Have the rows of the base attached as `other` in place of all that is here.

        The name stays, and when documents were added.
        """
        (name, _), execute = self.name_and_chunk_size(), self.connection.execute
        execute(
            "UPDATE other.documents SET added_at = coalesce((SELECT added_at FROM main.documents d"
            " WHERE d.id = documents.id), added_at)"
        )
        for table in ("lexical_terms", *TABLES):
            execute(f"DROP TABLE IF EXISTS main.{table}")
        for statement in SCHEMA:
            execute(statement)
        for table in TABLES:
            columns = "rowid, tokens" if table == "lexical" else "*"
            into = "lexical (rowid, tokens)" if table == "lexical" else table
            execute(f"INSERT INTO main.{into} SELECT {columns} FROM other.{table}")
        self.rename(name)

    def info(self) -> BaseInfo:
        columns = ", ".join(field.name for field in fields(BaseInfo))
        return BaseInfo(*self.connection.execute(f"SELECT {columns} FROM base").fetchone())

    def rename(self, name: str) -> None:
        self.connection.execute("UPDATE base SET name = ?", (name,))

    def set_nearby(self, file: str | None, last: int) -> None:
        self.connection.execute(
            "UPDATE base SET nearby = ?, nearby_last = ?, generation = generation + 1",
            (file, last),
        )

    def changed(self) -> None:
        """Tell the readers that there is something new."""
        self.connection.execute("UPDATE base SET generation = generation + 1")

    # ------------------------------------------------------------ documents

    def titles(self, base: str = "main") -> dict[str, str]:
        """Document id -> title, of this base or of the attached `other`."""
        return dict(self.connection.execute(f"SELECT id, title FROM {base}.documents"))

    def counts(self) -> tuple[int, int]:
        """How many chunks there are, and how many tokens they have together."""
        return self.connection.execute(
            "SELECT coalesce(sum(chunks), 0), coalesce(sum(tokens), 0) FROM documents"
        ).fetchone()

    def holds(self, document_id: str) -> bool:
        return bool(self._one("SELECT count(*) FROM documents WHERE id = ?", document_id))

    def ids_titled(self, title: str) -> list[str]:
        """The ids of the documents with this title."""
        return [row[0] for row in self._rows("SELECT id FROM documents WHERE title = ?", title)]

    def documents(self) -> tuple[DocumentInfo, ...]:
        """All documents, in the order of their titles."""
        rows = self.connection.execute(
            "SELECT id, title, characters, tokens, chunks, page_starts, blank_pages, added_at,"
            " file_hash, origin FROM documents ORDER BY title, id"
        )
        return tuple(_info_of(*row) for row in rows)

    def texts(self) -> dict[str, Document]:
        """Every document by its id, in any version's schema."""
        formats = ", format, file_hash, origin" if self.version() == SCHEMA_VERSION else ""
        rows = self._rows(f"SELECT id, title, text, page_starts{formats} FROM documents")
        return {key: _document_of(*columns) for key, *columns in rows}

    def document(self, document_id: str) -> Document | None:
        row = self.connection.execute(
            "SELECT title, text, page_starts, format, file_hash, origin FROM documents"
            " WHERE id = ?",
            (document_id,),
        ).fetchone()
        return _document_of(*row) if row else None

    def describe(self, document_id: str, document: Document) -> None:
        """Give a stored document the title, pages and source of `document`."""
        self.connection.execute(
            "UPDATE documents SET title = ?, page_starts = ?, file_hash = ?, origin = ?"
            " WHERE id = ?",
            (
                *(document.title, json.dumps(document.page_starts)),
                *(document.file_hash, document.origin, document_id),
            ),
        )

    def insert(
        self,
        document_id: str,
        document: Document,
        chunks: Sequence[NewChunk],
        *,
        added_at: float,
    ) -> None:
        """Store a document with its chunks."""
        marks = ", ".join("?" * 12)
        self.connection.execute(
            f"INSERT INTO documents VALUES ({marks})",
            (
                *(document_id, document.title, json.dumps(document.page_starts)),
                *(document.format, added_at, document.file_hash, document.origin),
                len(document.text),
                *(len(chunks), sum(new.chunk.tokens for new in chunks)),
                *(json.dumps(document.pages_without_text), document.text),
            ),
        )
        for new in chunks:
            self.insert_chunk(document_id, new)

    def remove(self, document_id: str) -> None:
        """Remove a document, its chunks, their words and their vectors."""
        self.remove_chunks(document_id)
        self.connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))


@contextmanager
def records(
    folder: Path,
    *,
    write: bool = False,
    create: bool = False,
    other: Path | None = None,
    busy_seconds: float = BUSY_SECONDS,
) -> Iterator[Records]:
    """The records of the base in `folder`, in one transaction; an error undoes all of it.

    The base in the folder `other` is attached by that name.

    Raises:
        BaseUnusable: SQLite cannot open, read or write the file, or another program holds it.
    """
    uri = f"{_uri(folder)}?mode={'rwc' if create else 'rw'}"
    try:
        with closing(
            sqlite3.connect(uri, uri=True, isolation_level=None, timeout=busy_seconds)
        ) as connection:
            if other:
                connection.execute("ATTACH ? AS other", (f"{_uri(other)}?mode=rw",))
            else:
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


def _document_of(title: str, text: str, page_starts: str, *others: Any) -> Document:
    return Document(title, text, tuple(json.loads(page_starts)), *others)


def _info_of(*row: Any) -> DocumentInfo:
    key, title, characters, tokens, chunks, page_starts, blank_pages, *others = row
    pages, blank = len(json.loads(page_starts)) or None, tuple(json.loads(blank_pages))
    return DocumentInfo(key, title, characters, tokens, chunks, pages, blank, *others)


def _uri(folder: Path) -> str:
    """Escapes every character that a URI, or SQLite's reading of one, could stumble over."""
    return (folder / DATABASE).resolve().as_uri()
