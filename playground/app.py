"""The one facade that the page, the API and the command line use."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from playground import answering
from playground.answering import Budget, Event
from playground.bases import Bases
from playground.engines.base import Engine, Scorer
from playground.engines.choice import Choice
from playground.engines.room import EngineRoom
from playground.errors import (
    AdapterError,
    EmptyQuestion,
    NoAdapterChosen,
    NoModeChosen,
    UnknownName,
)
from playground.evaluating import Choose, Evaluations
from playground.evaluation import Plan
from playground.evaluation.options import chosen as likeliest
from playground.language import language_of
from playground.machine import described_machine
from playground.models import EMBEDDED, pull
from playground.modes import EXAM_MODES, MODES, AskOptions, Inquiry, Mode
from playground.modes.base import Knowledge
from playground.modes.oracle import gold_of
from playground.quota import Quota
from playground.remote import Remote
from playground.retrieval import KnowledgeBase
from playground.retrieval.threshold import least_best
from playground.settings import Settings
from playground.tuning import Tuning
from playground.types import Adapter, Answer, Message, Progress, Question, Sampling, Source
from playground.votes import Votes
from playground.world import BASE_NAMES


class Playground:
    """Models, knowledge bases and adapters of one installation, wired by its Settings.

    Models are loaded when they are first needed. All methods may be called from any thread.
    """

    def __init__(
        self, settings: Settings, *, host: Playground | None = None, quota: Quota | None = None
    ) -> None:
        """With a `host`, its models answer here, too, and its queue of trainings is waited in.

        Without a `quota`, nothing is limited.
        """
        self.settings = settings
        self.quota = quota
        self.bases = Bases(settings, host=host.bases if host else None, quota=quota)
        queue_dir = host and host.settings.runs_dir
        self.tuning = Tuning(settings, self.bases, queue_dir=queue_dir, quota=quota)
        self.adapters = self.tuning.adapters
        self.evaluations = Evaluations(
            settings, self.examine, self._setup, self.choosing, quota=quota
        )
        self.votes = host.votes if host else Votes(settings.votes_file)
        self._room = host._room if host else EngineRoom(settings)

    def apart(self, folder: Path) -> Playground:
        """One for a visitor of a public page: with these models and knowledge bases, all that
        changes in `folder`, and a quota. Trainings of all wait in one queue.
        """
        settings = replace(self.settings, data_dir=folder, adapters_dir=folder / "adapters")
        if self.settings.bases_dir.is_dir():
            shutil.copytree(self.settings.bases_dir, settings.bases_dir)
        return Playground(settings, host=self, quota=Quota())

    def close(self) -> None:
        """End and forget the trainings; of a visitor who is gone, nobody will use them."""
        self.tuning.runs.clear()

    # ------------------------------------------------------------ models

    def pull(self) -> Iterator[Progress]:
        """Fetch and convert the models that the settings name, for the engine that runs them."""
        wanted = {self.settings.trained_model, self.settings.embedder}
        for model in EMBEDDED:
            if model.name in wanted:
                yield from pull(model, self.settings.models_dir)
        yield from self._room.prepare()
        yield from self.bases.prepare()

    @property
    def engine_choice(self) -> Choice:
        """Which engine answers, and why."""
        return self._room.choice

    @property
    def engine(self) -> Engine:
        """The engine of the chosen model."""
        return self._room.engine

    @property
    def scorer(self) -> Scorer:
        """The engine, if it can score; else a second one of the same model that can."""
        return self._room.scorer

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
        histories: Mapping[str, Sequence[Message]] = {},
        stop: Sequence[str] = (),
        remote: Remote | None = None,
    ) -> Generator[tuple[str, Event], None, None]:
        """Ask `question` in each mode; yields (mode id, event) as answering.compare does.

        `documents` are the titles of those to look in, all if there are none. `histories` are
        what was said before, by mode; an answer ends before the first of the strings `stop`. A
        `remote` model answers instead of ours.

        Raises:
            EmptyQuestion, NoModeChosen, UnknownName: before anything is asked.
        """
        if not question.strip():
            raise EmptyQuestion
        if not modes:
            raise NoModeChosen
        chosen = [self._mode(mode) for mode in modes]
        engine = self._room.of(remote)
        base = self._base(chosen, knowledge)
        inquiry = self._inquiry(question.strip(), base, options, engine)
        if inquiry.knowledge and documents:
            inquiry = replace(inquiry, documents=inquiry.knowledge.ids_of(documents))
        if inquiry.knowledge:
            _ = self.bases.embedder.dimension  # loads it, before any clock starts
        tuned = any(mode.tuned for mode in chosen)
        weights = self._adapter(adapter, remote) if tuned and adapter else None
        turn = nullcontext if remote else self._turn(options)  # it takes nothing of this machine
        sampling = replace(options.sampling, stop=tuple(stop))
        return answering.compare(
            engine, chosen, inquiry, sampling, weights, histories=histories, turn=turn
        )

    def answer(
        self,
        question: str,
        mode: str,
        *,
        base: Knowledge | None = None,
        adapter: Adapter | AdapterError | None = None,
        options: AskOptions = AskOptions(),
        gold: tuple[Source, ...] = (),
    ) -> Answer:
        """One mode's answer, with a knowledge base and an adapter in hand; those of exams, too.

        Raises:
            Whatever kept it from being given.
        """
        chosen = EXAM_MODES[mode]
        _ = self.bases.embedder.dimension  # loads it, before any clock starts
        inquiry = replace(self._inquiry(question, base, options), gold=gold)
        turn, sampling = self._turn(options), options.sampling
        *_, last = answering.answer(self.engine, chosen, inquiry, sampling, adapter, turn=turn)
        assert isinstance(last, Answer)
        return last

    def examine(self, question: Question, mode: str, plan: Plan) -> Answer:
        """The answer of one mode to a question of an evaluation.

        Of a fresh question, the built-in base is asked as it is after all of their edits.

        Raises:
            Whatever kept it from being given.
        """
        base, gold, adapter = self._exam(question, mode, plan)
        return self.answer(
            question.question, mode, base=base, adapter=adapter, options=plan.options, gold=gold
        )

    def choose(self, question: Question, mode: str, plan: Plan) -> int | None:
        """The place of the option that one mode finds likeliest, asked as in `examine`.

        None if there are no options, or the mode found nothing to ask about.

        Raises:
            Whatever kept it from being known.
        """
        base, gold, adapter = self._exam(question, mode, plan)
        _ = self.bases.embedder.dimension  # loads it, before any clock starts
        inquiry = replace(self._inquiry(question.question, base, plan.options), gold=gold)
        scorer = self.scorer
        with self._turn(plan.options)():
            prompt = EXAM_MODES[mode].prepare(inquiry, self.engine.count_tokens)
            if not question.options or prompt.outcome == "not-in-knowledge":
                return None
            return likeliest(scorer.score(prompt.messages, question.options, adapter))

    @contextmanager
    def choosing(self) -> Iterator[Choose]:
        """`choose`; a second engine that was loaded for it is given back in the end."""
        try:
            yield self.choose
        finally:
            self._room.give_back_scorer()

    def _exam(
        self, question: Question, mode: str, plan: Plan
    ) -> tuple[KnowledgeBase | None, tuple[Source, ...], Adapter | None]:
        """What a mode needs for a question: the base, the gold passages and the weights."""
        asked, base, gold = EXAM_MODES[mode], None, ()
        if asked.needs_knowledge:
            base = (
                self.bases.edited_world(question.language)
                if question.edit
                else self.bases.library.get(plan.knowledge or BASE_NAMES[question.language])
            )
        if asked.needs_gold and base:
            gold = gold_of(question, base.whole_documents())
        if not asked.tuned:
            return base, gold, None
        if not plan.adapter:
            raise NoAdapterChosen(mode=mode)
        return base, gold, self.tuned(plan.adapter)

    def budget(
        self,
        question: str,
        *,
        mode: str,
        knowledge: str,
        options: AskOptions = AskOptions(),
        remote: Remote | None = None,
    ) -> Budget:
        """What `question` would take of the window in `mode`, before it is sent."""
        engine = self._room.of(remote)
        chosen = self._mode(mode)
        inquiry = self._inquiry(question, self._base([chosen], knowledge), options, engine)
        return answering.budget(engine, chosen, inquiry, options.sampling)

    def _base(self, modes: Sequence[Mode], knowledge: str | None) -> KnowledgeBase | None:
        needed = any(mode.needs_knowledge for mode in modes)
        return self.bases.library.get(knowledge) if needed and knowledge else None

    def _turn(self, options: AskOptions) -> answering.Turn:
        return self._room.turns.alone if options.clock == "fair" else self._room.turns.together

    def _setup(self, plan: Plan) -> dict[str, str]:
        """What an evaluation ran on, for its report."""
        return {
            "model": self.settings.model,
            "engine": self.engine_choice.text("en"),
            "embedder": self.settings.embedder,
            "adapter": plan.adapter,
            **described_machine(),
        }

    def _inquiry(
        self,
        question: str,
        base: Knowledge | None,
        options: AskOptions,
        engine: Engine | None = None,
    ) -> Inquiry:
        measured = options.min_score < 0
        return Inquiry(
            question,
            room=(engine or self.engine).context_window - options.max_tokens,
            knowledge=base,
            top_k=options.top_k,
            overflow=options.overflow,
            min_score=None if measured else options.min_score,
            least_best=least_best(self.settings.embedder, language_of(question))
            if measured
            else None,
        )

    def _adapter(self, name: str, remote: Remote | None) -> Adapter | AdapterError:
        """A broken adapter is no reason for the modes without one not to answer."""
        try:
            return self.tuned(name, remote)
        except AdapterError as error:
            return error

    def tuned(self, name: str, remote: Remote | None = None) -> Adapter:
        """The adapter `name`; where a server answers, also the id of a tuned model of its own.

        Raises:
            AdapterError: there is none that can be used.
        """
        names = {adapter.name for adapter in self.adapters.list()}
        if (remote or self.settings.base_url) and name not in names:
            return Adapter(name, Path(), self.settings.model, r=0, is_local=False)
        return self.adapters.get(name)

    @staticmethod
    def _mode(mode: str) -> Mode:
        if mode not in MODES:
            raise UnknownName(kind="mode", name=mode, available=", ".join(MODES))
        return MODES[mode]

    # ------------------------------------------------------------ start

    def warm_up(self) -> None:
        """Load the models and run each once, so that the first answer need not wait for it."""
        for _ in self.engine.stream((Message("user", "Hi"),), Sampling(max_tokens=1)):
            pass
        self.bases.embedder.embed(["Hi"], kind="query")
