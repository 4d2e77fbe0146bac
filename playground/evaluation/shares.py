"""Shares of questions, with what chance may have added."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

_Z = 1.959964  # the normal distribution's 97.5 % quantile: 95 % lie within


@dataclass(frozen=True)
class Share:
    """`count` of `total`; `interval` is Wilson's (1927) at 95 %."""

    count: int
    total: int

    @classmethod
    def of(cls, outcomes: Iterable[bool]) -> Share:
        """The share of true ones."""
        listed = list(outcomes)
        return cls(sum(listed), len(listed))

    @property
    def value(self) -> float:
        """From 0 to 1; NaN of nothing."""
        return self.count / self.total if self.total else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound of the true share; (0, 1) of nothing."""
        n = self.total
        if not n:
            return 0.0, 1.0
        centre = (self.value + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = (
            _Z / (1 + _Z**2 / n) * math.sqrt(self.value * (1 - self.value) / n + (_Z / n) ** 2 / 4)
        )
        low = centre - half if self.count else 0.0  # which rounding would miss
        return low, centre + half if self.count < n else 1.0

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.3f} ({self.count}/{self.total}, {low:.3f}-{high:.3f})"
