"""Who is here: each visitor asks for themselves, and on a public page works in a place apart."""

from __future__ import annotations

import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from playground.app import Playground
from playground.asking import Asking
from playground.comparisons import Comparisons
from playground.tradeoffs import Measuring
from playground.tradeoffs.trial import measure

_IDLE_SECONDS = 3600.0
_MOST = 200


@dataclass
class Visitor:
    """What a visitor works with. `seen` is when they were last here, by the clock of Visitors."""

    playground: Playground
    asking: Asking
    measuring: Measuring
    seen: float = 0.0


class Visitors:
    """The visitors of one process, by a key that only their browser knows.

    On a public page each has knowledge bases, trainings and adapters of their own, which begin as
    the owner's and are gone an hour after the visit, or when too many others come. Elsewhere they
    share the owner's, and only what they ask is their own.
    """

    def __init__(
        self, playground: Playground, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.host = playground
        self._measuring = _measuring(playground)
        self._kept = Comparisons(playground.settings.comparisons_file)
        self._clock = clock
        self._lock = threading.Lock()
        self._visitors: OrderedDict[str, Visitor] = OrderedDict()  # who was here last comes last
        if playground.settings.public:  # whoever was here before is gone
            self._kept.clear()

    def visitor(self, key: str) -> Visitor:
        """Whoever has this key; a new one is let in."""
        with self._lock:
            now = self._clock()
            if key not in self._visitors:
                self._visitors[key] = self._new(key)
            found = self._visitors[key]
            found.seen = now
            self._visitors.move_to_end(key)
            gone = self._leaving(now)
        for left in gone:
            self._clear(left)
        return found

    def touch(self, key: str) -> None:
        """Whoever has this key is still here."""
        with self._lock:
            if key in self._visitors:
                self._visitors[key].seen = self._clock()
                self._visitors.move_to_end(key)

    def _new(self, key: str) -> Visitor:
        playground, measuring = self.host, self._measuring
        if playground.settings.public:
            playground = playground.apart(Path(mkdtemp(prefix="playground-visitor-")))
            measuring = _measuring(playground)
        return Visitor(playground, Asking(playground, self._kept, key), measuring)

    def _leaving(self, now: float) -> list[tuple[str, Visitor]]:
        """Those whose time is over, the longest absent first."""
        gone = []
        for key, visitor in list(self._visitors.items()):
            if len(self._visitors) <= _MOST and now - visitor.seen < _IDLE_SECONDS:
                break
            gone.append((key, self._visitors.pop(key)))
        return gone

    def _clear(self, left: tuple[str, Visitor]) -> None:
        key, visitor = left
        visitor.asking.stop()
        if visitor.playground is self.host:
            return
        self._kept.forget(key)
        visitor.playground.close()
        shutil.rmtree(visitor.playground.settings.data_dir, ignore_errors=True)


def _measuring(playground: Playground) -> Measuring:
    return Measuring(lambda language: measure(playground, language))
