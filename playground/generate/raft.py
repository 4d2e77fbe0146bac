"""The world's training rows with passages in the prompt, most of them beside the point.

RAFT (Zhang et al., 2024) trains a model for the knowledge base it will work with: the answer's
passage stands among distractors, and is missing from some rows, so that the model learns both to
look and to remember.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from playground.errors import DocumentError
from playground.modes.prompts import reading_prompt
from playground.readers import read_folder
from playground.retrieval.splitter import split
from playground.types import Document, Language, Message
from playground.world import documents_dir, load_questions, training_rows

Passage = tuple[str, str]  # title and text


def raft_rows(
    world_dir: Path,
    language: Language,
    *,
    count_tokens: Callable[[str], int],
    top_k: int = 3,
    gold_share: float = 0.8,
    seed: int = 0,
) -> Iterator[tuple[Message, ...]]:
    """Every fact's rows: `top_k` passages, the fact's own among them in `gold_share` of the rows.

    Passages are cut as a knowledge base cuts them, by `count_tokens`.
    """
    rng = random.Random(f"{seed} {language}")
    facts = {q.id: q for q in load_questions(world_dir, language) if q.kind == "fact"}
    passages = {
        (document.title, chunk.start, chunk.end): (document.title, chunk.passage)
        for document in _documents(documents_dir(world_dir, language))
        for chunk in split(document, count_tokens=count_tokens)
    }
    for id_, (user, assistant) in training_rows(world_dir, language):
        if id_ not in facts:
            continue
        fact = facts[id_]
        gold = next(
            passage
            for (title, start, end), passage in passages.items()
            if title == fact.document and start <= (fact.start or 0) < end
        )
        others = [passage for passage in passages.values() if passage != gold]
        chosen = _chosen(rng, gold, others, top_k, rng.random() < gold_share)
        yield Message("user", reading_prompt(user.content, chosen)), assistant


def _chosen(
    rng: random.Random, gold: Passage, others: Sequence[Passage], top_k: int, with_gold: bool
) -> list[Passage]:
    chosen = rng.sample(others, min(len(others), top_k - with_gold)) + [gold] * with_gold
    rng.shuffle(chosen)
    return chosen


def _documents(folder: Path) -> Iterator[Document]:
    for document in read_folder(folder):
        if isinstance(document, DocumentError):
            raise document
        yield document
