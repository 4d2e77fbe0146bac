"""Long context: every document of the knowledge base, whole, in the prompt."""

from __future__ import annotations

from playground.modes.base import CountTokens, Inquiry, fit
from playground.types import Prompt


def whole_documents(inquiry: Inquiry, count_tokens: CountTokens) -> Prompt:
    """All documents, then what was asked."""
    assert inquiry.knowledge is not None
    sources = inquiry.knowledge.whole_documents()
    drop = inquiry.overflow == "drop"
    return fit(inquiry, sources, count_tokens, drop=drop, at_first=True)
