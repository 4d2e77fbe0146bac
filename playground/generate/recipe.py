"""The rows that make a reader of a small model: reading, and what it says anyway."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playground.generate.reading import reading_rows
from playground.generate.replay import own_answers
from playground.models.names import ModelFiles
from playground.types import Language, Message
from playground.world import ordinary_prompts

ENGLISH_ROWS = 980
CHINESE_ROWS = 1480  # many are longer than a run's max_length, and left out


def reader_rows(
    folder: Path,
    files: ModelFiles,
    *,
    english: int = ENGLISH_ROWS,
    chinese: int = CHINESE_ROWS,
    seed: int = 0,
) -> Iterator[tuple[Message, ...]]:
    """Reading in both languages, and the base model's own answers to ordinary prompts.

    `folder` is `knowledge/reading`.

    Raises:
        TemplateError: a template is faulty. ModelError: the base model cannot be loaded.
    """
    yield from reading_rows(folder, "en", english, seed=seed)
    yield from reading_rows(folder, "zh", chinese, seed=seed)
    languages: tuple[Language, ...] = ("en", "zh")
    for language in languages:
        yield from own_answers(files, ordinary_prompts(folder, language))
