"""A second look at the best passages, by a model that reads question and passage together."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from playground.errors import EmbeddingFailed, ModelNotFound
from playground.models import ModelFiles
from playground.retrieval.lexical import index_tokens, query_tokens


class Reranker(Protocol):
    """Says how well passages answer a question, better than vectors of each by itself can."""

    def score(self, query: str, passages: Sequence[str]) -> np.ndarray:
        """float32 [len(passages)], higher is better."""
        ...


class CrossEncoderReranker:
    """A cross-encoder of sentence-transformers, loaded when it is first needed."""

    def __init__(self, files: ModelFiles, *, device: str = "auto") -> None:
        """`device` is as in Settings."""
        self._files = files
        self._device = device
        self._model: Any = None
        self._lock = threading.Lock()  # the model's tokenizer cannot be shared by threads

    def score(self, query: str, passages: Sequence[str]) -> np.ndarray:
        """float32 [len(passages)], higher is better. Passages are cut to what the model reads.

        Raises:
            ModelNotFound: the files cannot be had. EmbeddingFailed: it fails, as without memory.
        """
        with self._lock:
            model = self._loaded()
            try:
                pairs = [(query, passage) for passage in passages]
                return np.asarray(model.predict(pairs, show_progress_bar=False), dtype=np.float32)
            except RuntimeError as error:
                reason = " ".join(str(error).split())[:200]
                raise EmbeddingFailed(embedder=self._files.name, reason=reason) from error

    def _loaded(self) -> Any:
        if self._model is None:
            from sentence_transformers import CrossEncoder

            from playground.models.hardware import choose_device

            try:
                self._model = CrossEncoder(
                    self._files.path,
                    device=str(choose_device(self._device)),
                    model_kwargs={"use_safetensors": True},
                )
            except (OSError, ValueError, KeyError, RuntimeError) as error:
                reason = " ".join(str(error).split())[:300]
                raise ModelNotFound(model=self._files.name, reason=reason) from error
        return self._model


class OverlapReranker:
    """The share of a question's words that a passage holds: no model, for tests, as an example."""

    def score(self, query: str, passages: Sequence[str]) -> np.ndarray:
        """float32 [len(passages)], 0 to 1."""
        wanted = set(query_tokens(query))
        held = [len(wanted & set(index_tokens(passage))) for passage in passages]
        return np.asarray(held, dtype=np.float32) / max(len(wanted), 1)
