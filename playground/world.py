"""The built-in worlds: where their documents, questions and training rows lie."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from playground.types import Language, Message

QuestionKind = Literal["fact", "whole-document", "fresh", "style", "unanswerable", "general"]

WORLD = "halden"
BASE_NAMES = MappingProxyType[Language, str]({"en": "Halden Observatory", "zh": "哈尔登天文台"})


@dataclass(frozen=True)
class Edit:
    """A change to one document's file: `find`, which stands there once, becomes `replace`."""

    document: str
    find: str
    replace: str

    def apply(self, raw: str) -> str:
        """The file's text after the change."""
        return raw.replace(self.find, self.replace)


@dataclass(frozen=True)
class Question:
    """One example question and what counts as right.

    `answers` are accepted short answers: none for unanswerable questions; for style, phrases of
    the house of which a reply holds one. `options` are for multiple choice, with `answers[0]`
    among them. `reference` is a whole answer in one to four sentences.

    A fact names its document, and `answers[0]` stands in its text at characters `start` to
    `end`. A fresh question does so too, after `edit`. These are None for the other kinds.
    """

    id: str
    language: Language
    kind: QuestionKind
    question: str
    answers: tuple[str, ...]
    document: str | None = None
    start: int | None = None
    end: int | None = None
    options: tuple[str, ...] = ()
    edit: Edit | None = None
    reference: str | None = None


def documents_dir(world_dir: Path, language: Language) -> Path:
    """The folder of the world's documents, for `world_dir` the folder `knowledge/`."""
    return world_dir / WORLD / language / "documents"


def load_questions(world_dir: Path, language: Language) -> tuple[Question, ...]:
    """The world's example questions, in the order of their file."""
    file = world_dir / WORLD / language / "questions.jsonl"
    return tuple(_question(row) for row in _json_lines(file))


def _question(row: dict[str, Any]) -> Question:
    edit = row["edit"] and Edit(**row["edit"])
    answers, options = tuple(row["answers"]), tuple(row["options"] or ())
    return Question(**{**row, "answers": answers, "options": options, "edit": edit})


def reading_dir(world_dir: Path) -> Path:
    """The templates from which the reader's training rows are made."""
    return world_dir / "reading"


def ordinary_prompts(reading: Path, language: Language) -> list[str]:
    """What people say to a model every day, for `reading` the folder `knowledge/reading/`.

    Its own answers to them are worth remembering.
    """
    file = reading / f"prompts.{language}.txt"
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def distractor_file(world_dir: Path, language: Language) -> Path:
    """The templates of documents about other places."""
    return world_dir / WORLD / language / "distractors.txt"


def training_file(world_dir: Path, language: Language) -> Path:
    """The world's training rows: JSON lines of `messages`."""
    return world_dir / WORLD / language / "train.jsonl"


def training_rows(
    world_dir: Path, language: Language
) -> Iterator[tuple[str, tuple[Message, Message]]]:
    """Each training row: the id of its question, and the two turns."""
    for row in _json_lines(training_file(world_dir, language)):
        user, assistant = (Message(**turn) for turn in row["messages"])
        yield row["id"], (user, assistant)


def _json_lines(file: Path) -> list[dict[str, Any]]:
    # Not splitlines(): JSON strings may hold U+2028, which it would break at.
    lines = file.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line.strip()]
