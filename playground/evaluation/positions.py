"""Where in what a mode read the answer stood, and how often it was then right.

That models use best what stands first or last is "lost in the middle" (Liu et al., 2023). Here
other questions are asked at each place, so that a difference may be theirs: the claims move the
same passage.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from playground.evaluation.marks import says
from playground.evaluation.shares import Share
from playground.evaluation.summary import Marked
from playground.types import Answer, Question, Source

Place = Literal["beginning", "middle", "end", "absent"]
PLACES: tuple[Place, ...] = get_args(Place)


def by_place(answers: Iterable[Marked]) -> dict[str, dict[Place, Share]]:
    """Mode -> place -> share of right answers, for modes that read something, in their order."""
    found: dict[str, dict[Place, list[bool]]] = {}
    for one in answers:
        if one.mark is None or one.mark.right is None or not isinstance(one.answer, Answer):
            continue
        if place := place_of(one.question, one.answer):
            found.setdefault(one.mode, {}).setdefault(place, []).append(one.mark.right)
    return {
        mode: {place: Share.of(of_mode[place]) for place in PLACES if place in of_mode}
        for mode, of_mode in found.items()
    }


def place_of(question: Question, answer: Answer) -> Place | None:
    """The third of all that was read, by characters, in which the answer stands first.

    None where nothing was read, and where it is not known to stand in one document.
    """
    sources = answer.sources
    if len(question.documents) != 1 or not question.answers or not sources:
        return None
    total, before = sum(len(source.passage) for source in sources), 0
    for source in sources:
        if source.title == question.document and says(source.passage, question.answers):
            third = int(3 * (before + _offset(question, source)) / total)
            return PLACES[min(third, 2)]
        before += len(source.passage)
    return "absent"


def _offset(question: Question, source: Source) -> float:
    """How far into the passage the answer stands, in characters; half way, if nobody knows."""
    start = question.start
    if start is not None and source.start <= start < source.end:
        return len(source.passage) - len(source.text) + start - source.start
    return len(source.passage) / 2
