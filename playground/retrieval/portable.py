"""A knowledge base as one file, to keep or to give away: a zip of JSON and of plain vectors.

`base.json` says what it is, `documents.jsonl` holds a document a line with the places of its
chunks, `vectors.f16` their vectors in that order, as little-endian float16.
"""

from __future__ import annotations

import json
import os
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import numpy as np

from playground.errors import BaseUnusable, ImportUnreadable
from playground.retrieval.indexing import id_of
from playground.retrieval.preparing import indexed_text, text_hash
from playground.retrieval.schema import VECTOR_TYPE, BaseInfo, NewChunk
from playground.retrieval.splitter import Chunk
from playground.retrieval.store import records
from playground.types import Document, DocumentInfo, TextFormat

SUFFIX = ".kb.zip"
_FORMAT = "context-playground knowledge base 1"
_BASE, _DOCUMENTS, _VECTORS = "base.json", "documents.jsonl", "vectors.f16"
_MAX_LINE = 400_000_000
_MOST_UNPACKED = 200  # times the size of the file: text packs to a fifth
_BROKEN = (ValueError, KeyError, TypeError, BadZipFile, EOFError, RecursionError, zlib.error)
_FORMATS: dict[str, TextFormat] = {"plain": "plain", "markdown": "markdown", "csv": "csv"}
_PLACE = ("start", "end", "tokens", "page", "headings", "table_head")


def write(folder: Path, target: Path) -> None:
    """Export the base in `folder` to the file `target`, which appears when it is complete.

    Raises:
        BaseUnusable: the base cannot be read, or the file not be written.
    """
    part = target.with_name(f"{target.name}.{uuid.uuid4().hex}.part")
    try:
        with records(folder) as stored, ZipFile(part, "w", ZIP_DEFLATED) as archive:
            info = stored.info()
            kept = ("name", "subject", "embedder", "dimension", "chunk_size")
            about = {"format": _FORMAT, **{key: getattr(info, key) for key in kept}}
            archive.writestr(_BASE, json.dumps(about, ensure_ascii=False, indent=2))
            ids: list[int] = []
            with archive.open(_DOCUMENTS, "w", force_zip64=True) as file:
                for listed in stored.documents():
                    chunks = stored.chunks(sorted(stored.chunk_ids((listed.id,))))
                    ids.extend(found.id for found in chunks)
                    document = stored.document(listed.id)
                    assert document is not None  # in one transaction with the list
                    row = _row(document, listed, [found.chunk for found in chunks])
                    file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            archive.compression = ZIP_STORED  # vectors hardly pack
            with archive.open(_VECTORS, "w", force_zip64=True) as file:
                for start in range(0, len(ids), 10_000):
                    some = ids[start : start + 10_000]
                    found = dict(zip(*stored.vectors(some), strict=True))
                    rows = np.stack([found[key] for key in some])
                    file.write(rows.astype(VECTOR_TYPE).tobytes())
        os.replace(part, target)
    except OSError as error:
        raise BaseUnusable(folder=str(target), reason=str(error)) from error
    finally:
        part.unlink(missing_ok=True)


def _row(document: Document, listed: DocumentInfo, chunks: list[Chunk]) -> dict[str, Any]:
    places = [{key: getattr(chunk, key) for key in _PLACE} for chunk in chunks]
    return {
        "title": document.title,
        "format": document.format,
        "page_starts": document.page_starts,
        "added_at": listed.added_at,
        "file_hash": document.file_hash,
        "text": document.text,
        "chunks": places,
    }


def name_in(source: Path) -> str:
    """The name of the base in an exported file.

    Raises:
        ImportUnreadable: it is no such file.
    """
    with _opened(source) as archive:
        return _about(archive)["name"]


def read(source: Path, folder: Path, *, name: str) -> None:
    """Make the exported base in `source` the base `name` in `folder`: all of it, or nothing.

    Nothing of it is trusted: it may come from anybody.

    Raises:
        ImportUnreadable: it is no such file, or damaged. BaseUnusable: the folder is not writable.
    """
    with _opened(source) as archive:
        about = _about(archive)
        info = BaseInfo(
            name=name,
            subject=_typed(about["subject"], str),
            embedder=_typed(about["embedder"], str),
            dimension=_between(about["dimension"], 1, 100_000),
            chunk_size=_between(about["chunk_size"], 1, 1_000_000),
            epoch=uuid.uuid4().hex,
        )
        with records(folder, write=True, create=True) as stored, archive.open(_VECTORS) as vectors:
            stored.create(info)
            for line in _lines(archive):
                document, added_at, chunks = _parsed(line)
                new = [_with_vector(info, document, chunk, vectors) for chunk in chunks]
                stored.insert(id_of(document.text), document, new, added_at=added_at)
            if vectors.read(1):
                raise ValueError("there are more vectors than chunks")


@contextmanager
def _opened(source: Path) -> Iterator[ZipFile]:
    """The archive, if it has our files and they are not far larger than it is."""
    try:
        with ZipFile(source) as archive:
            sizes = [archive.getinfo(name).file_size for name in (_BASE, _DOCUMENTS, _VECTORS)]
            if sum(sizes) > _MOST_UNPACKED * source.stat().st_size:
                raise ImportUnreadable(file=source.name, reason="it unpacks to far too much")
            yield archive
    except (OSError, *_BROKEN) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise ImportUnreadable(file=source.name, reason=reason) from error


def _about(archive: ZipFile) -> dict[str, Any]:
    with archive.open(_BASE) as file:
        about = _typed(json.loads(file.read(100_000)), dict)
    if about["format"] != _FORMAT:
        raise ValueError(f"its format is {about['format']!r}, not {_FORMAT!r}")
    return {**about, "name": _typed(about["name"], str)}


def _lines(archive: ZipFile) -> Iterator[bytes]:
    with archive.open(_DOCUMENTS) as file:
        while line := file.readline(_MAX_LINE):
            if not line.endswith(b"\n"):
                raise ValueError("a line is cut off, or too long")
            yield line


def _parsed(line: bytes) -> tuple[Document, float, list[Chunk]]:
    row = _typed(json.loads(line), dict)
    text = _typed(row["text"], str)
    starts = tuple(_between(start, 0, len(text)) for start in _typed(row["page_starts"], list))
    hash_ = row["file_hash"] if row["file_hash"] is None else _typed(row["file_hash"], str)
    document = Document(_typed(row["title"], str), text, starts, _FORMATS[row["format"]], hash_)
    if not text.strip() or not document.title.strip():
        raise ValueError("a document has no text or no title")
    chunks = [_chunk(text, _typed(place, dict)) for place in _typed(row["chunks"], list)]
    return document, float(_typed(row["added_at"], (int, float))), chunks


def _chunk(text: str, place: dict[str, Any]) -> Chunk:
    start = _between(place["start"], 0, len(text))
    end = _between(place["end"], start, len(text))
    return Chunk(
        start,
        end,
        text[start:end],
        tokens=_between(place["tokens"], 0, 1_000_000),
        page=None if place["page"] is None else _between(place["page"], 1, 10_000_000),
        headings=_typed(place["headings"], str),
        table_head=_typed(place["table_head"], str),
    )


def _with_vector(info: BaseInfo, document: Document, chunk: Chunk, vectors: IO[bytes]) -> NewChunk:
    packed = vectors.read(info.dimension * VECTOR_TYPE.itemsize)
    vector = np.frombuffer(packed, VECTOR_TYPE)
    if len(vector) != info.dimension or not np.isfinite(vector).all():
        raise ValueError("a vector is missing, or holds no numbers")
    text = indexed_text(info.subject, document, chunk)
    return NewChunk(chunk, text, text_hash(text, info.embedder), packed)


def _typed(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"{str(value)[:40]!r} is not what belongs there")
    return value


def _between(value: Any, least: int, most: int) -> int:
    if not least <= _typed(value, int) <= most:
        raise ValueError(f"{value} is not from {least} to {most}")
    return value
