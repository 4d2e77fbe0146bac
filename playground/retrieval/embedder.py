"""Texts to vectors: the seam, and the models behind it."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from playground.errors import EmbeddingFailed, ModelNotFound, ModelUnusable, TextTooLong
from playground.models import ModelFiles
from playground.models.openvino_kept import ENCODER, folder_of, read_receipt
from playground.turns import FairLock
from playground.types import Progress

TextKind = Literal["query", "passage"]

# Texts of a batch are padded to the longest. A core is busy with few tokens, and then the padding
# is what larger batches add; a GPU wants many.
_BATCH_TOKENS_PER_CORE = 128
_BATCH_TOKENS_ON_GPU = 16_384


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
    """A sentence-transformers model, and the Rust tokenizer inside it."""

    model: Any
    tokenizer: Any
    limit: int | None
    batch_tokens: int


class SentenceTransformerEmbedder:
    """A sentence-transformers model; the folder's own prompts tell queries from passages.

    It is loaded when it is first needed: that takes seconds, and a base can be listed without.
    On processors OpenVINO runs its network, if that gives the vectors that torch gives.
    """

    def __init__(
        self,
        folder_or_hub_id: str | Path,
        *,
        name: str,
        device: str = "auto",
        dtype: str = "auto",
        graphs_dir: Path | None = None,
    ) -> None:
        """`name` is the model's identity; `device` and `dtype` are as in Settings.

        OpenVINO's graph is kept in `graphs_dir`; None keeps the model on torch.
        """
        self.identity = name
        self._files = ModelFiles(name, str(folder_or_hub_id))
        self._graphs_dir = graphs_dir
        self._device, self._dtype = device, dtype
        self._cached: _Loaded | None = None
        self._loading = threading.Lock()
        self._encoding = FairLock()  # the model's tokenizer cannot be shared by threads

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

    def prepare(self) -> Iterator[Progress]:
        """Make OpenVINO's graph of the model, once, if it is to run there.

        Raises:
            ModelNotFound: the files cannot be had. ModelUnusable: they hold no such model.
        """
        if self._graphs_dir is None or not self._may_be_openvino:
            return
        if read_receipt(folder_of(self._files, self._graphs_dir, ENCODER)):
            return  # before anything slow is imported
        if not self._is_on_cpu():
            return
        import torch

        from playground.models import openvino_encoder

        def load() -> Any:
            return self._open(torch.device("cpu"), torch.float32)

        yield from openvino_encoder.make(self._files, self._graphs_dir, load)

    @property
    def _may_be_openvino(self) -> bool:
        """Unless a dtype is set, which is torch's."""
        return self._dtype == "auto" and importlib.util.find_spec("openvino_genai") is not None

    def _is_on_cpu(self) -> bool:
        from playground.models.hardware import choose_device

        return choose_device(self._device).type == "cpu"

    def _load(self) -> _Loaded:
        import torch

        from playground.models.hardware import choose_device, choose_dtype

        encoder = self._encoder()
        device = choose_device(self._device)
        # What stays on torch beside a graph is little, and a graph gives float32.
        dtype = torch.float32 if encoder else choose_dtype(device, self._dtype)
        model = self._open(device, dtype)
        with self._named_errors():
            tokenizer = model.tokenizer.backend_tokenizer
        if encoder:
            from playground.models.openvino_encoder import run_graph

            run_graph(model, encoder)
        on_cpu = _BATCH_TOKENS_PER_CORE * torch.get_num_threads()
        batch_tokens = on_cpu if device.type == "cpu" else _BATCH_TOKENS_ON_GPU
        return _Loaded(model, tokenizer, model.get_max_seq_length(), batch_tokens)

    def _encoder(self) -> Any:
        """The graph to run, made if it is not there; None if the model runs on torch."""
        if self._graphs_dir is None or not self._may_be_openvino or not self._is_on_cpu():
            return None
        from playground.models import openvino_encoder

        for _ in self.prepare():
            pass
        encoder = openvino_encoder.find(self._files, self._graphs_dir)
        return encoder if encoder and encoder.unfit is None else None

    def _open(self, device: Any, dtype: Any) -> Any:
        """The SentenceTransformer; `device` and `dtype` are torch's."""
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        options = {"dtype": dtype, "use_safetensors": True}
        disable_progress_bar()
        with self._named_errors():
            return SentenceTransformer(self._files.path, device=str(device), model_kwargs=options)

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError, KeyError, RuntimeError, AttributeError) as error:
            reason = " ".join(str(error).split())[:300]
            if Path(self._files.path).exists():
                raise ModelUnusable(model=self.identity, reason=reason) from error
            raise ModelNotFound(model=self.identity, reason=reason) from error

    @property
    def dimension(self) -> int:
        return self._loaded.model.get_embedding_dimension() or 0

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` itself, without prompt and special tokens."""
        return self._count(text, add_special_tokens=False)

    def _count(self, text: str, *, add_special_tokens: bool) -> int:
        """Without cutting, for which sentence-transformers sets the tokenizer at each call.

        A tokenizer of our own would be simpler, and its vocabulary takes 300 MB again.
        """
        tokenizer = self._loaded.tokenizer
        with self._encoding:
            tokenizer.no_truncation()
            tokenizer.no_padding()
            return len(tokenizer.encode(text, add_special_tokens=add_special_tokens).ids)

    def embed(self, texts: Sequence[str], *, kind: TextKind) -> np.ndarray:
        """float32 [len(texts), dimension], every row of length 1.

        Raises:
            TextTooLong: the model would cut a text. EmbeddingFailed: it fails, as without memory.
        """
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        lengths = self._lengths(texts, kind)
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for batch in _batches(lengths, self._loaded.batch_tokens):
            vectors[batch] = self._embed_batch([texts[at] for at in batch], kind)
        return to_unit_length(vectors)

    def _embed_batch(self, texts: list[str], kind: TextKind) -> np.ndarray:
        """[len(texts), dimension]. Between two batches it is another thread's turn."""
        model = self._loaded.model
        encode = model.encode_query if kind == "query" else model.encode_document
        try:
            with self._encoding:
                vectors = encode(
                    texts, batch_size=len(texts), convert_to_numpy=True, show_progress_bar=False
                )
        except RuntimeError as error:
            reason = " ".join(str(error).split())[:200]
            raise EmbeddingFailed(embedder=self.identity, reason=reason) from error
        return np.asarray(vectors)

    def _lengths(self, texts: Sequence[str], kind: TextKind) -> list[int]:
        """The tokens of each text, with those that the model puts around it.

        Raises:
            TextTooLong: the model would cut one.
        """
        loaded = self._loaded
        prompts = loaded.model.prompts or {}
        prompt = prompts.get("query" if kind == "query" else "document") or ""
        lengths = [self._count(prompt + text, add_special_tokens=True) for text in texts]
        for tokens in lengths:
            if loaded.limit is not None and tokens > loaded.limit:
                raise TextTooLong(tokens=tokens, limit=loaded.limit, embedder=self.identity)
        return lengths


def _batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Places of texts to embed together: of like length, and padded of at most `tokens`."""
    batch: list[int] = []
    for at in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[at] > tokens:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def to_unit_length(vectors: np.ndarray) -> np.ndarray:
    """float32 rows of length 1."""
    rows = vectors.astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True).clip(min=1e-12)
