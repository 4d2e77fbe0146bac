"""The same questions while the knowledge around their answers grows, past the window."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from playground.errors import DocumentError, OverWindow
from playground.evaluation import Share
from playground.generate.documents import distractor_documents
from playground.modes.base import Knowledge
from playground.tradeoffs.ground import Ground, is_right
from playground.tradeoffs.measurement import Doing, Measurement, Missing
from playground.tradeoffs.shelf import Shelf
from playground.types import Document, Message, Question

SIZES = (1000, 2000, 4000, 8000, 16_000, 64_000)  # tokens
QUESTIONS = 2
_MOST_GOLD = 900  # tokens of the document that the questions are about

Grown = Generator[Doing | Measurement | Missing]


def growth(
    ground: Ground, modes: Sequence[str], sizes: Sequence[int] = SIZES, count: int = QUESTIONS
) -> Grown:
    """The share of right answers at each size, for long-context and rag.

    One document holds the answers, and stands in the middle; others like it, about other places,
    are added until there are so many tokens.
    """
    gold, questions = gold_document(ground, count)
    base, _ = ground.base("growing", (gold,))
    for number, (tokens, added, shelf) in enumerate(grown(ground, gold, sizes)):
        doing = Doing("growth", number, len(sizes))
        yield doing
        if "rag" in modes:
            for event in ground.scratch.add_documents("growing", added):
                if isinstance(event, DocumentError):
                    raise event
                yield doing
            yield from _asked(ground, "rag", base, questions, tokens, doing)
        if "long-context" in modes:
            yield from _asked(ground, "long-context", shelf, questions, tokens, doing)


def _asked(
    ground: Ground,
    mode: str,
    base: Knowledge,
    questions: Sequence[Question],
    tokens: int,
    doing: Doing,
) -> Grown:
    right: list[bool] = []
    for question in questions:
        try:
            right.append(is_right(question, ground.ask(question, mode, base=base)))
        except OverWindow as error:  # one prompt is as long as the other
            yield Missing("right_at_size", mode, error.text("en"), error.text("zh"), at=tokens)
            return
        yield doing
    yield Measurement.of_share("right_at_size", mode, Share.of(right), at=tokens)


def grown(
    ground: Ground, gold: Document, sizes: Sequence[int]
) -> Iterator[tuple[int, list[Document], Shelf]]:
    """For each size: the tokens there are, the documents that are new, and all of them.

    `gold` stays in the middle. New ones come next to it: how the prompt begins, a model knows.
    """
    others = distractor_documents(ground.settings.world_dir, ground.language)
    before: list[Document] = []
    after: list[Document] = []
    tokens = tokens_of(ground, gold)
    for size in sizes:
        added, more = filled(ground, others, size - tokens)
        half = len(added) // 2
        before, after, tokens = [*before, *added[:half]], [*added[half:], *after], tokens + more
        yield tokens, added, Shelf([*before, gold, *after])


def filled(ground: Ground, source: Iterator[Document], tokens: int) -> tuple[list[Document], int]:
    """Documents out of `source` that have at least so many tokens, and how many they have."""
    documents: list[Document] = []
    count = 0
    while count < tokens:
        documents.append(next(source))
        count += tokens_of(ground, documents[-1])
    return documents, count


def gold_document(ground: Ground, count: int) -> tuple[Document, list[Question]]:
    """The first short document with enough facts that are asked about."""
    facts = [q for q in ground.questions if q.kind == "fact"]
    for document in ground.documents:
        about = [q for q in facts if q.document == document.title]
        if len(about) >= count and tokens_of(ground, document) <= _MOST_GOLD:
            return document, about[:count]
    raise AssertionError(f"no short document of the world has {count} facts")


def tokens_of(ground: Ground, document: Document) -> int:
    """How much there is to read, in tokens of the model."""
    return ground.playground.engine.count_tokens((Message("user", document.text),))
