"""What the methods are tried on: the built-in world in one language, and what is known of it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from playground import world
from playground.app import Playground
from playground.bases import Bases
from playground.errors import DocumentError, PlaygroundError
from playground.evaluation import mark
from playground.modes import AskOptions
from playground.readers import read
from playground.retrieval import KnowledgeBase
from playground.settings import Settings
from playground.tradeoffs.scratch import scratch_folder as scratch_folder
from playground.tuning import Tuning
from playground.types import Adapter, Answer, Document, Language, Question

MAX_TOKENS = 48  # of an answer: all that are accepted are shorter
INDEXED = "documents"


@dataclass(frozen=True)
class Ground:
    """Scratch bases and trainings lie in `folder`, which the user's own lists do not show."""

    playground: Playground
    language: Language
    folder: Path
    adapter: str = world.WORLD_ADAPTER
    options: AskOptions = AskOptions(max_tokens=MAX_TOKENS)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return world.load_questions(self.settings.world_dir, self.language)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The world's, in the order of their names."""
        folder = world.documents_dir(self.settings.world_dir, self.language)
        return tuple(read(file.name, file.read_bytes()) for file in sorted(folder.iterdir()))

    @property
    def other(self) -> Ground:
        """The same in the other language."""
        return replace(self, language="en" if self.language == "zh" else "zh")

    @property
    def settings(self) -> Settings:
        return self.playground.settings

    @property
    def weights(self) -> Adapter | None:
        """The adapter, None if there is none for the model that answers."""
        try:
            found = self.playground.adapters.get(self.adapter)
        except PlaygroundError:
            return None
        return found if found.base_model == self.settings.model else None

    @cached_property
    def tuning(self) -> Tuning:
        """Trainings of which the user's list does not tell."""
        folders = {"data_dir": self.folder, "adapters_dir": self.folder / "adapters"}
        return Tuning(replace(self.settings, **folders), self.playground.bases)

    @cached_property
    def indexed(self) -> tuple[KnowledgeBase, float]:
        """A base of the world's documents, and the seconds that indexing took."""
        return self.base(INDEXED, self.documents)

    def base(self, name: str, documents: tuple[Document, ...]) -> tuple[KnowledgeBase, float]:
        """A new base of `documents`, and the seconds that indexing took."""
        self.playground.bases.embedder.embed(["warm"], kind="passage")
        library = self.scratch.library
        if name in library.names():
            library.delete(name)
        started = time.perf_counter()
        self.add(name, documents)
        return library.get(name), time.perf_counter() - started

    def add(self, base: str, documents: Iterable[Document]) -> None:
        """Put `documents` into a scratch base, in place of others with their titles."""
        for event in self.scratch.add_documents(base, documents):
            if isinstance(event, DocumentError):
                raise event

    @cached_property
    def scratch(self) -> Bases:
        """Knowledge bases of which the user's list does not tell, with the embedder in memory."""
        return self.playground.bases.beside(self.folder / "bases")

    def ask(self, question: Question, mode: str, **more: object) -> Answer:
        """The answer to `question`; see Playground.answer."""
        return self.playground.answer(question.question, mode, options=self.options, **more)  # type: ignore[arg-type]


def is_right(question: Question, answer: Answer) -> bool:
    return bool(mark(question, answer).right)
