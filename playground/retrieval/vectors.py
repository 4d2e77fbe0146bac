"""The vectors of one base in memory, as FAISS searches them; the records are what is true."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import faiss
import numpy as np

from playground.retrieval import nearby
from playground.retrieval.store import Records

# More candidates of the approximate index than are asked for: their cosines are rounded, and some
# chunks may be gone.
_SPARE = 2
_log = logging.getLogger(__name__)


class Vectors:
    """All of a small base, searched exactly; of a large one, the approximate index and the rest.

    Nothing is written here. Before each search, what has changed in the records is taken over.
    Threads may share it.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder = folder
        self.dimension = dimension
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._epoch = ""
        self._generation = -1
        self._file: str | None = None
        self._nearby: nearby.Nearby | None = None
        self._first = 0  # chunks up to this id are in the approximate index
        self._last = 0  # chunks up to this id are here
        self._exact = faiss.IndexIDMap2(faiss.IndexFlatIP(self.dimension))

    def search(self, stored: Records, query: np.ndarray, *, limit: int) -> dict[int, float]:
        """Chunk id -> cosine of the `limit` nearest to `query` [dimension], nearest first."""
        with self._lock:
            self._follow(stored)
            found = _search(self._exact, query, limit)
            if self._nearby:
                ids, vectors = stored.vectors(self._nearby.search(query, limit=_SPARE * limit))
                found.update(zip(ids, (vectors @ query).tolist() if ids else (), strict=True))
        best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return dict(best)

    def _follow(self, stored: Records) -> None:
        """Take over what has changed since the last search."""
        info = stored.info()
        if (info.epoch, info.generation) == (self._epoch, self._generation):
            return
        if (info.epoch, info.nearby) != (self._epoch, self._file):
            self._forget()
            self._epoch, self._file = info.epoch, info.nearby
            self._nearby = self._open(info.nearby) if info.nearby else None
            self._first = self._last = info.nearby_last if self._nearby else 0
        ids, vectors = stored.vectors_after(self._last)
        if ids:
            self._exact.add_with_ids(vectors, np.asarray(ids, dtype=np.int64))
            self._last = ids[-1]
        alive = stored.ids_after(self._first)
        if self._exact.ntotal > len(alive):
            here = faiss.vector_to_array(self._exact.id_map).tolist()
            gone = np.asarray([key for key in here if key not in alive], dtype=np.int64)
            self._exact.remove_ids(faiss.IDSelectorBatch(gone))
        self._generation = info.generation

    def _open(self, file: str) -> nearby.Nearby | None:
        """None if it is lost or damaged: then all are searched, until it is made anew."""
        try:
            return nearby.Nearby.open(self._folder / file)
        except (OSError, RuntimeError, ValueError) as error:
            _log.warning("The index %s is searched without its file: %s", file, error)
            return None


def _search(index: faiss.Index, query: np.ndarray, limit: int) -> dict[int, float]:
    count = min(limit, index.ntotal)
    if not count:
        return {}
    scores, ids = index.search(query[None], count)
    return dict(zip(ids[0].tolist(), scores[0].tolist(), strict=True))
