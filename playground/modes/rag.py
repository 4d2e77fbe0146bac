"""Retrieval: the passages of the knowledge base that fit the question best."""

from __future__ import annotations

from playground.modes.base import CountTokens, Inquiry, fit
from playground.types import Prompt


def retrieved_passages(inquiry: Inquiry, count_tokens: CountTokens) -> Prompt:
    """The `top_k` best passages, best first; those that do not fit the window are left out."""
    assert inquiry.knowledge is not None
    sources = inquiry.knowledge.search(inquiry.question, top_k=inquiry.top_k)
    return fit(inquiry, sources, count_tokens, drop=True)
