"""What a training is given: in memory, and as files that the command line takes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from playground.dataset import Dataset, Row, load
from playground.dataset.hub_data import fetch_dataset
from playground.decoding import decode
from playground.errors import DatasetError
from playground.finetune.questions import TestQuestion, from_rows, typed
from playground.finetune.recipe import Recipe
from playground.readers import read_bytes


@dataclass(frozen=True)
class Material:
    """What a training is given, in memory: rows to learn, to validate with, and to ask about."""

    dataset: Dataset
    validation: Dataset | None = None
    questions: tuple[TestQuestion, ...] = ()


def read_questions(name: str, data: bytes) -> tuple[TestQuestion, ...]:
    """The test questions in a file: rows of any shape, or plain lines, with answers or without."""
    try:
        return from_rows(load(name, data).rows) or typed(decode(data) or "")
    except DatasetError:
        lines = decode(data)
        if lines is None or lines.lstrip().startswith(("{", "[")):
            raise
        return typed(lines)


def as_lines(questions: Sequence[TestQuestion]) -> str:
    """What `typed` reads. Of questions with turns before them, only the last turn."""
    return "".join(map(_as_line, questions))


def _as_line(asked: TestQuestion) -> str:
    question, *answers = (" ".join(part.split()) for part in (asked.question, *asked.answers))
    separator = "\t" if "=>" in question else " => "
    return question + (separator + " | ".join(answers) if answers else "") + "\n"


def as_json_lines(rows: Sequence[Row]) -> str:
    """What `load` reads: an object a line, with messages or with plain text."""
    contents = (
        {"text": row.text} if row.text else {"messages": [asdict(m) for m in row.messages]}
        for row in rows
    )
    return "".join(json.dumps(content, ensure_ascii=False) + "\n" for content in contents)


def as_files(recipe: Recipe, material: Material) -> dict[str, str]:
    """`recipe` and all that it names, by file name: for `playground finetune --config`."""
    files: dict[str, str] = {}
    if recipe.form != "documents":
        files["rows.jsonl"] = as_json_lines(material.dataset.rows)
    if material.validation:
        files["validation.jsonl"] = as_json_lines(material.validation.rows)
    if material.questions:
        files["questions.txt"] = as_lines(material.questions)
    named = {"rows": "rows.jsonl", "validation": "validation.jsonl", "questions": "questions.txt"}
    given = {field: name if name in files else "" for field, name in named.items()}
    recipe = replace(recipe, mapping=None, **given)
    return {"recipe.json": recipe.to_json(), **files}


def bytes_of(beside: Path, name: str) -> tuple[str, bytes]:
    """The name and the content of the file `name` in `beside`; else of a dataset of the Hub."""
    file = beside / name
    if not file.exists() and name.count("/") == 1 and not Path(name).is_absolute():
        found = fetch_dataset(name)
        return found.name, found.data
    return file.name, read_bytes(file, str(file))
