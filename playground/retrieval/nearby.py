"""The approximate index of a large base: a file that is made from the records, and mapped.

Vectors are sorted into cells around centroids, and rounded to 8 bits (FAISS's IVF with a scalar
quantiser); a search looks into the cells nearest to the question. How many, is measured.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from playground.errors import BaseUnusable
from playground.retrieval.store import records
from playground.types import Progress

_faiss: Any = faiss  # whose type stubs lack much of it

EXACT_UP_TO = 50_000  # vectors; below, searching all of them is fast
SUFFIX = ".faiss"
_RECALL = 0.98  # of the ten nearest among the candidates, to be reached by the sample's questions
_CANDIDATES = 50
_READ_AT_ONCE = 20_000
_MADE_WITHIN = 3600.0  # seconds
_TRAINED_ON = 100_000  # vectors at most


class Nearby:
    """One file's index, in memory only as far as it is used."""

    def __init__(self, index: faiss.Index, mapped: np.ndarray) -> None:
        self._index = index
        self._mapped = mapped  # what the index reads from

    @classmethod
    def open(cls, path: Path) -> Nearby:
        """Map the file. FAISS gets memory: by itself it cannot open every path on Windows.

        Raises:
            OSError: it cannot be read. RuntimeError, ValueError: it is damaged.
        """
        mapped = np.memmap(path, dtype=np.uint8, mode="r")
        reader = _faiss.ZeroCopyIOReader(_faiss.swig_ptr(mapped), mapped.size)
        return cls(_faiss.read_index(reader, faiss.IO_FLAG_MMAP_IFC), mapped)

    def search(self, query: np.ndarray, *, limit: int) -> list[int]:
        """The ids of about `limit` chunks near to `query` [dimension]."""
        _, ids = self._index.search(query[None], limit)
        return [key for key in ids[0].tolist() if key >= 0]


def is_due(count: int, *, indexed: int) -> bool:
    """Whether a base of `count` chunks, `indexed` of them in its index, needs a new one."""
    return count - indexed > EXACT_UP_TO


def build(
    folder: Path, questions: np.ndarray, *, subject: str
) -> Generator[Progress, None, tuple[str, int]]:
    """Make a file of all vectors; its name, and the last chunk id that is in it.

    The records are read in slices, so that writers need not wait. What is removed meanwhile stays
    in the file, and is left out of what is found.

    `questions` [n, dimension] are what it is tuned with: they look into as many cells as give
    98 % of their ten nearest, by exact search, as candidates.

    Raises:
        BaseUnusable: it cannot be written; nothing of it is left.
    """
    with records(folder) as stored:
        count, dimension = stored.counts()[0], questions.shape[1]
    cells = round(4 * count**0.5)
    index = _faiss.index_factory(dimension, f"IVF{cells},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.cp.min_points_per_centroid = 1  # it would warn on stderr
    yield Progress("index", subject, 0, count)
    index.train(_sample(folder, count))
    best = np.full((len(questions), 10), -np.inf, np.float32), np.full((len(questions), 10), -1)
    last = done = 0
    while True:
        with records(folder) as stored:
            ids, vectors = stored.vectors_after(last, limit=_READ_AT_ONCE)
        if not ids:
            break
        index.add_with_ids(vectors, np.asarray(ids, dtype=np.int64))
        best = _merge(best, questions @ vectors.T, np.asarray(ids))
        last, done = ids[-1], done + len(ids)
        yield Progress("index", subject, done, count)
    index.nprobe = _cells_to_search(index, questions, best[1])
    name = f"nearby-{uuid.uuid4().hex}{SUFFIX}"
    try:
        _write(index, folder / name)
    except OSError as error:
        discard(folder, name)
        raise BaseUnusable(folder=str(folder), reason=str(error)) from error
    return name, last


def discard(folder: Path, name: str | None) -> None:
    """Delete a file. One that another process is reading may stay until the next sweep."""
    if name:
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def sweep(folder: Path, name: str | None) -> None:
    """Delete every index but `name` that crashes left: younger ones may just be being made."""
    for path in folder.glob(f"*{SUFFIX}"):
        with suppress(OSError):
            if path.name != name and path.stat().st_mtime < time.time() - _MADE_WITHIN:
                path.unlink()


def _sample(folder: Path, count: int) -> np.ndarray:
    """Vectors from all over the base, as chunks that stand together are alike."""
    wanted, parts = min(count, _TRAINED_ON), 100
    with records(folder) as stored:
        starts = np.linspace(0, stored.last_chunk_id(), parts, endpoint=False).astype(int)
        slices = (stored.vectors_after(int(at), limit=-(-wanted // parts)) for at in starts)
        return np.concatenate([vectors for ids, vectors in slices if ids])


def _merge(
    best: tuple[np.ndarray, np.ndarray], scores: np.ndarray, ids: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The ten best of `best` (scores and ids [n, 10]) and of `scores` [n, len(ids)]."""
    all_scores = np.concatenate([best[0], scores], axis=1)
    all_ids = np.concatenate([best[1], np.broadcast_to(ids, scores.shape)], axis=1)
    top = np.argpartition(-all_scores, 9, axis=1)[:, :10]
    return np.take_along_axis(all_scores, top, axis=1), np.take_along_axis(all_ids, top, axis=1)


def _cells_to_search(index: Any, questions: np.ndarray, nearest: np.ndarray) -> int:
    """The fewest that give enough recall, by half as many more each time."""
    cells = 1.0
    while cells < index.nlist:
        index.nprobe = int(cells)
        _, found = index.search(questions, _CANDIDATES)
        hits = [len(set(a) & set(b)) for a, b in zip(found.tolist(), nearest.tolist(), strict=True)]
        if sum(hits) >= _RECALL * nearest.size:
            break
        cells *= 1.5
    return min(int(cells), index.nlist)


def _write(index: Any, path: Path) -> None:
    with path.open("xb") as file:
        faiss.write_index(index, _faiss.PyCallbackIOWriter(file.write))
        file.flush()
        os.fsync(file.fileno())
