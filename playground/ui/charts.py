"""Curves as SVG that fits any width, told apart by more than colour: pure functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

_MOST_POINTS = 300
Point = tuple[float, float]


@dataclass(frozen=True)
class Series:
    """One curve: a line, or a line with its points marked. That of `other` runs is dashed."""

    name: str
    points: Sequence[Point]
    kind: Literal["line", "marked"] = "line"
    other: bool = False

    @property
    def css(self) -> str:
        return f"pg-{self.kind}" + (" pg-other" if self.other else "")


def chart(title: str, series: Sequence[Series], *, x_label: str, from_zero: bool = False) -> str:
    """The curves under their legend, which tells the last value of each."""
    drawn = [one for one in series if one.points]
    if not drawn:
        return ""
    values = [y for one in drawn for _, y in one.points] + ([0.0] if from_zero else [])
    steps = [x for one in drawn for x, _ in one.points]
    ys = _ticks(min(values), max(values), 4)
    low, high = ys[0], ys[-1]
    last = max(max(steps), 1.0)
    legend = "".join(_legend(one, title) for one in drawn)
    grid = "".join(f"<path class='pg-grid' d='M0 {_y(y, low, high)}H100'/>" for y in ys)
    curves = "".join(_curve(one, last, low, high) for one in drawn)
    y_axis = "".join(f"<span style='top:{_y(y, low, high)}%'>{y:g}</span>" for y in ys)
    x_axis = "".join(
        f"<span style='left:{100 * x / last:.1f}%'>{x:,.0f}</span>"
        for x in _ticks(0, last, 5)
        if x <= last and x == int(x)
    )
    told = "; ".join(f"{one.name}: {_span(one)}" for one in drawn)
    return (
        f"<figure class='pg-chart' role='img' aria-label='{escape(f'{title}. {told}')}'>"
        f"<figcaption><b>{escape(title)}</b>{legend}</figcaption>"
        f"<div class='pg-plot'><div class='pg-y'>{y_axis}</div>"
        "<svg viewBox='0 0 100 100' preserveAspectRatio='none' aria-hidden='true'>"
        f"{grid}{curves}</svg><div class='pg-x'>{x_axis}</div></div>"
        f"<div class='pg-axis'>{escape(x_label)}</div></figure>"
    )


def _legend(one: Series, title: str) -> str:
    sample = f"<svg class='pg-sample' viewBox='0 0 24 8'><path class='{one.css}' d='M1 4H23'/>"
    if one.kind == "marked":
        sample += "<path class='pg-dot' d='M12 4h0'/>"
    value = _number(one.points[-1][1])
    name = "" if one.name == title else escape(one.name)
    return f"<span class='pg-key'>{sample}</svg>{name} <b>{value}</b></span>"


def _span(one: Series) -> str:
    return f"{_number(one.points[0][1])} → {_number(one.points[-1][1])}"


def _curve(one: Series, last: float, low: float, high: float) -> str:
    places = [(100 * x / last, _y(y, low, high)) for x, y in _thinned(one.points)]
    line = "L".join(f"{x:.2f} {y}" for x, y in places)
    drawn = f"<path class='{one.css}' d='M{line}h0'/>"  # h0 shows a single point, too
    if one.kind == "marked":
        drawn += "".join(f"<path class='pg-dot' d='M{x:.2f} {y}h0'/>" for x, y in places)
    return drawn


def _y(value: float, low: float, high: float) -> float:
    return round(100 * (high - value) / (high - low), 2)


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    """Means of neighbours, where there are more points than can be seen."""
    size = math.ceil(len(points) / _MOST_POINTS)
    if size == 1:
        return points
    groups = [points[start : start + size] for start in range(0, len(points), size)]
    return [(group[-1][0], sum(y for _, y in group) / len(group)) for group in groups]


def _ticks(low: float, high: float, count: int) -> list[float]:
    """Round numbers from at most `low` to at least `high`."""
    rough = max((high - low) / count, abs(high) / 1000) or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999)
    first, end = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(n * step, 12) for n in range(first, max(end, first + 1) + 1)]


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) >= 0.01 else "0" if not value else f"{value:.2e}"
