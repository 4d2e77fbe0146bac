"""The answers of all modes to a question, side by side, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playground.evaluation import Evaluation, Marked
from playground.evaluation.plan import key
from playground.types import Question

PAGE_SIZE = 20  # questions


@dataclass(frozen=True)
class Sides:
    """A question with what each mode that is asked it said: None where that is yet to come."""

    question: Question
    answers: Mapping[str, Marked | None]

    @property
    def disagree(self) -> bool:
        """Whether one mode was right and another one wrong."""
        marks = [one.mark for one in self.answers.values() if one]
        return {True, False} <= {mark.right for mark in marks if mark}


@dataclass(frozen=True)
class Page:
    """Some of the rows: page `number`, from 0, which begins at row `first` of `total`."""

    rows: Sequence[Sides]
    number: int
    first: int
    total: int


def side_by_side(evaluation: Evaluation, answers: Sequence[Marked]) -> list[Sides]:
    """All questions of an evaluation, with the answers so far."""
    given = {(key(one.question), one.mode): one for one in answers}
    asked: dict[str, dict[str, Marked | None]] = {}
    for question, mode in evaluation.asked:
        name = key(question)
        asked.setdefault(name, {})[mode] = given.get((name, mode))
    return [
        Sides(question, asked[key(question)])
        for question in evaluation.questions
        if key(question) in asked
    ]


def page_of(rows: Sequence[Sides], number: int, *, kind: str = "", disagree: bool = False) -> Page:
    """A page of those of a kind, all if it is empty; with `disagree`, only where modes do.

    Before the first page comes the first one, after the last one the last.
    """
    kept = [row for row in rows if kind in ("", row.question.kind)]
    kept = [row for row in kept if row.disagree or not disagree]
    last = max(0, (len(kept) - 1) // PAGE_SIZE)
    number = min(max(number, 0), last)
    return Page(
        kept[number * PAGE_SIZE : (number + 1) * PAGE_SIZE], number, number * PAGE_SIZE, len(kept)
    )
