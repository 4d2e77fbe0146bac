"""The questions that a model is asked before its training, and again after."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from playground.dataset.rows import Row
from playground.types import Message

Kind = Literal["own", "held-out", "general"]

_SEPARATORS = ("\t", "=>", "＝＞", "⇒")


@dataclass(frozen=True)
class TestQuestion:
    """What is asked, as a prompt, and the answers of which a right one contains one, if known.

    `own` were given by the user, `held-out` come from the validation rows, and `general` have
    nothing to do with the data: they show what is forgotten.
    """

    kind: Kind
    messages: tuple[Message, ...]
    answers: tuple[str, ...] = ()

    __test__ = False  # for pytest, which takes it for a test

    @property
    def question(self) -> str:
        return self.messages[-1].content


def typed(text: str) -> tuple[TestQuestion, ...]:
    """A question a line; behind a tab or `=>`, the answer that is expected."""
    questions = []
    for line in text.splitlines():
        question, answers = line.strip(), ()
        for separator in _SEPARATORS:
            before, found, after = line.partition(separator)
            if found:
                question = before.strip()
                answers = tuple(part.strip() for part in after.split("|") if part.strip())
                break
        if question:
            questions.append(TestQuestion("own", (Message("user", question),), answers))
    return tuple(questions)


def from_rows(rows: Sequence[Row], kind: Kind = "own") -> tuple[TestQuestion, ...]:
    """The last question of each row, with all that comes before it, and its answer."""
    return tuple(
        TestQuestion(kind, row.messages[:-1], (row.messages[-1].content,))
        for row in rows
        if row.messages
    )


def sampled(rows: Sequence[Row], count: int, *, seed: int) -> tuple[TestQuestion, ...]:
    """Some of the rows that are held back, as questions."""
    asked = [row for row in rows if row.messages]
    chosen = random.Random(seed).sample(asked, min(count, len(asked)))
    return from_rows(chosen, "held-out")


def save_questions(file: Path, questions: Sequence[TestQuestion]) -> None:
    """Write `questions` as one JSON list, whole or not at all."""
    draft = file.with_suffix(".tmp")
    fields = [asdict(question) for question in questions]
    draft.write_text(json.dumps(fields, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(file)


def load_questions(file: Path) -> tuple[TestQuestion, ...]:
    """What `save_questions` wrote; none if it did not."""
    if not file.is_file():
        return ()
    return tuple(
        TestQuestion(
            fields["kind"],
            tuple(Message(**message) for message in fields["messages"]),
            tuple(fields["answers"]),
        )
        for fields in json.loads(file.read_text(encoding="utf-8"))
    )
