"""How much memory the program takes while something is done."""

from __future__ import annotations

import threading
from types import TracebackType

import psutil

_INTERVAL_SECONDS = 0.25  # each look takes some milliseconds from the model


class PeakMemory:
    """The most that this process and those that it started had in memory inside the block.

    That is the sum of their resident pages, looked at four times a second: what two of them share
    counts twice, and the memory of a GPU is not in it.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="peak memory", daemon=True)

    def __enter__(self) -> PeakMemory:
        self.bytes = resident_bytes()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_INTERVAL_SECONDS):
            self.bytes = max(self.bytes, resident_bytes())


def resident_bytes() -> int:
    """What this process and those that it started have in memory now."""
    me = psutil.Process()
    total = 0
    for process in (me, *me.children(recursive=True)):
        try:
            total += process.memory_info().rss
        except psutil.Error:  # it has just ended
            continue
    return total
