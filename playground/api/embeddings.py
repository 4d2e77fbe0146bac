"""POST /embeddings: texts as the embedding model sees them."""

from __future__ import annotations

import base64
from typing import Any, Literal

import numpy as np
from fastapi import APIRouter
from pydantic import Field

from playground.api.schema import Lenient
from playground.app import Playground
from playground.errors import EmptyInput, NotAChoice, UnknownName

_MOST_TEXTS = 2048  # OpenAI's limit


class EmbeddingRequest(Lenient):
    """`input_type` tells questions from passages, which embedding models keep apart."""

    model: str
    input: str | list[str] = Field(max_length=_MOST_TEXTS * 4096)
    encoding_format: Literal["float", "base64"] | None = "float"
    dimensions: int | None = None
    input_type: Literal["query", "passage"] = "query"

    @property
    def texts(self) -> list[str]:
        """Raises EmptyInput."""
        texts = [self.input] if isinstance(self.input, str) else self.input
        if not texts or not all(text.strip() for text in texts):
            raise EmptyInput
        if len(texts) > _MOST_TEXTS:
            choices = f"1 to {_MOST_TEXTS} texts"
            raise NotAChoice(field="input", value=f"{len(texts)} texts", choices=choices)
        return texts


def router(playground: Playground) -> APIRouter:
    """The route, over `playground`."""
    routes = APIRouter()

    @routes.post("/embeddings", response_model=None)
    def create_embedding(body: EmbeddingRequest) -> dict[str, Any]:
        name = playground.settings.embedder
        if body.model != name:
            raise UnknownName(kind="model", name=body.model, available=name)
        texts, embedder = body.texts, playground.bases.embedder
        if body.dimensions not in (None, embedder.dimension):
            choices = str(embedder.dimension)
            raise NotAChoice(field="dimensions", value=body.dimensions, choices=choices)
        vectors = embedder.embed(texts, kind=body.input_type)
        tokens = sum(map(embedder.count_tokens, texts))
        is_packed = body.encoding_format == "base64"
        data = [
            {
                "object": "embedding",
                "index": n,
                "embedding": _packed(v) if is_packed else v.tolist(),
            }
            for n, v in enumerate(vectors)
        ]
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return {"object": "list", "data": data, "model": name, "usage": usage}

    return routes


def _packed(vector: np.ndarray) -> str:
    """Little-endian float32, as base64."""
    return base64.b64encode(vector.astype("<f4").tobytes()).decode()
