"""A trial that runs in the background, whoever watches."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from types import MappingProxyType

from playground.errors import PlaygroundError, TrialBusy, Unexpected
from playground.tradeoffs.measurement import Doing, Step, Trial
from playground.types import Language

_log = logging.getLogger(__name__)

# What part of the time each step takes: of both languages, with the embedded model.
_SHARES: Mapping[Step, float] = MappingProxyType(
    {
        "prepare": 0.04,
        "index": 0.01,
        "answers": 0.45,
        "freshness": 0.16,
        "second": 0.04,
        "growth": 0.30,
    }
)
_TOLD_FROM = 0.1  # before, the pace says nothing

Measure = Callable[[Language], Generator[Doing | Trial]]


@dataclass(frozen=True)
class TrialState:
    """How the present trial goes, or what came of the last one.

    `seconds` are since its start, until its end. `trial` is the id of what was kept; it is empty
    for one that was stopped or that `failure` ended.
    """

    running: bool = False
    stopping: bool = False
    doing: Doing | None = None
    seconds: float = 0.0
    trial: str = ""
    failure: PlaygroundError | None = None

    @property
    def share(self) -> float:
        """How much of the trial is done, from 0 to 1."""
        if self.doing is None:
            return 0.0
        steps = list(_SHARES)
        before = steps[: steps.index(self.doing.step)]
        part = self.doing.done / self.doing.total if self.doing.total else 0.0
        return sum(_SHARES[step] for step in before) + part * _SHARES[self.doing.step]

    @property
    def seconds_left(self) -> float | None:
        """About how long it will go on; None until it can be told."""
        if self.share < _TOLD_FROM:
            return None
        return self.seconds * (1 - self.share) / self.share


class Measuring:
    """One trial at a time, of this process. All methods may be called from any thread."""

    def __init__(self, measure: Measure, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._measure = measure
        self._clock = clock
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._started = 0.0
        self._state = TrialState()

    def start(self, language: Language) -> None:
        """Measure in the background.

        Raises:
            TrialBusy: one runs already, here or elsewhere. Whatever else keeps it from beginning.
        """
        with self._lock:
            if self._state.running:
                raise TrialBusy
            before, self._state = self._state, TrialState(running=True)
            self._started = self._clock()
            self._stop.clear()
        events = self._measure(language)
        try:
            next(events)  # what keeps it from beginning is said now
        except BaseException:
            with self._lock:
                self._state = before
            raise
        threading.Thread(target=self._watch, args=(events,), name="trial", daemon=True).start()

    def stop(self) -> None:
        """End the present trial after its present answer; nothing is left of it."""
        with self._lock:
            if self._state.running:
                self._stop.set()
                self._state = replace(self._state, stopping=True)

    def state(self) -> TrialState:
        """How it goes."""
        with self._lock:
            if self._state.running:
                return replace(self._state, seconds=self._clock() - self._started)
            return self._state

    def _watch(self, events: Generator[Doing | Trial]) -> None:
        trial, failure = "", None
        try:
            with closing(events):
                for event in events:
                    if isinstance(event, Trial):
                        trial = event.id
                        break
                    if self._stop.is_set():
                        break
                    self._note(event)
        except PlaygroundError as error:
            failure = error
        except Exception as error:  # nobody else would hear of it
            _log.exception("a trial ended with a defect")
            failure = Unexpected.of(error)
        with self._lock:
            seconds = self._clock() - self._started
            self._state = TrialState(seconds=seconds, trial=trial, failure=failure)

    def _note(self, doing: Doing) -> None:
        with self._lock:
            self._state = replace(self._state, doing=doing)
