"""The vectors of a knowledge base: an immutable FAISS index, and the file that it is kept in."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import faiss
import numpy as np

from playground.errors import BaseUnusable

VECTORS_SUFFIX = ".faiss"


class Vectors:
    """Unit vectors by chunk id, searched exactly by inner product, which is their cosine."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def empty(cls, dimension: int) -> Vectors:
        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)))

    @classmethod
    def load(cls, path: Path) -> Vectors:
        """The vectors in a file. FAISS is given bytes: its own file access fails on some paths.

        Raises:
            OSError: the file cannot be read. RuntimeError: it is damaged.
        """
        index = faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))
        if not isinstance(index, faiss.IndexIDMap2):
            raise RuntimeError("not an index of this program")
        return cls(index)

    @property
    def dimension(self) -> int:
        return self._index.d

    def __len__(self) -> int:
        return self._index.ntotal

    def save(self, path: Path) -> None:
        """Write a new file and wait until it is on the disk; it must not exist yet."""
        with path.open("xb") as file:
            file.write(faiss.serialize_index(self._index).tobytes())
            file.flush()
            os.fsync(file.fileno())

    def changed(
        self,
        *,
        removed: Sequence[int] = (),
        added: Sequence[int] = (),
        vectors: np.ndarray | None = None,
    ) -> Vectors:
        """A copy without the ids in `removed` and with `vectors` [len(added), dimension]."""
        index = faiss.clone_index(self._index)
        if removed:
            index.remove_ids(faiss.IDSelectorBatch(np.asarray(removed, dtype=np.int64)))
        if vectors is not None and added:
            index.add_with_ids(vectors, np.asarray(added, dtype=np.int64))
        return Vectors(index)

    def search(self, query: np.ndarray, *, limit: int) -> list[tuple[int, float]]:
        """(chunk id, cosine) of the `limit` nearest to `query` [dimension], nearest first."""
        count = min(limit, len(self))
        if not count:
            return []
        scores, ids = self._index.search(query[None], count)
        return list(zip(ids[0].tolist(), scores[0].tolist(), strict=True))

    def cosine(self, chunk_id: int, query: np.ndarray) -> float:
        """The cosine of one chunk's vector and `query` [dimension]."""
        return float(self._index.reconstruct(chunk_id) @ query)


class VectorFiles:
    """The vectors files of one folder, and the last one read or written, kept in memory.

    A file is never changed: a change is a new file, and the name that the records hold decides.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last: tuple[str, Vectors] | None = None

    def in_memory(self, name: str | None) -> Vectors | None:
        """The vectors of file `name` if they need not be read."""
        last = self._last
        return last[1] if last and last[0] == name else None

    def load(self, name: str | None, *, dimension: int, count: int) -> Vectors:
        """The vectors in file `name`, none if it is None.

        Raises:
            BaseUnusable: they cannot be read, or are not `count` vectors of this dimension.
        """
        try:
            vectors = Vectors.load(self._folder / name) if name else Vectors.empty(dimension)
        except (OSError, RuntimeError) as error:
            reason = f"its vectors cannot be read: {str(error)[:200]}"
            raise BaseUnusable(folder=str(self._folder), reason=reason) from error
        if len(vectors) != count or vectors.dimension != dimension:
            raise BaseUnusable(folder=str(self._folder), reason="its vectors are incomplete")
        if name:
            self._last = (name, vectors)
        return vectors

    def save(self, vectors: Vectors) -> str:
        """The name of a new file that holds `vectors`.

        Raises:
            OSError: it cannot be written; nothing of it is left.
        """
        name = f"vectors-{uuid.uuid4().hex}{VECTORS_SUFFIX}"
        try:
            vectors.save(self._folder / name)
        except OSError:
            self.discard(name)
            raise
        self._last = (name, vectors)
        return name

    def discard(self, name: str | None) -> None:
        """Delete a file. One that another process is reading may stay until the next sweep."""
        if name:
            with suppress(OSError):
                (self._folder / name).unlink(missing_ok=True)

    def sweep(self, name: str | None) -> None:
        """Delete what crashes left: every vectors file but `name`. No writer may be at work."""
        for path in self._folder.glob(f"*{VECTORS_SUFFIX}"):
            if path.name != name:
                self.discard(path.name)
