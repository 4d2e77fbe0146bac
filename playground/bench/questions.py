"""Questions whose right answers are known, each as the prompt that the product would send."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from playground import world
from playground.errors import FileUnreadable, NotSquad
from playground.modes.oracle import passage_around
from playground.modes.prompts import closed_book_messages, open_book_messages
from playground.readers import read_folder
from playground.settings import Settings
from playground.types import Adapter, Document, Language, Message, Source

_SEED = 0


@dataclass(frozen=True)
class Case:
    """One question as it is asked, and what counts as right."""

    messages: tuple[Message, ...]
    accepted: tuple[str, ...]


@dataclass(frozen=True)
class QuestionSet:
    """Questions that are scored together, and the adapter that answers them."""

    name: str
    cases: tuple[Case, ...]
    adapter: Adapter | None = None


def world_set(settings: Settings, limit: int) -> QuestionSet:
    """The built-in facts in both languages, each with its gold passage."""
    return QuestionSet("built-in facts", _sample(_world_cases(settings, None), limit))


def closed_book_set(settings: Settings, adapter: Adapter, limit: int) -> QuestionSet:
    """The built-in facts without a passage, for an adapter that knows them by heart."""
    return QuestionSet(adapter.name, _sample(_world_cases(settings, adapter), limit), adapter)


def squad_set(path: Path, limit: int) -> QuestionSet:
    """One question a paragraph of a file in the shape of SQuAD.

    Raises:
        FileUnreadable, NotSquad.
    """
    rng = random.Random(_SEED)
    try:
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        paragraphs = [p for article in articles for p in article["paragraphs"] if p["qas"]]
        cases = [_squad_case(p["context"], rng.choice(p["qas"])) for p in paragraphs]
    except OSError as error:
        raise FileUnreadable(title=str(path), reason=error.strerror or error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise NotSquad(file=str(path)) from error
    if not cases:
        raise NotSquad(file=str(path))
    return QuestionSet(path.stem, _sample(cases, limit))


def _world_cases(settings: Settings, adapter: Adapter | None) -> list[Case]:
    cases = []
    for language in get_args(Language):
        documents = _documents(settings, language)
        for question in world.load_questions(settings.world_dir, language):
            if question.kind != "fact":
                continue
            if adapter:
                messages = closed_book_messages(question.question)
            else:
                document = documents[question.document or ""]
                passage = passage_around(document.text, question.start or 0, question.end or 0)
                messages = _reading(question.question, document.title, passage)
            cases.append(Case(messages, question.answers))
    return cases


def _documents(settings: Settings, language: Language) -> dict[str, Document]:
    read = read_folder(world.documents_dir(settings.world_dir, language))
    return {document.title: document for document in read if isinstance(document, Document)}


def _squad_case(context: str, qa: dict) -> Case:
    accepted = tuple(answer["text"] for answer in qa["answers"])
    return Case(_reading(qa["question"], "", context), accepted)


def _reading(question: str, title: str, passage: str) -> tuple[Message, ...]:
    return open_book_messages(question, [Source("", title, passage, 0, len(passage))])


def _sample(cases: Sequence[Case], limit: int) -> tuple[Case, ...]:
    return tuple(random.Random(_SEED).sample(list(cases), min(limit, len(cases))))
