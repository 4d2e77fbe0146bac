"""How fast long work goes, and how long it will take."""

from __future__ import annotations

from collections import deque

from playground.types import Progress

_RECENT_SECONDS = 20.0  # two or three batches on a slow processor
_POINTS = 4  # to tell how the cost grows


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


class ReadingPace:
    """How long a model will read a prompt, of which each token takes longer than the one before.

    A token attends to all that stand before it, so that its cost grows by the same for each.
    """

    def __init__(self) -> None:
        self._points: list[tuple[float, int]] = []  # when, and how many tokens were read

    def seconds_left(self, read: int, total: int, now: float) -> float | None:
        """Until `total` tokens are read, if `read` are at `now`; None until it can be told."""
        if self._points and read <= self._points[-1][1]:  # less was known beforehand than was said
            self._points.clear()
        self._points.append((now, read))
        if len(self._points) < _POINTS:
            return None
        middle = self._points[len(self._points) // 2]
        before, at_before = _cost(self._points[0], middle)
        lately, at_lately = _cost(middle, self._points[-1])
        growth = max(0.0, (lately - before) / (at_lately - at_before))
        return (total - read) * (lately + growth * ((read + total) / 2 - at_lately))


def _cost(start: tuple[float, int], end: tuple[float, int]) -> tuple[float, float]:
    """Seconds a token between two points, and the place of the token that cost as much."""
    return (end[0] - start[0]) / (end[1] - start[1]), (start[1] + end[1]) / 2
