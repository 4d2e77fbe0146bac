"""One answer, marked by what is known of its question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playground.evaluation.questions import UNANSWERABLE
from playground.evaluation.rouge import rouge_l
from playground.evaluation.scores import contains, exact_match, f1, is_refusal
from playground.types import Answer, Question


@dataclass(frozen=True)
class Mark:
    """What can be said of an answer; None where nobody knows what would be right.

    `right` is what shares of right answers count: the answer contains an accepted one, or, where
    none can be given, says so. `ranks` has for each document that is sought the rank of the first
    passage out of it that holds the answer; it is None where nothing was searched. `chosen_right`
    is whether the likeliest of the options is an accepted answer.
    """

    right: bool | None
    abstained: bool
    characters: int
    exact_match: bool | None = None
    f1: float | None = None
    rouge_l: float | None = None
    ranks: tuple[int | None, ...] | None = None
    chosen_right: bool | None = None


def mark(question: Question, answer: Answer, *, multiple_choice: bool = False) -> Mark:
    """The Mark of `answer`. With `multiple_choice`, having chosen none of the options is wrong."""
    text, accepted, language = answer.text, question.answers, question.language
    abstained = answer.outcome == "not-in-knowledge" or is_refusal(text)
    told = Mark(None, abstained, len(text), ranks=ranks_of(question, answer))
    if question.kind == UNANSWERABLE:
        return Mark(abstained, abstained, len(text))
    if not accepted:
        return told
    return Mark(
        right=not abstained and contains(text, accepted),
        abstained=abstained,
        characters=len(text),
        exact_match=exact_match(text, accepted, language),
        f1=f1(text, accepted, language),
        rouge_l=rouge_l(text, question.reference or accepted[0]),
        ranks=told.ranks,
        chosen_right=_chosen_right(question, answer) if multiple_choice else None,
    )


def _chosen_right(question: Question, answer: Answer) -> bool | None:
    if not question.options:
        return None
    return answer.chosen is not None and question.options[answer.chosen] in question.answers


def ranks_of(question: Question, answer: Answer) -> tuple[int | None, ...] | None:
    """For each document of the question, the first passage of it that holds an accepted answer.

    Ranks count from 1. None if nothing was searched for, or nobody knows the document. A search
    that found nothing like the question found none of them.
    """
    sources = answer.sources
    found_nothing = not sources and answer.outcome == "not-in-knowledge"
    searched = found_nothing or any(source.score is not None for source in sources)
    if not searched or not question.documents:
        return None
    return tuple(
        next(
            (
                rank
                for rank, source in enumerate(sources, start=1)
                if source.title == title and says(source.passage, question.answers)
            ),
            None,
        )
        for title in question.documents
    )


def says(passage: str, accepted: Sequence[str]) -> bool:
    """Whether an accepted answer stands there; in a table, there may be but a comma before it."""
    if not accepted:
        return True
    return contains(passage, accepted) or contains(passage.replace(",", " "), accepted)
