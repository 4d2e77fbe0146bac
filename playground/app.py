"""The one facade that the page, the API and the command line use."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from playground import answering, world
from playground.answering import Budget, Event
from playground.engines import choice
from playground.engines.base import Engine
from playground.engines.choice import Choice
from playground.engines.fake import FakeEngine
from playground.errors import (
    AdapterError,
    BaseOutdated,
    DocumentError,
    EmbedderChanged,
    EmptyQuestion,
    NoModeChosen,
    UnknownName,
)
from playground.finetune import Adapters, Dataset, Preview, Run, Runs, TrainConfig, preview
from playground.jobs import Jobs
from playground.language import language_of
from playground.models import EMBEDDED, ModelFiles, locate, pull
from playground.modes import MODES, AskOptions, Inquiry, Mode
from playground.readers import title_of
from playground.retrieval import Embedder, HashEmbedder, Library, SentenceTransformerEmbedder, files
from playground.retrieval.threshold import least_best
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
        self.jobs = Jobs()
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
        """Index the built-in knowledge bases that are not there yet, or are empty."""
        for language, name in world.BASE_NAMES.items():
            if name in self.library.names():
                try:
                    if self.library.get(name).documents():
                        continue
                except (EmbedderChanged, BaseOutdated):  # nobody made it, so nobody must be asked
                    yield from self.library.rebuild(name)
                    continue
            folder = world.documents_dir(self.settings.world_dir, language)
            for event in self.add_paths(name, [folder]):
                if isinstance(event, DocumentError):
                    raise event
                yield event

    def add_documents(self, base: str, documents: Iterable[Document]) -> Iterator[files.Event]:
        """Add texts to a knowledge base, which is made if it is not there."""
        return files.add_documents(self.library, base, documents)

    def add_files(self, base: str, uploads: Iterable[files.File]) -> Iterator[files.Event]:
        """Add uploaded (name, content) files, as `add_documents` does; archives file by file."""
        named = ((title_of(name), data) for name, data in uploads)
        return files.add_files(self.library, base, named)

    def add_paths(self, base: str, paths: Iterable[Path]) -> Iterator[files.Event]:
        """Add files and folders of this machine, as `add_documents` does."""
        return files.add_paths(self.library, base, paths)

    def watch(
        self, base: str, folder: Path, *, stop: threading.Event | None = None
    ) -> Iterator[files.Event | None]:
        """Keep a knowledge base as `folder` is; None whenever it is."""
        return files.watch(self.library, base, folder, stop=stop)

    def delete_document(self, base: str, title: str) -> None:
        """Remove the document called `title` from a knowledge base."""
        knowledge = self.library.get(base)
        knowledge.delete(*knowledge.ids_of([title]))

    def index(self, base: str, events: Iterable[files.Event]) -> None:
        """Let what `add_…` or `Library.rebuild` yields happen now; `jobs.state(base)` tells of it.

        Raises:
            BaseBusy: something is being done to the base already.
        """
        self.jobs.start(base, events)

    def rename_base(self, base: str, new_name: str) -> str:
        """As Library.rename, with the name as it is kept; raises BaseBusy while it is worked on."""
        with self.jobs.idle(base):
            before = self.library.names()
            self.library.rename(base, new_name)
            return next((name for name in self.library.names() if name not in before), base)

    def delete_base(self, base: str) -> None:
        """As Library.delete; raises BaseBusy while the base is being worked on."""
        with self.jobs.idle(base):
            self.library.delete(base)

    # ------------------------------------------------------------ asking

    def compare(
        self,
        question: str,
        *,
        modes: Sequence[str],
        knowledge: str | None = None,
        adapter: str | None = None,
        documents: Sequence[str] = (),
        options: AskOptions = AskOptions(),
    ) -> Iterator[tuple[str, Event]]:
        """Ask `question` in each mode; yields (mode id, event) as answering.compare does.

        `documents` are the titles of those to look in, all if there are none.

        Raises:
            EmptyQuestion, NoModeChosen, UnknownName: before anything is asked.
        """
        if not question.strip():
            raise EmptyQuestion
        if not modes:
            raise NoModeChosen
        chosen = [self._mode(mode) for mode in modes]
        inquiry = self._inquiry(question.strip(), chosen, knowledge, options)
        if inquiry.knowledge and documents:
            inquiry = replace(inquiry, documents=inquiry.knowledge.ids_of(documents))
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
        measured = options.min_score < 0
        return Inquiry(
            question,
            room=self.engine.context_window - options.max_tokens,
            knowledge=base,
            top_k=options.top_k,
            overflow=options.overflow,
            min_score=None if measured else options.min_score,
            least_best=least_best(self.settings.embedder, language_of(question))
            if measured
            else None,
        )

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
