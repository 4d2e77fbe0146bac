"""Retrieval: the passages of the knowledge base that fit the question best."""

from __future__ import annotations

from dataclasses import replace

from playground.modes.base import CountTokens, Inquiry, fit
from playground.types import Prompt


def retrieved_passages(inquiry: Inquiry, count_tokens: CountTokens) -> Prompt:
    """The `top_k` best passages, best first; those that do not fit the window are left out.

    Where none fits the question, there is nothing to ask. A question that follows another is
    looked up together with that one: "And how deep is it?" names nothing.
    """
    assert inquiry.knowledge is not None
    earlier = [turn.content for turn in inquiry.history if turn.role == "user"]
    sources = inquiry.knowledge.search(
        "\n".join([*earlier[-1:], inquiry.question]),
        top_k=inquiry.top_k,
        min_score=inquiry.min_score,
        documents=inquiry.documents,
    )
    best = max((source.dense_score or 0.0 for source in sources), default=-1.0)
    passages = inquiry.knowledge.chunk_count
    if not sources or (inquiry.least_best is not None and best < inquiry.least_best):
        return Prompt((), outcome="not-in-knowledge", passages=passages)
    return replace(fit(inquiry, sources, count_tokens, drop=True), passages=passages)
