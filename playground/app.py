"""The one facade that the page, the API and the command line use."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from playground import answering, world
from playground.answering import Budget, Event
from playground.engines import choice
from playground.engines.base import Engine
from playground.engines.choice import Choice
from playground.engines.fake import FakeEngine
from playground.errors import (
    AdapterError,
    DocumentError,
    EmptyQuestion,
    NoModeChosen,
    UnknownName,
)
from playground.finetune import Adapters, Dataset, Preview, Run, Runs, TrainConfig, preview
from playground.models import EMBEDDED, ModelFiles, locate, pull
from playground.modes import MODES, AskOptions, Inquiry, Mode
from playground.readers import read, read_folder
from playground.retrieval import Embedder, HashEmbedder, Library, SentenceTransformerEmbedder
from playground.settings import Settings
from playground.turns import Turns
from playground.types import Adapter, Document, Message, Progress, Sampling

FAKE = "fake"


class Playground:
    """Models, knowledge bases and adapters of one installation, wired by its Settings.

    Models are loaded when they are first needed. All methods may be called from any thread.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.adapters = Adapters(settings.adapter_dirs)
        self.runs = Runs(settings.runs_dir)
        self._loading = threading.RLock()
        self._turns = Turns()

    # ------------------------------------------------------------ models

    def pull(self) -> Iterator[Progress]:
        """Fetch and convert the models that the settings name, for the engine that runs them."""
        wanted = {self.settings.model, self.settings.embedder}
        for model in EMBEDDED:
            if model.name in wanted:
                yield from pull(model, self.settings.models_dir)
        if self.settings.model != FAKE:
            yield from choice.prepare(self._files, self.settings)
        embedder = self.embedder
        if isinstance(embedder, SentenceTransformerEmbedder):
            yield from embedder.prepare()

    @property
    def engine_choice(self) -> Choice:
        """Which engine answers, and why."""
        if self.settings.model == FAKE:
            return Choice("fake", "set")
        return choice.choose(self._files, self.settings)

    @property
    def engine(self) -> Engine:
        """The engine of the chosen model."""
        with self._loading:
            return self._engine

    @cached_property
    def _engine(self) -> Engine:
        if self.settings.model == FAKE:
            return FakeEngine()
        return choice.open_engine(self._files, self.settings)

    @property
    def library(self) -> Library:
        """The knowledge bases."""
        with self._loading:
            return self._library

    @cached_property
    def _library(self) -> Library:
        return Library(self.settings.bases_dir, self.embedder)

    @property
    def embedder(self) -> Embedder:
        """The embedder of the knowledge bases."""
        with self._loading:
            return self._embedder

    @cached_property
    def _embedder(self) -> Embedder:
        if self.settings.embedder == FAKE:
            return HashEmbedder()
        files = locate(self.settings.embedder, self.settings.models_dir)
        return SentenceTransformerEmbedder(
            files.path,
            name=self.settings.embedder,
            device=self.settings.device,
            dtype=self.settings.dtype,
            graphs_dir=None if self.settings.engine == "transformers" else self.settings.graphs_dir,
        )

    # ------------------------------------------------------------ knowledge

    def add_world(self) -> Iterator[Progress]:
        """Index the built-in knowledge bases that are not there yet."""
        for language, name in world.BASE_NAMES.items():
            if name in self.library.names():
                continue
            folder = world.documents_dir(self.settings.world_dir, language)
            for event in self.add_documents(name, read_folder(folder)):
                if isinstance(event, DocumentError):
                    raise event
                yield event

    def add_files(
        self, base: str, files: Iterable[tuple[str, bytes]]
    ) -> Iterator[Progress | DocumentError]:
        """Add uploaded (name, content) files to a knowledge base, as `add_documents` does."""
        return self.add_documents(base, (_read(name, data) for name, data in files))

    def add_documents(
        self, base: str, documents: Iterable[Document | DocumentError]
    ) -> Iterator[Progress | DocumentError]:
        """Add to a knowledge base, which is made if it is not there.

        A document that could not be read is passed on as its error; the others are added.
        """
        good: list[Document] = []
        for document in documents:
            if isinstance(document, DocumentError):
                yield document
            else:
                good.append(document)
                yield Progress("read", document.title, len(good))
        if good:
            known = base in self.library.names()
            yield from (self.library.get if known else self.library.create)(base).add(good)

    def delete_document(self, base: str, title: str) -> None:
        """Remove the document called `title` from a knowledge base."""
        knowledge = self.library.get(base)
        by_title = {info.title: info.id for info in knowledge.documents()}
        if title not in by_title:
            raise UnknownName(kind="document", name=title, available=", ".join(by_title) or "-")
        knowledge.delete(by_title[title])

    # ------------------------------------------------------------ asking

    def compare(
        self,
        question: str,
        *,
        modes: Sequence[str],
        knowledge: str | None = None,
        adapter: str | None = None,
        options: AskOptions = AskOptions(),
    ) -> Iterator[tuple[str, Event]]:
        """Ask `question` in each mode; yields (mode id, event) as answering.compare does.

        Raises:
            EmptyQuestion, NoModeChosen, UnknownName: before anything is asked.
        """
        if not question.strip():
            raise EmptyQuestion
        if not modes:
            raise NoModeChosen
        chosen = [self._mode(mode) for mode in modes]
        inquiry = self._inquiry(question.strip(), chosen, knowledge, options)
        if inquiry.knowledge:
            _ = self.embedder.dimension  # loads it, before any clock starts
        tuned = any(mode.tuned for mode in chosen)
        weights = self._adapter(adapter) if tuned and adapter else None
        turn = self._turns.alone if options.clock == "fair" else self._turns.together
        sampling = options.sampling
        return answering.compare(self.engine, chosen, inquiry, sampling, weights, turn=turn)

    def budget(
        self, question: str, *, mode: str, knowledge: str, options: AskOptions = AskOptions()
    ) -> Budget:
        """What `question` would take of the window in `mode`, before it is sent."""
        chosen = self._mode(mode)
        inquiry = self._inquiry(question, [chosen], knowledge, options)
        return answering.budget(self.engine, chosen, inquiry, options.sampling)

    def _inquiry(
        self, question: str, modes: Sequence[Mode], knowledge: str | None, options: AskOptions
    ) -> Inquiry:
        needed = any(mode.needs_knowledge for mode in modes)
        base = self.library.get(knowledge) if needed and knowledge else None
        room = self.engine.context_window - options.max_tokens
        return Inquiry(question, room, base, options.top_k, options.overflow)

    def _adapter(self, name: str) -> Adapter | AdapterError:
        """A broken adapter is no reason for the modes without one not to answer."""
        try:
            return self.adapters.get(name)
        except AdapterError as error:
            return error

    @staticmethod
    def _mode(mode: str) -> Mode:
        if mode not in MODES:
            raise UnknownName(kind="mode", name=mode, available=", ".join(MODES))
        return MODES[mode]

    # ------------------------------------------------------------ training

    def train(
        self,
        name: str,
        dataset: Dataset,
        config: TrainConfig = TrainConfig(),
        *,
        start_from: str | None = None,
        overwrite: bool = False,
    ) -> Run:
        """Start training the adapter `name` on `dataset`, in a process of its own.

        With `start_from`, from what the adapter of that name has learned.
        """
        return self.runs.start(
            name,
            dataset,
            config,
            files=self._files,
            adapters_dir=self.settings.trained_dir,
            device=self.settings.device,
            dtype=self.settings.dtype,
            start_from=self.adapters.get(start_from) if start_from else None,
            overwrite=overwrite,
        )

    def preview(self, dataset: Dataset, config: TrainConfig = TrainConfig()) -> Preview:
        """What the model will see of `dataset`."""
        return preview(dataset.rows, config, files=self._files)

    @property
    def _files(self) -> ModelFiles:
        return locate(self.settings.model, self.settings.models_dir)

    # ------------------------------------------------------------ start

    def warm_up(self) -> None:
        """Load the models and run each once, so that the first answer need not wait for it."""
        for _ in self.engine.stream((Message("user", "Hi"),), Sampling(max_tokens=1)):
            pass
        self.embedder.embed(["Hi"], kind="query")


def _read(name: str, data: bytes) -> Document | DocumentError:
    try:
        return read(name, data)
    except DocumentError as error:
        return error
