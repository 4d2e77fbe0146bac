"""Evaluations that run, in this process or another, and can go on where they stopped."""

from __future__ import annotations

import itertools
import logging
import secrets
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from playground.engines.base import Engine
from playground.errors import EvaluationBusy, NotAChoice, PlaygroundError, Unexpected
from playground.evaluation import (
    WORLD,
    Evaluation,
    Failed,
    Marked,
    Plan,
    QuestionFile,
    Records,
    load_questions,
)
from playground.evaluation import marked as mark_all
from playground.evaluation.judge import judge
from playground.evaluation.plan import key
from playground.evaluation.records import Result
from playground.pace import Pace
from playground.quota import Quota
from playground.readers import read_bytes
from playground.settings import Settings
from playground.types import Answer, Progress, Question
from playground.world import load_questions as world_questions

_log = logging.getLogger(__name__)

Ask = Callable[[Question, str, Plan], Answer]
Choose = Callable[[Question, str, Plan], int | None]
Choosing = Callable[[], AbstractContextManager[Choose]]


@dataclass(frozen=True)
class Asked:
    """One more answer of an evaluation, the `done`-th of `total`."""

    question: Question
    mode: str
    result: Result
    done: int
    total: int


@dataclass(frozen=True)
class EvaluationState:
    """How far an evaluation is: `failed` of the `done` got an error in place of an answer.

    One that runs `elsewhere`, in another process, can be stopped there alone. `seconds_left` is
    known where it runs in this one.
    """

    done: int
    total: int
    running: bool
    elsewhere: bool = False
    failed: int = 0
    seconds_left: float | None = None
    failure: PlaygroundError | None = None


class Evaluations:
    """The evaluations of one data folder. All methods may be called from any thread.

    `ask` gives the answer of one mode, `setup` says what answers. Inside the block of `choosing`,
    a mode can choose among a question's options.
    """

    def __init__(
        self,
        settings: Settings,
        ask: Ask,
        setup: Callable[[Plan], Mapping[str, str]],
        choosing: Choosing,
        *,
        quota: Quota | None = None,
    ) -> None:
        self._quota = quota
        self.records = Records(settings.evaluations_dir / "evaluations.sqlite")
        self._settings = settings
        self._ask = ask
        self._setup = setup
        self._choosing = choosing
        self._here: dict[str, _Watched] = {}
        self._looking = threading.Lock()

    # ------------------------------------------------------------ before

    def questions(self, plan: Plan, data: bytes | None = None) -> tuple[Question, ...]:
        """Those that `plan` asks, as `drawn`."""
        return self.drawn(plan, data).questions

    def drawn(self, plan: Plan, data: bytes | None = None) -> QuestionFile:
        """The questions that `plan` asks, and the rows of its file that hold none.

        `data` is what is in the file, if that is not on this machine.

        Raises:
            DatasetError, DocumentError: the file cannot be used.
            NoQuestionsLeft: there is none of a kind that is asked for.
        """
        if plan.questions == WORLD:
            folder = self._settings.world_dir
            listed = [world_questions(folder, language) for language in plan.languages]
            found = QuestionFile(tuple(itertools.chain.from_iterable(listed)), {})
        else:
            file = Path(plan.questions)
            data = read_bytes(file, plan.questions) if data is None else data
            found = load_questions(file.name, data)
        return replace(found, questions=plan.drawn(found.questions))

    def create(self, plan: Plan, questions: Sequence[Question]) -> Evaluation:
        """An evaluation that is yet to run. Raises OverQuota: a visitor may not ask so much."""
        id = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"
        made = Evaluation(id, time.time(), plan, tuple(questions), self._setup(plan))
        if self._quota:
            self._quota.check(evaluation_answers=len(made.asked))
        self.records.add(made)
        return made

    # ------------------------------------------------------------ while it runs

    def run(self, id: str) -> Generator[Asked, None, None]:
        """Ask what was not asked yet; every answer is kept at once. Leaving the iterator stops it.

        What failed is asked again. Modes take turns at each question, so that what is there at any
        time compares.

        Raises:
            UnknownName: there is none. EvaluationBusy: it runs already, here or elsewhere.
            NotAChoice: it was begun with other models than those of this process.
        """
        evaluation = self._ours(id)
        with self._alone(id):
            yield from self._ask_rest(evaluation)

    def start(self, id: str) -> None:
        """`run` in the background of this process, whoever watches.

        Raises:
            UnknownName, EvaluationBusy, NotAChoice: as `run`.
        """
        evaluation = self._ours(id)
        alone = ExitStack()
        alone.enter_context(self._alone(id))
        watched = self._here[id] = _Watched(len(evaluation.asked))
        work = (evaluation, watched, alone)
        threading.Thread(target=self._watch, args=work, daemon=True).start()

    def stop(self, id: str) -> None:
        """End one that runs in this process, after its present answer; `start` lets it go on."""
        if watched := self._here.get(id):
            watched.stopped.set()

    def state(self, id: str) -> EvaluationState:
        """How far it is. Raises UnknownName if there is none."""
        total, done = len(self.records.get(id).asked), len(self.records.done(id))
        watched = self._here.get(id)
        told = watched.state() if watched else EvaluationState(0, total, running=False)
        elsewhere = not told.running and self._is_running(id)
        return replace(
            told,
            done=done,
            running=told.running or elsewhere,
            elsewhere=elsewhere,
            failed=self.records.failed(id),
        )

    def delete(self, id: str) -> None:
        """Forget an evaluation and its answers.

        Raises:
            UnknownName: there is none. EvaluationBusy: it is running.
        """
        self.records.get(id)
        with self._alone(id):
            self.records.delete(id)
            self._here.pop(id, None)
        self._lock_file(id).unlink(missing_ok=True)

    # ------------------------------------------------------------ after

    def marked(self, id: str) -> tuple[Marked, ...]:
        """All answers so far, marked."""
        return mark_all(self.records.get(id), self.records.results(id))

    def judge(self, id: str, name: str, engine: Engine) -> Iterator[tuple[Marked, bool | None]]:
        """Let the model `name`, in `engine`, judge each answer of which a right one is known.

        What it has judged before is not asked again. An answer of which it gives no verdict, or at
        which it fails, is not scored.

        Raises:
            UnknownName: there is no such evaluation.
        """
        before = self.records.verdicts(id).get(name, {})
        for one in self.marked(id):
            place = (key(one.question), one.mode)
            if place in before or not isinstance(one.answer, Answer) or not one.question.answers:
                continue
            try:
                verdict = judge(engine, one.question, one.answer.text)
            except PlaygroundError:
                _log.warning("the judge %r failed", name, exc_info=True)
                verdict = None
            self.records.store_verdict(id, name, *place, verdict)
            yield one, verdict

    # ------------------------------------------------------------ parts

    def _ours(self, id: str) -> Evaluation:
        """The evaluation, if the models that answered so far are those that would go on."""
        evaluation = self.records.get(id)
        for name in ("model", "embedder"):
            now = getattr(self._settings, name)
            before = evaluation.setup.get(name, now)
            if now != before:
                raise NotAChoice(field=f"PLAYGROUND_{name.upper()}", value=now, choices=before)
        return evaluation

    def _ask_rest(self, evaluation: Evaluation) -> Generator[Asked, None, None]:
        id, total = evaluation.id, len(evaluation.asked)
        kept = self.records.results(id)
        answered = {pair for pair, result in kept.items() if isinstance(result, Answer)}
        done = len(answered)
        with self._choosing() as choose:
            for question, mode in evaluation.asked:
                if (key(question), mode) in answered:
                    continue
                result = self._answer(question, mode, evaluation.plan, choose)
                self.records.store(id, key(question), mode, result)
                done += 1
                yield Asked(question, mode, result, done, total)

    def _answer(self, question: Question, mode: str, plan: Plan, choose: Choose) -> Result:
        try:
            answer = self._ask(question, mode, plan)
            if plan.multiple_choice and question.options:
                answer = replace(answer, chosen=choose(question, mode, plan))
            return answer
        except PlaygroundError as error:
            return Failed.of(error)
        except Exception as error:
            _log.exception("mode %r failed", mode)
            return Failed.of(Unexpected.of(error))

    def _watch(self, evaluation: Evaluation, watched: _Watched, alone: ExitStack) -> None:
        failure: PlaygroundError | None = None
        try:
            with alone, closing(self._ask_rest(evaluation)) as answers:
                for asked in answers:
                    watched.take(asked)
                    if watched.stopped.is_set():
                        break
        except PlaygroundError as error:
            failure = error
        except Exception as error:  # nobody else would hear of it
            _log.exception("an evaluation ended with a defect")
            failure = Unexpected.of(error)
        watched.end(failure)

    def _lock_file(self, id: str) -> Path:
        return self._settings.evaluations_dir / f"{id}.lock"

    @contextmanager
    def _alone(self, id: str, *, wait: float = 0.5) -> Iterator[None]:
        self._settings.evaluations_dir.mkdir(parents=True, exist_ok=True)
        # A generator may be left in another thread than it was begun in.
        lock = FileLock(self._lock_file(id), thread_local=False)
        try:
            # Who only looks whether it is held has it for a moment.
            lock.acquire(timeout=wait, poll_interval=0.01)
        except Timeout as error:
            raise EvaluationBusy(id=id) from error
        try:
            yield
        finally:
            lock.release()

    def _is_running(self, id: str) -> bool:
        if not self._lock_file(id).exists():
            return False
        try:
            with self._looking, self._alone(id, wait=0.02):
                return False
        except EvaluationBusy:
            return True


class _Watched:
    """An evaluation that this process runs, as others may ask how it goes."""

    def __init__(self, total: int) -> None:
        self.stopped = threading.Event()
        self._total = total
        self._pace = Pace()
        self._lock = threading.Lock()
        self._running = True
        self._failure: PlaygroundError | None = None

    def take(self, asked: Asked) -> None:
        with self._lock:
            progress = Progress("ask", asked.mode, asked.done, asked.total)
            self._pace.take(progress, time.monotonic())

    def end(self, failure: PlaygroundError | None) -> None:
        with self._lock:
            self._running, self._failure = False, failure

    def state(self) -> EvaluationState:
        with self._lock:
            left = self._pace.seconds_left if self._running else None
            return EvaluationState(
                0, self._total, self._running, seconds_left=left, failure=self._failure
            )
