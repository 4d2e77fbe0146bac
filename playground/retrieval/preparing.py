"""Documents to chunks with their vectors, a few documents at a time."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playground.retrieval.embedder import Embedder
from playground.retrieval.schema import VECTOR_TYPE, BaseInfo, NewChunk
from playground.retrieval.splitter import Chunk, split
from playground.retrieval.store import records
from playground.types import Document, Progress

# Documents are stored together when they have this many characters. Larger groups give batches of
# more even length, and lose more when the work is interrupted.
GROUP_CHARACTERS = 200_000
_EMBEDDED_AT_ONCE = 64
_CONTEXT_CHARACTERS = 200


@dataclass(frozen=True)
class Prepared:
    """A document ready to be stored."""

    id: str
    document: Document
    chunks: tuple[NewChunk, ...]


def prepare(
    folder: Path, documents: Mapping[str, Document], embedder: Embedder, info: BaseInfo
) -> Generator[Progress | list[Prepared], None, None]:
    """Split and embed, group by group: reports chunks embedded, and gives each finished group.

    What is embedded already, in the base or before an interruption, is not embedded again. How
    many chunks there will be is estimated from the characters until all are split.
    """
    left = sum(len(document.text) for document in documents.values())
    split_characters = chunks_known = done = 0
    for group in _groups(documents):
        chunks = {
            key: split(
                documents[key], count_tokens=embedder.count_tokens, chunk_size=info.chunk_size
            )
            for key in group
        }
        characters = sum(len(documents[key].text) for key in group)
        left, split_characters = left - characters, split_characters + characters
        chunks_known += sum(map(len, chunks.values()))
        total = chunks_known + round(left * chunks_known / max(split_characters, 1))
        texts = {
            key: [_hashed(info, documents[key], chunk) for chunk in of_document]
            for key, of_document in chunks.items()
        }
        by_hash = dict(pair for of_document in texts.values() for pair in of_document)
        vectors: dict[bytes, bytes] = {}
        for vectors in _embedded(folder, by_hash, embedder):
            yield Progress("embed", info.name, done + len(vectors), total)
        done = chunks_known
        yield [
            Prepared(key, documents[key], _new_chunks(chunks[key], texts[key], vectors))
            for key in group
        ]


def indexed_text(subject: str, document: Document, chunk: Chunk) -> str:
    """What a chunk is embedded as, and what its words are taken from.

    It stands behind the name of its base, and the headings over it or its document's title. By
    itself it rarely says what it is about, and a question that does would find whatever repeats
    those words.
    (After Anthropic's contextual retrieval, 2024, without a model that writes the context.)
    """
    context = (chunk.headings or document.title)[:_CONTEXT_CHARACTERS]
    return f"{subject}: {context}\n{chunk.passage}"


def _groups(documents: Mapping[str, Document]) -> Iterator[list[str]]:
    group: list[str] = []
    characters = 0
    for key, document in documents.items():
        group.append(key)
        characters += len(document.text)
        if characters >= GROUP_CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _hashed(info: BaseInfo, document: Document, chunk: Chunk) -> tuple[bytes, str]:
    text = indexed_text(info.subject, document, chunk)
    return text_hash(text, info.embedder), text


def _embedded(
    folder: Path, by_hash: Mapping[bytes, str], embedder: Embedder
) -> Iterator[dict[bytes, bytes]]:
    """Hash -> vector of the texts so far, again and again until all are there.

    Texts of like length are embedded together. Each batch is kept in the base at once.
    """
    with records(folder) as stored:
        vectors = stored.known_vectors(list(by_hash))
    missing = sorted(by_hash.keys() - vectors.keys(), key=lambda key: len(by_hash[key]))
    yield vectors
    for start in range(0, len(missing), _EMBEDDED_AT_ONCE):
        batch = missing[start : start + _EMBEDDED_AT_ONCE]
        rows = embedder.embed([by_hash[key] for key in batch], kind="passage")
        packed = [row.tobytes() for row in rows.astype(VECTOR_TYPE)]
        new = dict(zip(batch, packed, strict=True))
        with records(folder, write=True) as stored:
            stored.stage(new.items(), at=time.time())
        vectors.update(new)
        yield vectors


def text_hash(text: str, embedder: str) -> bytes:
    """What a text embedded by `embedder` (an identity) is known by."""
    return hashlib.sha256(f"{embedder}\0{text}".encode()).digest()[:16]


def _new_chunks(
    chunks: Sequence[Chunk], texts: Sequence[tuple[bytes, str]], vectors: Mapping[bytes, bytes]
) -> tuple[NewChunk, ...]:
    return tuple(
        NewChunk(chunk, text, key, vectors[key])
        for chunk, (key, text) in zip(chunks, texts, strict=True)
    )
