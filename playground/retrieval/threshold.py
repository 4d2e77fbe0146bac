"""How similar the best passage must be, at least, for a base to hold the answer at all."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from playground.types import Language

# By embedder and the question's language: of the built-in world's questions that its documents
# answer, 2 % score less (tests/measurements/retrieval.py threshold).
_LEAST_BEST: Mapping[str, Mapping[Language, float]] = MappingProxyType(
    {"multilingual-e5-small": MappingProxyType({"en": 0.779, "zh": 0.841})}
)


def least_best(embedder: str, language: Language) -> float | None:
    """The least `dense_score` of the best passage; None where nobody has measured it."""
    by_language = _LEAST_BEST.get(embedder)
    return by_language[language] if by_language else None
