"""Curves and dots as SVG that fits any width, told apart by more than colour: pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

_MOST_POINTS = 300
_MOST_TICKS = 9
_SHAPES = {
    "circle": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    "square": "M-4.5 -4.5h9v9h-9z",
    "triangle": "M0 -5.5L5.5 4.5H-5.5z",
    "diamond": "M0 -6L6 0L0 6L-6 0z",
}
_PERCENTS = (0, 25, 50, 75, 100)
_ASIDE = 0.9  # per cent of the width
Point = tuple[float, float]
Shape = Literal["circle", "square", "triangle", "diamond"]


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


@dataclass(frozen=True)
class Dot:
    """A share `y` from 0 to 1, which truly lies between `low` and `high`, at `x`, mostly above 0.

    `value` is what the legend says of it.
    """

    name: str
    value: str
    x: float
    y: float
    low: float
    high: float
    shape: Shape
    hollow: bool = False


@dataclass(frozen=True)
class _Axis:
    """Where in per cent of the width an x stands, and those that are marked, with their names."""

    along: Callable[[float], float]
    ticks: Sequence[tuple[float, str]]


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


def scatter(title: str, dots: Sequence[Dot], *, x_label: str) -> str:
    """Shares with their error bars over a logarithmic x, under a legend that tells the values."""
    if not dots:
        return ""
    told = "; ".join(f"{dot.name}: {dot.value}" for dot in dots)
    keys, xs = [_key(dot, dot.value) for dot in dots], [dot.x for dot in dots]
    return _plane(title, keys, told, [[dot] for dot in dots], x_label, _logarithmic(xs))


def tracks(
    title: str,
    series: Sequence[Sequence[Dot]],
    *,
    x_label: str,
    limit: tuple[str, float] | None = None,
) -> str:
    """Shares as x grows, the dots of each of `series` joined; the legend tells first and last.

    `limit` is an x that is marked, and what it is called.
    """
    drawn = [dots for dots in series if dots]
    if not drawn:
        return ""
    told = _told(drawn, lambda dot: f"{dot.x:,.0f} → {dot.value}")
    keys = [_key(dots[-1], f"{dots[0].value} → {dots[-1].value}") for dots in drawn]
    if limit:
        told += f"; {limit[0]}: {limit[1]:,.0f}"
    shown = [dot.x for dots in drawn for dot in dots] + ([limit[1]] if limit else [])
    return _plane(title, keys, told, drawn, x_label, _logarithmic(shown), limit)


def over_places(
    title: str, series: Sequence[Sequence[Dot]], *, names: Sequence[str], x_label: str
) -> str:
    """Shares at places with `names`, the dots of each of `series` joined; x is a place's number.

    Numbers count from 0. The legend tells all values.
    """
    drawn = [dots for dots in series if dots]
    if not drawn:
        return ""
    told = _told(drawn, lambda dot: f"{names[int(dot.x)]} {dot.value}")
    keys = [_key(dots[0], " → ".join(dot.value for dot in dots)) for dots in drawn]
    axis = _Axis(lambda x: round(100 * (x + 0.5) / len(names), 2), list(enumerate(names)))
    return _plane(title, keys, told, drawn, x_label, axis)


def _told(series: Sequence[Sequence[Dot]], say: Callable[[Dot], str]) -> str:
    """The same in words."""
    return "; ".join(f"{dots[0].name}: {', '.join(map(say, dots))}" for dots in series)


def _plane(
    title: str,
    keys: Sequence[str],
    told: str,
    series: Sequence[Sequence[Dot]],
    x_label: str,
    axis: _Axis,
    limit: tuple[str, float] | None = None,
) -> str:
    # What is measured at the same x stands side by side.
    aside = _ASIDE if any(len(dots) > 1 for dots in series) else 0.0
    places = [
        [(dot, round(axis.along(dot.x) + aside * (n - (len(series) - 1) / 2), 2)) for dot in dots]
        for n, dots in enumerate(series)
    ]
    grid = "".join(f"<path class='pg-grid' d='M0 {100 - y}H100'/>" for y in _PERCENTS)
    grid += "".join(f"<path class='pg-grid' d='M{axis.along(x)} 0V100'/>" for x, _ in axis.ticks)
    lines = "".join(
        f"<path class='pg-{placed[0][0].shape} pg-joined' d='M"
        + "L".join(f"{x} {_percent(dot.y)}" for dot, x in placed)
        + "'/>"
        for placed in places
        if len(placed) > 1
    )
    dots = [one for placed in places for one in placed]
    bars = "".join(
        f"<path class='pg-{dot.shape}' d='M{x} {_percent(dot.high)}V{_percent(dot.low)}'/>"
        for dot, x in dots
    )
    marks = "".join(
        _shape(dot, "pg-mark pg-at", f"left:{x}%;top:{_percent(dot.y)}%") for dot, x in dots
    )
    mark = name = ""
    if limit:
        at = axis.along(limit[1])
        mark = f"<path class='pg-limit' d='M{at} 0V100'/>"
        name = f"<span class='pg-limit' style='left:{at}%'>{escape(limit[0])}</span>"
    y_axis = "".join(f"<span style='top:{100 - y}%'>{y}%</span>" for y in _PERCENTS)
    x_axis = "".join(
        f"<span style='left:{axis.along(x)}%'>{escape(name)}</span>" for x, name in axis.ticks
    )
    return (
        f"<figure class='pg-chart' role='img' aria-label='{escape(f'{title}. {told}')}'>"
        f"<figcaption><b>{escape(title)}</b>{''.join(keys)}</figcaption>"
        f"<div class='pg-plot pg-scatter'><div class='pg-y'>{y_axis}</div>"
        "<svg viewBox='0 0 100 100' preserveAspectRatio='none' aria-hidden='true'>"
        f"{grid}{mark}{lines}{bars}</svg>{marks}{name}<div class='pg-x'>{x_axis}</div></div>"
        f"<div class='pg-axis'>{escape(x_label)}</div></figure>"
    )


def _key(dot: Dot, value: str) -> str:
    return (
        f"<span class='pg-key'>{_shape(dot, 'pg-mark')} {escape(dot.name)}"
        f" <b>{escape(value)}</b></span>"
    )


def _round(x: float) -> str:
    return f"{x / 1000:g}k" if x >= 10_000 else f"{x:,.0f}" if x >= 1 else f"{x:g}"


def _shape(dot: Dot, css: str, style: str = "") -> str:
    """A mark of its own size: the chart is stretched, and its marks must not be."""
    kind = f"pg-{dot.shape}" + (" pg-hollow" if dot.hollow else "")
    return (
        f"<svg class='{css}' style='{style}' viewBox='-8 -8 16 16' aria-hidden='true'>"
        f"<path class='{kind}' d='{_SHAPES[dot.shape]}'/></svg>"
    )


def _percent(share: float) -> float:
    return round(100 * (1 - share), 2)


def _logarithmic(values: Sequence[float]) -> _Axis:
    ticks = _decades(min(values), max(values))
    first, last = math.log10(ticks[0]), math.log10(ticks[-1])

    def along(x: float) -> float:
        return round(100 * (math.log10(x) - first) / (last - first), 2)

    return _Axis(along, [(x, _round(x)) for x in ticks])


def _decades(low: float, high: float) -> list[float]:
    """Two or more round numbers from at most `low` to at least `high`, evenly spread by ratio."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 2)
    ticks: list[float] = []
    for multiples in ((1, 2, 5), (1,)):
        steps = [m * 10.0**power for power in powers for m in multiples]
        first = max(i for i, step in enumerate(steps) if step <= low * 1.000001)
        last = min(i for i, step in enumerate(steps) if step >= high * 0.999999)
        ticks = steps[first : max(last, first + 1) + 1]
        if len(ticks) <= _MOST_TICKS:
            break
    return ticks


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
