"""The gold passage, given: what a mode could do at best if retrieval never failed."""

from __future__ import annotations

import re
from dataclasses import replace

from playground.errors import NoGoldPassage
from playground.modes.base import CountTokens, Inquiry, fit
from playground.types import Prompt, Question, Source

_PASSAGE_WORDS = 150
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")  # a Han character counts as a word


def gold_passages(inquiry: Inquiry, count_tokens: CountTokens) -> Prompt:
    """The passages of which is known that they hold the answer."""
    return fit(inquiry, inquiry.gold, count_tokens, drop=False)


def gold_of(question: Question, documents: tuple[Source, ...]) -> tuple[Source, ...]:
    """The passage around the answer in each of the question's documents.

    Raises:
        NoGoldPassage: it names none, or what they say is not an accepted answer.
    """
    found = []
    for document in documents:
        if document.title not in question.documents:
            continue
        for answer in question.answers:
            start = _place(question, document, answer)
            if start >= 0:
                passage = passage_around(document.text, start, start + len(answer))
                at = document.text.index(passage)
                span = {"text": passage, "start": at, "end": at + len(passage)}
                found.append(replace(document, **span))
                break
    if not found:
        raise NoGoldPassage(question=question.question)
    return tuple(found)


def _place(question: Question, document: Source, answer: str) -> int:
    """Where the question says that its answer stands, else where it comes first; -1 if nowhere."""
    start = question.start
    if start is not None and document.text.startswith(answer, start):
        return start
    return document.text.find(answer)


def passage_around(text: str, start: int, end: int) -> str:
    """The lines that hold characters `start` to `end`, and lines around up to about 150 words."""
    lines = text.splitlines(keepends=True)
    ends: list[int] = []
    for line in lines:
        ends.append((ends[-1] if ends else 0) + len(line))
    first = next(i for i, stop in enumerate(ends) if start < stop)
    last = next(i for i, stop in enumerate(ends) if end <= stop)
    words = [len(_WORD.findall(line)) for line in lines]
    total = sum(words[first : last + 1])
    while True:
        # The shorter neighbour first, so that the answer does not always stand in the middle.
        near = [i for i in (first - 1, last + 1) if 0 <= i < len(lines)]
        near = [i for i in near if total + words[i] <= _PASSAGE_WORDS]
        if not near:
            return "".join(lines[first : last + 1]).strip()
        chosen = min(near, key=lambda i: words[i])
        first, last = min(first, chosen), max(last, chosen)
        total += words[chosen]
