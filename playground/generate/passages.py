"""A user's rows as RAFT has them: the passages that would be found, and then the question.

RAFT (Zhang et al., 2024) trains a model for the knowledge base that it will work with. In most rows
the answer's passage is among those found; in the others it is left out, so that the model learns
both to look and to remember.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from playground.dataset.rows import Row
from playground.evaluation.scores import contains
from playground.modes.prompts import reading_prompt
from playground.retrieval import KnowledgeBase
from playground.types import Message, Source

_TOP_K = 3


def with_passages(
    rows: Sequence[Row],
    knowledge: KnowledgeBase,
    *,
    top_k: int = _TOP_K,
    gold_share: float = 0.8,
    seed: int = 0,
) -> Iterator[Row]:
    """Each row with the `top_k` passages for its last question in front of it.

    In a share of 1 - `gold_share`, passages that hold the answer are replaced by the next best.
    Plain texts stay as they are.
    """
    rng = random.Random(seed)
    for row in rows:
        if not row.messages:
            yield row
            continue
        *before, question, answer = row.messages
        found = knowledge.search(question.content, top_k=2 * top_k)
        if rng.random() >= gold_share:
            found = [source for source in found if not _tells(source, answer.content)]
        prompt = reading_prompt(question.content, [(s.title, s.passage) for s in found[:top_k]])
        yield replace(row, messages=(*before, Message("user", prompt), answer))


def _tells(source: Source, answer: str) -> bool:
    return contains(source.passage, [answer])
