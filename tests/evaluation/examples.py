"""Questions and answers to mark, keep and count."""

from __future__ import annotations

from typing import Any

from playground.types import Answer, Metrics, Question, Source

METRICS = Metrics(
    prompt_tokens=10,
    completion_tokens=3,
    cached_tokens=0,
    left_out_tokens=0,
    prepare_seconds=0.125,
    time_to_first_token=0.25,
    tokens_per_second=8.0,
    total_seconds=0.5,
)


def question(id: str = "q", **more: Any) -> Question:
    """A fact about tea."""
    fact = {"language": "en", "kind": "fact", "question": "What is hot?", "answers": ("Tea",)}
    return Question(id, **{**fact, **more})


def answer(text: str = "Tea", **more: Any) -> Answer:
    """An answer of `base`."""
    rest = {"mode": "base", "finish_reason": "stop", "sources": (), "metrics": METRICS}
    return Answer(text=text, **{**rest, **more})


def passage(title: str, text: str, **more: Any) -> Source:
    """A passage that was searched for."""
    return Source(title, title, text, 0, len(text), **{"score": 0.5, "dense_score": 0.5, **more})
