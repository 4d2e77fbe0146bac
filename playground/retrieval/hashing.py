"""An embedder without a model, for tests and as an example."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from playground.retrieval.embedder import TextKind, to_unit_length
from playground.retrieval.lexical import index_tokens


class HashEmbedder:
    """Words, and pairs of Chinese characters, hashed into a vector: no model, same everywhere.

    Feature hashing with signs as in Weinberger et al. (2009), arXiv:0902.2206.
    """

    def __init__(self, *, dimension: int = 256) -> None:
        self._dimension = dimension

    @property
    def identity(self) -> str:
        return f"hash-{self._dimension}"

    @property
    def dimension(self) -> int:
        return self._dimension

    def count_tokens(self, text: str) -> int:
        return sum(len(token) == 1 or token.isascii() for token in index_tokens(text))

    def embed(self, texts: Sequence[str], *, kind: TextKind) -> np.ndarray:
        """float32 [len(texts), dimension], every row of length 1."""
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for token in index_tokens(text) or [""]:
                digest = int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest())
                row[digest // 2 % self._dimension] += 1 if digest % 2 else -1
            if not row.any():
                row[0] = 1
        return to_unit_length(vectors)
