"""Figures as they are read: pure functions."""

from __future__ import annotations

from datetime import datetime

from playground.evaluation import Share
from playground.evaluation.summary import Quantiles
from playground.reports.words import word
from playground.types import Language

NOTHING = "–"


def share(of: Share | None) -> str:
    """In per cent, and on a second line its counts and Wilson's interval."""
    if of is None or not of.total:
        return NOTHING
    low, high = of.interval
    return f"{of.value:.1%}\n{of.count}/{of.total} · {100 * low:.1f}–{high:.1%}"


def count(of: Share | None) -> str:
    """In per cent, and on a second line its counts."""
    if of is None or not of.total:
        return NOTHING
    return f"{of.value:.1%}\n{of.count}/{of.total}"


def number(value: float | None, form: str) -> str:
    return NOTHING if value is None else format(value, form)


def seconds(value: float) -> str:
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def both(of: Quantiles | None, form: str = "") -> str:
    """The median and the 95th percentile, seconds unless `form` says otherwise."""
    if of is None:
        return NOTHING
    return " / ".join(format(v, form) if form else seconds(v) for v in (of.p50, of.p95))


def chance(p: float) -> str:
    """A p-value."""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def when(created: float, language: Language) -> str:
    """A time in seconds since 1970 (UTC), by the clock of this machine."""
    local = datetime.fromtimestamp(created).astimezone()
    zone = f"{local:%z}"
    return word("when", language, when=f"{local:%Y-%m-%d %H:%M}", zone=f"{zone[:3]}:{zone[3:5]}")
