"""Long work in the background, one job a key: it goes on whoever watches, or nobody."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playground.errors import BaseBusy, DocumentError, PlaygroundError, Unexpected
from playground.pace import Pace
from playground.types import Progress

_log = logging.getLogger(__name__)

Event = Progress | DocumentError


@dataclass(frozen=True)
class JobState:
    """How far a job is, and when it is done, what came of it.

    `rate` is in units of the present step per second, over the recent past. `stored` counts the
    documents that are in; `errors` are of single files, `failure` ended the job. One that is
    `stopping` ends after what it is doing; it was `stopped` if that was not all.
    """

    progress: Progress | None = None
    errors: tuple[DocumentError, ...] = ()
    done: bool = False
    failure: PlaygroundError | None = None
    rate: float | None = None
    seconds_left: float | None = None
    stored: int = 0
    stopping: bool = False
    stopped: bool = False


class Jobs:
    """The jobs of one process. A finished one is kept until the next of its key starts."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._jobs: dict[str, _Job] = {}
        self._held: set[str] = set()

    def start(self, key: str, events: Iterable[Event]) -> None:
        """Go through `events` in the background.

        Raises:
            BaseBusy: a job of this key is running.
        """
        with self._lock:
            self._check_idle(key)
            self._jobs.pop(key, None)  # to come last in `running`
            job = self._jobs[key] = _Job()
        threading.Thread(target=self._run, args=(job, events), name="job", daemon=True).start()

    def state(self, key: str) -> JobState | None:
        """The present or last job of this key, None if there was none."""
        with self._lock:
            return self._jobs[key].state() if key in self._jobs else None

    def stop(self, key: str) -> None:
        """Let the job of this key end after what it is doing now; what is done stays."""
        with self._lock:
            if key in self._jobs:
                self._jobs[key].stopping = True

    def running(self) -> tuple[str, ...]:
        """The keys of all jobs that are running, the latest first."""
        with self._lock:
            return tuple(key for key, job in reversed(self._jobs.items()) if not job.done)

    @contextmanager
    def idle(self, key: str) -> Iterator[None]:
        """No job of this key is running inside the block; what the last one said is forgotten.

        Raises:
            BaseBusy: one is running now.
        """
        with self._lock:
            self._check_idle(key)
            self._held.add(key)
        try:
            yield
        except BaseException:
            with self._lock:
                self._held.discard(key)
            raise
        with self._lock:
            self._held.discard(key)
            self._jobs.pop(key, None)

    def _check_idle(self, key: str) -> None:
        if key in self._held or (key in self._jobs and not self._jobs[key].done):
            raise BaseBusy(name=key)

    def _run(self, job: _Job, events: Iterable[Event]) -> None:
        failure: PlaygroundError | None = None
        stopped = False
        try:
            for event in events:
                with self._lock:
                    job.take(event, self._clock())
                    stopped = job.stopping
                if stopped:
                    break
            if isinstance(events, Generator):
                events.close()
        except PlaygroundError as error:
            failure = error
        except Exception as error:  # nobody else would hear of it
            _log.exception("a job ended with a defect")
            failure = Unexpected.of(error)
        with self._lock:
            job.end(failure, stopped=stopped)


class _Job:
    """What is known of one job; whoever calls holds the lock."""

    def __init__(self) -> None:
        self.done = False
        self.stopping = False
        self._stopped = False
        self._pace = Pace()
        self._progress: Progress | None = None
        self._errors: list[DocumentError] = []
        self._failure: PlaygroundError | None = None
        self._stored = 0

    def take(self, event: Event, now: float) -> None:
        if isinstance(event, DocumentError):
            self._errors.append(event)
            return
        self._progress = event
        self._pace.take(event, now)
        if event.step == "store":
            self._stored = event.done

    def end(self, failure: PlaygroundError | None, *, stopped: bool) -> None:
        self.done, self._failure, self._stopped = True, failure, stopped

    def state(self) -> JobState:
        return JobState(
            self._progress,
            tuple(self._errors),
            self.done,
            self._failure,
            rate=None if self.done else self._pace.rate,
            seconds_left=None if self.done else self._pace.seconds_left,
            stored=self._stored,
            stopping=self.stopping and not self.done,
            stopped=self._stopped,
        )
