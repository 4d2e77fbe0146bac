"""The built-in worlds: where their documents, questions and training rows lie."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from playground.types import Language

QuestionKind = Literal["fact", "whole-document", "unanswerable"]

WORLD = "halden"
BASE_NAMES = MappingProxyType[Language, str]({"en": "Halden Observatory", "zh": "哈尔登天文台"})


@dataclass(frozen=True)
class Question:
    """One example question and what counts as right.

    A fact names its document, and `answers[0]` stands there at characters `start` to `end`;
    these three are None for the other kinds. Unanswerable questions have no `answers`.
    """

    id: str
    language: Language
    kind: QuestionKind
    question: str
    answers: tuple[str, ...]
    document: str | None = None
    start: int | None = None
    end: int | None = None


def documents_dir(world_dir: Path, language: Language) -> Path:
    """The folder of the world's documents, for `world_dir` the folder `knowledge/`."""
    return world_dir / WORLD / language / "documents"


def load_questions(world_dir: Path, language: Language) -> tuple[Question, ...]:
    """The world's example questions, in the order of their file."""
    text = (world_dir / WORLD / language / "questions.jsonl").read_text(encoding="utf-8")
    # Not splitlines(): JSON strings may hold U+2028, which it would break at.
    rows = [json.loads(line) for line in text.split("\n") if line.strip()]
    return tuple(Question(**{**row, "answers": tuple(row["answers"])}) for row in rows)


def training_file(world_dir: Path, language: Language) -> Path:
    """The world's training rows: JSON lines of `messages`."""
    return world_dir / WORLD / language / "train.jsonl"
