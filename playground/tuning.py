"""From a recipe to a training that runs, and what came of it: for the page and the command line."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from playground.adapters import Adapters
from playground.bases import Bases
from playground.dataset import Dataset, Reason, Row, load, split
from playground.dataset.checks import Finding, check_leaks, check_rows
from playground.dataset.hub_data import HubFile, fetch_dataset
from playground.errors import ModelTooLarge
from playground.evaluation import contains
from playground.finetune import (
    Answered,
    Finished,
    Preview,
    Run,
    Runs,
    Started,
    Step,
    Stopped,
    Validation,
    preview,
)
from playground.finetune import probe as probing
from playground.finetune.advice import advise
from playground.finetune.job import QUESTIONS_FILE, Data, Job
from playground.finetune.probe import Estimate
from playground.finetune.questions import Kind, TestQuestion, load_questions
from playground.finetune.recipe import Recipe
from playground.generate.passages import with_passages
from playground.language import language_of
from playground.material import Material, bytes_of, read_questions
from playground.models import ModelFiles, locate
from playground.models.hardware import choose_device, choose_dtype
from playground.models.size import parameters_of
from playground.quota import Quota, bytes_in
from playground.settings import Settings
from playground.types import Language, Message, Progress
from playground.world import load_questions as world_questions
from playground.world import ordinary_prompts, reading_dir

_SAMPLE = 50  # rows from which the language of the data is told


@dataclass(frozen=True)
class Examination:
    """What is known before a training starts: rows as the model sees them, and warnings.

    `training_rows` and `validation_rows` are those of the split.
    """

    preview: Preview
    findings: tuple[Finding, ...]
    advice: tuple[Reason, ...]
    training_rows: int
    validation_rows: int


@dataclass(frozen=True)
class Compared:
    """One test question, before and after. A score is None where no right answer is known."""

    question: TestQuestion
    before: Answered | None
    after: Answered | None

    @property
    def before_right(self) -> bool | None:
        return self._right(self.before)

    @property
    def after_right(self) -> bool | None:
        return self._right(self.after)

    def _right(self, answered: Answered | None) -> bool | None:
        if answered is None or not self.question.answers:
            return None
        return contains(answered.answer, self.question.answers)


@dataclass(frozen=True)
class Score:
    """Of `total` test questions of a kind with known answers, how many were right."""

    kind: Kind
    total: int
    before: int
    after: int | None


@dataclass(frozen=True)
class Summary:
    """A run in one line: what it was given and what came of it, None where that is not known."""

    run: Run
    training_rows: int | None
    steps: int
    seconds: float | None
    training_loss: float | None
    validation_loss: float | None
    memory_bytes: int | None
    compared: tuple[Compared, ...]
    scores: tuple[Score, ...]


class Tuning:
    """The trainings of one installation. All methods may be called from any thread."""

    def __init__(
        self,
        settings: Settings,
        bases: Bases,
        *,
        queue_dir: Path | None = None,
        quota: Quota | None = None,
    ) -> None:
        """With a `queue_dir`, the runs wait there among others', of which nothing is seen."""
        self._quota = quota
        self._settings = settings
        self._bases = bases
        self._previewed: tuple[Any, Preview] | None = None  # the last one: other settings keep it
        self.adapters = Adapters(settings.adapter_dirs, quota=quota)
        own = settings.trained_dir if queue_dir else None
        self.runs = Runs(queue_dir or settings.runs_dir, adapters_dir=own)

    # ------------------------------------------------------------ before

    def read(self, recipe: Recipe, *, beside: Path = Path()) -> Material:
        """The files that `recipe` names, looked for in the folder `beside`.

        Raises:
            DatasetError: a file has no usable row. FileUnreadable: it cannot be read.
        """
        if recipe.form == "documents":
            dataset = self._documents(recipe.knowledge)
        else:
            dataset = load(*bytes_of(beside, recipe.rows), recipe.mapping)
        validation = questions = None
        if recipe.validation:
            validation = load(*bytes_of(beside, recipe.validation), recipe.mapping)
        if recipe.questions:
            questions = read_questions(*bytes_of(beside, recipe.questions))
        return Material(dataset, validation, questions or ())

    def fetch(self, id: str) -> HubFile:
        """The rows of a dataset of the Hub, as a file.

        Raises:
            DatasetError: it cannot be had. NotOnPublicPages: a visitor may not.
        """
        if self._quota:
            self._quota.refuse("hub")
        return fetch_dataset(id)

    def examine(self, recipe: Recipe, material: Material) -> Generator[Progress | Examination]:
        """How far it is with many rows; then what the model will see of them, and what speaks
        against starting.

        Raises:
            ModelError: the model's tokenizer cannot be loaded.
        """
        files, config = self.files_of(recipe), recipe.config
        rows = material.dataset.rows
        if material.validation:
            training, held_back = rows, material.validation.rows
        else:
            training, held_back = split(rows, config.validation_share, seed=config.seed)
        yield Examination(
            (yield from self._preview(recipe, material, files)),
            (*check_rows(rows), *check_leaks(training, held_back)),
            advise(config, rows=len(training), parameters=parameters_of(files)),
            len(training),
            len(held_back),
        )

    def estimate(self, recipe: Recipe, material: Material) -> Generator[Progress | Estimate]:
        """Time and memory of the whole training, from a few of its steps: how far they are, then
        what was found. Whoever closes the iterator ends it.

        Raises:
            ModelTooLarge, TrainingOutOfMemory: it does not fit. ProbeFailed: it cannot be trained.
            NotOnPublicPages: a visitor may not.
        """
        if self._quota:
            self._quota.refuse("estimate")
        job = self._job(recipe, material)
        self._check_size(job.files)
        return probing.estimate(job, self._data(recipe, material))

    # ------------------------------------------------------------ training

    def start(
        self, recipe: Recipe, material: Material, *, overwrite: bool = False, by_hand: bool = False
    ) -> Run:
        """Train as `recipe` says, in a process of its own, when those before it have ended.

        Raises:
            TrainingError, AdapterError, UnknownName: it cannot be; nothing is left behind.
            OverQuota, NotOnPublicPages: a visitor may not.
        """
        self._check_quota(recipe, material)
        start_from = self.adapters.get(recipe.start_from) if recipe.start_from else None
        return self.runs.start(
            self._job(recipe, material),
            self._data(recipe, material),
            start_from=start_from,
            overwrite=overwrite,
            by_hand=by_hand,
        )

    # ------------------------------------------------------------ after

    def summary(self, run: str) -> Summary:
        """A run's settings and results, and its test questions with what was answered so far."""
        found = self.runs.get(run)
        events = found.events
        started = next((e for e in events if isinstance(e, Started)), None)
        steps = [event for event in events if isinstance(event, Step)]
        exams = [event.loss for event in events if isinstance(event, Validation)]
        best = min(exams, default=None) if found.job.config.keep == "best" else None
        end = next((e for e in events if isinstance(e, Finished | Stopped)), None)
        compared = _compared(found)
        return Summary(
            found,
            training_rows=started and started.training_rows,
            steps=steps[-1].step if steps else 0,
            seconds=end.seconds if end else steps[-1].elapsed_seconds if steps else None,
            training_loss=end.training_loss if isinstance(end, Finished) else None,
            validation_loss=best if best is not None else exams[-1] if exams else None,
            memory_bytes=steps[-1].memory_bytes if steps else None,
            compared=compared,
            scores=_scores(compared),
        )

    # ------------------------------------------------------------ parts

    def files_of(self, recipe: Recipe) -> ModelFiles:
        """The files of the model that `recipe` names, or of the one that answers."""
        return locate(recipe.model or self._settings.trained_model, self._settings.models_dir)

    def _preview(
        self, recipe: Recipe, material: Material, files: ModelFiles
    ) -> Generator[Progress, None, Preview]:
        """All rows in figures; of the form "passages", only those in full have their passages.

        To search for all of them takes long.
        """
        rows, max_length = material.dataset.rows, recipe.config.max_length
        key = (rows, max_length, files)
        known = self._previewed
        if known is None or known[0] != key:
            known = key, (yield from preview(rows, max_length=max_length, files=files))
            self._previewed = known
        seen = known[1]
        if recipe.form != "passages":
            return seen
        first = replace(material.dataset, rows=rows[: len(seen.rows)])
        shown = self._data(recipe, Material(first)).rows
        found = yield from preview(shown, max_length=max_length, files=files)
        return replace(seen, rows=found.rows)

    def _job(self, recipe: Recipe, material: Material) -> Job:
        prompts = ordinary_prompts(
            reading_dir(self._settings.world_dir), _language(material.dataset.rows)
        )
        return Job(
            name=recipe.name,
            files=self.files_of(recipe),
            config=recipe.config,
            adapters_dir=self._settings.trained_dir,
            file=material.dataset.file,
            shape=material.dataset.shape,
            device=self._settings.device,
            dtype=self._settings.dtype,
            form=recipe.form,
            held_out_questions=recipe.held_out_questions,
            replay_prompts=tuple(prompts[: recipe.replay_rows]),
            processes=recipe.processes,
        )

    def _data(self, recipe: Recipe, material: Material) -> Data:
        rows: Sequence[Row] = material.dataset.rows
        validation: Sequence[Row] = material.validation.rows if material.validation else ()
        if recipe.form == "passages":
            knowledge = self._bases.library.get(recipe.knowledge)
            seed = recipe.config.seed
            rows = tuple(with_passages(rows, knowledge, seed=seed))
            validation = tuple(with_passages(validation, knowledge, seed=seed))
        general = self._general(_language(material.dataset.rows), recipe.general_questions)
        return Data(rows, validation, (*material.questions, *general))

    def _general(self, language: Language, count: int) -> tuple[TestQuestion, ...]:
        asked = world_questions(self._settings.world_dir, language)
        general = [question for question in asked if question.kind == "general"]
        return tuple(
            TestQuestion("general", (Message("user", q.question),), q.answers)
            for q in general[:count]
        )

    def _documents(self, knowledge: str) -> Dataset:
        documents = self._bases.library.get(knowledge).whole_documents()
        rows = tuple(Row(n, (), source.text) for n, source in enumerate(documents, start=1))
        reason = Reason("documents are plain text", "文档是纯文本")
        return Dataset(knowledge, "text", reason, rows, ())

    def _check_quota(self, recipe: Recipe, material: Material) -> None:
        if self._quota is None:
            return
        if recipe.model not in ("", self._settings.trained_model) or recipe.processes > 1:
            self._quota.refuse("other_models")
        config = recipe.config
        rows = len(material.dataset.rows) + recipe.replay_rows
        self._quota.check(
            row_epochs=rows * config.epochs,
            max_length=config.max_length,
            folder_bytes=bytes_in(self._settings.data_dir),
        )

    def _check_size(self, files: ModelFiles) -> None:
        device = choose_device(self._settings.device)
        parameters = parameters_of(files)
        if device.type != "cpu" or parameters is None:
            return
        needed = parameters * choose_dtype(device, self._settings.dtype).itemsize
        free = psutil.virtual_memory().available
        if needed > free:
            raise ModelTooLarge(needed=f"{needed / 1e9:.1f}", free=f"{free / 1e9:.1f}")


def _compared(run: Run) -> tuple[Compared, ...]:
    answers = {(e.phase, e.question): e for e in run.events if isinstance(e, Answered)}
    questions = load_questions(run.folder / QUESTIONS_FILE)
    return tuple(
        Compared(question, answers.get(("before", i)), answers.get(("after", i)))
        for i, question in enumerate(questions)
    )


def _scores(compared: Sequence[Compared]) -> tuple[Score, ...]:
    scored = [one for one in compared if one.before_right is not None]
    scores = []
    kinds: list[Kind] = [*dict.fromkeys(one.question.kind for one in scored)]
    for kind in kinds:
        of_kind = [one for one in scored if one.question.kind == kind]
        after = [one.after_right for one in of_kind]
        scores.append(
            Score(
                kind,
                len(of_kind),
                sum(bool(one.before_right) for one in of_kind),
                None if None in after else sum(map(bool, after)),
            )
        )
    return tuple(scores)


def _language(rows: Sequence[Row]) -> Language:
    """The language of most rows."""
    texts = (row.text or row.messages[-1].content for row in rows[:_SAMPLE])
    chinese = sum(language_of(text) == "zh" for text in texts)
    return "zh" if 2 * chinese > min(len(rows), _SAMPLE) else "en"
