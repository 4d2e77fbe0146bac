"""The one facade that the page, the API and the command line use."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from playground import answering
from playground.answering import Budget, Event
from playground.bases import Bases
from playground.engines import choice
from playground.engines.base import Engine
from playground.engines.choice import Choice
from playground.engines.fake import FakeEngine
from playground.errors import (
    AdapterError,
    EmptyQuestion,
    NoModeChosen,
    UnknownName,
)
from playground.language import language_of
from playground.models import EMBEDDED, FAKE, ModelFiles, locate, pull
from playground.modes import MODES, AskOptions, Inquiry, Mode
from playground.retrieval.threshold import least_best
from playground.settings import Settings
from playground.tuning import Tuning
from playground.turns import Turns
from playground.types import Adapter, Message, Progress, Sampling


class Playground:
    """Models, knowledge bases and adapters of one installation, wired by its Settings.

    Models are loaded when they are first needed. All methods may be called from any thread.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.bases = Bases(settings)
        self.tuning = Tuning(settings, self.bases)
        self.adapters = self.tuning.adapters
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
        yield from self.bases.prepare()

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
            _ = self.bases.embedder.dimension  # loads it, before any clock starts
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
        base = self.bases.library.get(knowledge) if needed and knowledge else None
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

    @property
    def _files(self) -> ModelFiles:
        return locate(self.settings.model, self.settings.models_dir)

    # ------------------------------------------------------------ start

    def warm_up(self) -> None:
        """Load the models and run each once, so that the first answer need not wait for it."""
        for _ in self.engine.stream((Message("user", "Hi"),), Sampling(max_tokens=1)):
            pass
        self.bases.embedder.embed(["Hi"], kind="query")
