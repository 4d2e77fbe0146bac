"""What a mode is: a way to prepare a prompt, and whether tuned weights answer it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from playground.modes.options import Overflow
from playground.modes.prompts import closed_book_messages, open_book_messages
from playground.types import Message, Prompt, Source

CountTokens = Callable[[Sequence[Message]], int]


class Knowledge(Protocol):
    """What a mode needs of a knowledge base."""

    @property
    def chunk_count(self) -> int:
        """How many passages there are."""
        ...

    def whole_documents(self) -> tuple[Source, ...]:
        """Every document, whole, in the order in which they were added."""
        ...

    def ids_of(self, titles: Iterable[str]) -> tuple[str, ...]:
        """The ids of the documents with these titles."""
        ...

    def search(
        self,
        query: str,
        *,
        top_k: int,
        min_score: float | None,
        documents: Collection[str] | None,
    ) -> tuple[Source, ...]:
        """The `top_k` passages that fit `query` best, best first.

        Of those whose `dense_score` is `min_score` or more, in the documents with these ids.
        """
        ...


@dataclass(frozen=True)
class Inquiry:
    """A question with everything that a mode may draw on.

    `room` is how many tokens a prompt may have. `overflow` says what long-context does with
    documents that do not fit: refuse the question, or drop the last ones and say so.

    `min_score` is what a passage must have as its `dense_score` to be used, `least_best` what the
    best one must have for any of them to be. `documents` are the ids of those to look in.
    `history` is what was said before the question, by the system, too.
    `gold` are passages that are known to hold the answer, which nobody but an exam knows.
    """

    question: str
    room: int
    knowledge: Knowledge | None = None
    top_k: int = 3
    overflow: Overflow = "refuse"
    min_score: float | None = None
    least_best: float | None = None
    documents: tuple[str, ...] | None = None
    gold: tuple[Source, ...] = ()
    history: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Mode:
    """Where the context comes from (`prepare`) × which weights answer (`tuned`).

    With `needs_gold`, it must be known where the answer stands.
    """

    id: str
    prepare: Callable[[Inquiry, CountTokens], Prompt]
    needs_knowledge: bool
    tuned: bool
    needs_gold: bool = False


def closed_book(inquiry: Inquiry, count_tokens: CountTokens) -> Prompt:
    """The question alone, after what was said."""
    return Prompt(closed_book_messages(inquiry.question, inquiry.history))


def fit(
    inquiry: Inquiry,
    sources: Sequence[Source],
    count_tokens: CountTokens,
    *,
    drop: bool,
    at_first: bool = False,
) -> Prompt:
    """A prompt of the question and `sources`, the last ones dropped until it fits if `drop`.

    With `at_first`, they stand before the first question of the conversation.
    """

    def prompt_of(kept: Sequence[Source]) -> tuple[Message, ...]:
        return open_book_messages(inquiry.question, kept, inquiry.history, at_first=at_first)

    kept = tuple(sources)
    messages = prompt_of(kept)
    wanted = tokens = count_tokens(messages)
    while drop and kept and tokens > inquiry.room:
        kept = kept[:-1]
        messages = prompt_of(kept)
        tokens = count_tokens(messages)
    return Prompt(messages, kept, left_out_tokens=wanted - tokens)
