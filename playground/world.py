"""The built-in worlds: where their documents, questions and training rows lie."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from playground.types import Edit, Language, Message, Question

QuestionKind = Literal["fact", "whole-document", "fresh", "style", "unanswerable", "general"]

WORLD = "halden"
WORLD_ADAPTER = "halden-facts"  # knows the facts of both languages
BASE_NAMES = MappingProxyType[Language, str]({"en": "Halden Observatory", "zh": "哈尔登天文台"})


def documents_dir(world_dir: Path, language: Language) -> Path:
    """The folder of the world's documents, for `world_dir` the folder `knowledge/`."""
    return world_dir / WORLD / language / "documents"


def load_questions(world_dir: Path, language: Language) -> tuple[Question, ...]:
    """The world's example questions, in the order of their file, but those of an edit last.

    What is asked of the edited documents is asked in a row: a long prompt is then read but once.
    """
    file = world_dir / WORLD / language / "questions.jsonl"
    questions = [_question(row) for row in _json_lines(file)]
    return tuple(sorted(questions, key=lambda question: question.edit is not None))


def _question(row: dict[str, Any]) -> Question:
    document = row.pop("document")
    return Question(
        **{
            **row,
            "answers": tuple(row["answers"]),
            "documents": (document,) if document else (),
            "options": tuple(row["options"] or ()),
            "edit": row["edit"] and Edit(**row["edit"]),
        }
    )


def edited(world_dir: Path, language: Language) -> Iterator[tuple[str, bytes]]:
    """Name and content of the world's files, after the edits of all fresh questions."""
    edits = [q.edit for q in load_questions(world_dir, language) if q.edit]
    for file in sorted(documents_dir(world_dir, language).iterdir()):
        data = file.read_bytes()
        for edit in edits:
            if edit.document == file.name:
                data = edit.apply(data.decode()).encode()
        yield file.name, data


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
