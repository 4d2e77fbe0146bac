"""Texts to vectors: the seam, the models behind it, and a fake that ships."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from playground.errors import EmbeddingFailed, ModelNotFound, ModelUnusable, TextTooLong
from playground.retrieval.lexical import index_tokens

TextKind = Literal["query", "passage"]


class Embedder(Protocol):
    """Turns texts into unit vectors. Vectors of different identities do not compare."""

    @property
    def identity(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def count_tokens(self, text: str) -> int: ...

    def embed(self, texts: Sequence[str], *, kind: TextKind) -> np.ndarray:
        """float32 [len(texts), dimension], every row of length 1."""
        ...


@dataclass(frozen=True)
class _Loaded:
    """A sentence-transformers model, and a tokenizer of its own that counts without cutting."""

    model: Any
    tokenizer: Any
    limit: int | None


class SentenceTransformerEmbedder:
    """A sentence-transformers model; the folder's own prompts tell queries from passages.

    It is loaded when it is first needed: that takes seconds, and a base can be listed without.
    """

    def __init__(
        self, folder_or_hub_id: str | Path, *, name: str, device: str = "auto", dtype: str = "auto"
    ) -> None:
        """`name` is the model's identity; `device` and `dtype` are as in Settings."""
        self.identity = name
        self._folder_or_hub_id = str(folder_or_hub_id)
        self._device, self._dtype = device, dtype
        self._cached: _Loaded | None = None
        self._loading = threading.Lock()
        self._encoding = threading.Lock()  # the model's own tokenizer cannot be shared by threads

    @property
    def _loaded(self) -> _Loaded:
        """The model, loaded by now.

        Raises:
            ModelNotFound: the files cannot be had. ModelUnusable: they hold no such model.
        """
        with self._loading:
            if self._cached is None:
                self._cached = self._load()
            return self._cached

    def _load(self) -> _Loaded:
        from sentence_transformers import SentenceTransformer
        from tokenizers import Tokenizer
        from transformers.utils.logging import disable_progress_bar

        from playground.models.hardware import choose_device, choose_dtype

        device = choose_device(self._device)
        options = {"dtype": choose_dtype(device, self._dtype), "use_safetensors": True}
        disable_progress_bar()
        try:
            model = SentenceTransformer(
                self._folder_or_hub_id, device=str(device), model_kwargs=options
            )
            tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
        except (OSError, ValueError, KeyError, RuntimeError, AttributeError) as error:
            reason = " ".join(str(error).split())[:300]
            if Path(self._folder_or_hub_id).exists():
                raise ModelUnusable(model=self.identity, reason=reason) from error
            raise ModelNotFound(model=self.identity, reason=reason) from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return _Loaded(model, tokenizer, model.get_max_seq_length())

    @property
    def dimension(self) -> int:
        return self._loaded.model.get_embedding_dimension() or 0

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` itself, without prompt and special tokens."""
        return len(self._loaded.tokenizer.encode(text, add_special_tokens=False).ids)

    def embed(self, texts: Sequence[str], *, kind: TextKind) -> np.ndarray:
        """float32 [len(texts), dimension], every row of length 1.

        Raises:
            TextTooLong: the model would cut a text. EmbeddingFailed: it fails, as without memory.
        """
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        loaded = self._loaded
        self._check_lengths(texts, kind)
        encode = loaded.model.encode_query if kind == "query" else loaded.model.encode_document
        try:
            with self._encoding:
                vectors = encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
        except RuntimeError as error:
            reason = " ".join(str(error).split())[:200]
            raise EmbeddingFailed(embedder=self.identity, reason=reason) from error
        return _to_unit_length(np.asarray(vectors))

    def _check_lengths(self, texts: Sequence[str], kind: TextKind) -> None:
        loaded = self._loaded
        if loaded.limit is None:
            return
        prompts = loaded.model.prompts or {}
        prompt = prompts.get("query" if kind == "query" else "document") or ""
        for text in texts:
            tokens = len(loaded.tokenizer.encode(prompt + text).ids)
            if tokens > loaded.limit:
                raise TextTooLong(tokens=tokens, limit=loaded.limit, embedder=self.identity)


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
        return _to_unit_length(vectors)


def _to_unit_length(vectors: np.ndarray) -> np.ndarray:
    rows = vectors.astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True).clip(min=1e-12)
