"""How fast long work goes, and how long it will take."""

from __future__ import annotations

from collections import deque

from playground.types import Progress

_RECENT_SECONDS = 20.0  # two or three batches on a slow processor


class Pace:
    """Of the present step of some work, over the recent past."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._recent: deque[tuple[float, int]] = deque()  # when, and how much was done

    def take(self, progress: Progress, now: float) -> None:
        """Note what was reported at `now`, in seconds of any clock."""
        if self._progress and self._progress.step != progress.step:
            self._recent.clear()
        self._progress = progress
        self._recent.append((now, progress.done))
        while len(self._recent) > 2 and self._recent[0][0] < now - _RECENT_SECONDS:
            self._recent.popleft()

    @property
    def rate(self) -> float | None:
        """Units of the step a second; None until it can be told."""
        if len(self._recent) < 2:
            return None
        (start, before), (end, now) = self._recent[0], self._recent[-1]
        return (now - before) / (end - start) if end > start and now > before else None

    @property
    def seconds_left(self) -> float | None:
        """Until the step is done; None until it can be told."""
        progress, rate = self._progress, self.rate
        if progress is None or progress.total is None or rate is None:
            return None
        return max(0, progress.total - progress.done) / rate
