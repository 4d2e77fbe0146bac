"""The chunks of a knowledge base, their words and their vectors, within one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np

from playground.retrieval import lexical
from playground.retrieval.schema import VECTOR_TYPE, NewChunk, StoredChunk
from playground.retrieval.splitter import Chunk

_CHUNK = 'c.start, c."end", c.text, c.tokens, c.page, c.headings, c.table_head'
# A list of any length as one parameter.
_AMONG = "IN (SELECT value FROM json_each(?))"


class ChunkRecords:
    """What `Records` says of chunks; its own are documents and the base."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def insert_chunk(self, document_id: str, new: NewChunk) -> None:
        """Store a chunk, findable by its words and its vector."""
        chunk = new.chunk
        (chunk_id,) = self.connection.execute(
            'INSERT INTO chunks (document_id, start, "end", text, tokens, page, headings,'
            " table_head, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                *(document_id, chunk.start, chunk.end, chunk.text, chunk.tokens, chunk.page),
                *(chunk.headings, chunk.table_head, new.hash),
            ),
        ).fetchone()
        self.connection.execute("INSERT INTO vectors VALUES (?, ?)", (chunk_id, new.vector))
        lexical.insert(self.connection, chunk_id, new.indexed_text)

    def remove_chunks(self, document_id: str) -> None:
        """Remove the chunks of a document."""
        ids = [(chunk_id,) for chunk_id in self.chunk_ids((document_id,))]
        self.connection.executemany("DELETE FROM lexical WHERE rowid = ?", ids)
        self.connection.executemany("DELETE FROM vectors WHERE chunk_id = ?", ids)
        self.connection.executemany("DELETE FROM chunks WHERE id = ?", ids)

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """The chunks with these ids, in the order of `ids`; those that are gone are left out."""
        rows = self.connection.execute(
            f"SELECT c.id, c.document_id, d.title, {_CHUNK} FROM chunks c"
            f" JOIN documents d ON d.id = c.document_id WHERE c.id {_AMONG}",
            (json.dumps(list(ids)),),
        )
        found = {
            key: StoredChunk(key, document_id, title, Chunk(*chunk))
            for key, document_id, title, *chunk in rows
        }
        return [found[chunk_id] for chunk_id in ids if chunk_id in found]

    def every_nth_chunk(self, step: int, *, limit: int) -> list[StoredChunk]:
        """A sample from all over the base."""
        rows = self._rows("SELECT id FROM chunks WHERE id % ? = 0 ORDER BY id LIMIT ?", step, limit)
        return self.chunks([row[0] for row in rows])

    def chunk_ids(self, document_ids: Collection[str]) -> list[int]:
        """The ids of the chunks of these documents."""
        rows = self.connection.execute(
            f"SELECT id FROM chunks WHERE document_id {_AMONG}",
            (json.dumps(list(document_ids)),),
        )
        return [row[0] for row in rows]

    def count_up_to(self, chunk_id: int) -> int:
        """How many chunks there are up to this one."""
        return self._one("SELECT count(*) FROM chunks WHERE id <= ?", chunk_id)

    def last_chunk_id(self) -> int:
        return self._one("SELECT coalesce(max(id), 0) FROM chunks")

    def ids_after(self, chunk_id: int) -> set[int]:
        """The ids of all chunks that came after this one."""
        return {row[0] for row in self._rows("SELECT id FROM chunks WHERE id > ?", chunk_id)}

    def vectors_after(self, chunk_id: int, *, limit: int = -1) -> tuple[list[int], np.ndarray]:
        """Ids and float32 vectors [n, dimension] of the chunks after this one, in order."""
        return _unpacked(
            self._rows(
                "SELECT chunk_id, vector FROM vectors WHERE chunk_id > ? ORDER BY chunk_id LIMIT ?",
                chunk_id,
                limit,
            )
        )

    def vectors(self, ids: Sequence[int]) -> tuple[list[int], np.ndarray]:
        """Those of `ids` that are there, and their float32 vectors [n, dimension]."""
        sql = f"SELECT chunk_id, vector FROM vectors WHERE chunk_id {_AMONG}"
        return _unpacked(self._rows(sql, json.dumps(list(ids))))

    def known_vectors(self, hashes: Sequence[bytes]) -> dict[bytes, bytes]:
        """Hash -> vector, of the texts that have been embedded already."""
        known: dict[bytes, bytes] = {}
        for start in range(0, len(hashes), 500):
            some = hashes[start : start + 500]
            marks = ", ".join("?" * len(some))
            for sql in (
                "SELECT c.hash, v.vector FROM chunks c JOIN vectors v ON v.chunk_id = c.id"
                f" WHERE c.hash IN ({marks})",
                f"SELECT hash, vector FROM staged WHERE hash IN ({marks})",
            ):
                known.update(self._rows(sql, *some))
        return known

    def stage(self, vectors: Iterable[tuple[bytes, bytes]], *, at: float) -> None:
        """Keep (hash, vector) until the document is stored."""
        self.connection.executemany(
            "INSERT OR REPLACE INTO staged VALUES (?, ?, ?)",
            ((key, vector, at) for key, vector in vectors),
        )

    def unstage(self, hashes: Iterable[bytes], *, before: float) -> None:
        """Forget these, and whatever was staged before that moment."""
        self.connection.executemany("DELETE FROM staged WHERE hash = ?", ((h,) for h in hashes))
        self.connection.execute("DELETE FROM staged WHERE at < ?", (before,))

    def _rows(self, sql: str, *values: object) -> list[tuple]:
        return self.connection.execute(sql, values).fetchall()

    def _one(self, sql: str, *values: object) -> Any:
        return self.connection.execute(sql, values).fetchone()[0]


def _unpacked(rows: list[tuple]) -> tuple[list[int], np.ndarray]:
    ids = [row[0] for row in rows]
    packed = np.frombuffer(b"".join(row[1] for row in rows), dtype=VECTOR_TYPE)
    return ids, packed.astype(np.float32).reshape(len(ids), -1) if ids else np.empty((0, 0), "f4")
