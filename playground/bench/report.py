"""Figures as the rows of a table, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from playground.bench.figures import (
    Event,
    Failed,
    Figure,
    Goal,
    LeftOut,
    Machine,
    Spread,
    Verdict,
)
from playground.bench.options import BenchOptions

HEADER = ("FIGURE", "OURS", "PEER", "COMPARED", "GOAL", "MET")
_MET = {True: "yes", False: "NO", None: ""}


@dataclass(frozen=True)
class Report:
    """What one run of the benchmark found. `engine` is ours, by its name."""

    model: str
    engine: str
    options: BenchOptions
    machine: Machine
    figures: tuple[Figure, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    failed: tuple[Failed, ...] = ()

    def with_events(self, events: Iterable[Event]) -> Report:
        """This report and what a run said."""
        listed = list(events)
        return replace(
            self,
            figures=(*self.figures, *(e for e in listed if isinstance(e, Figure))),
            left_out=(*self.left_out, *(e for e in listed if isinstance(e, LeftOut))),
            failed=(*self.failed, *(e for e in listed if isinstance(e, Failed))),
        )


def rows(figures: Sequence[Figure]) -> list[tuple[str, ...]]:
    """A row for each figure, and further ones for its second comparison and so on."""
    return [row for figure in figures for row in _rows_of(figure)]


def _rows_of(figure: Figure) -> list[tuple[str, ...]]:
    found = []
    ours = _spread(figure.ours, figure)
    for number, verdict in enumerate(figure.verdicts or (None,)):
        head = ("", "") if number else (figure.name, ours)
        found.append((*head, *(_judged(figure, verdict) if verdict else ("", "", "", ""))))
    return found


def _judged(figure: Figure, verdict: Verdict) -> tuple[str, str, str, str]:
    peer = ""
    if verdict.peer:
        spread = figure.peers.get(verdict.peer)
        peer = f"{verdict.peer} {_spread(spread, figure) if spread else 'left out'}"
    compared = "" if verdict.comparison == "ours" else verdict.label
    if compared and verdict.value is not None:
        compared += f" {verdict.value:.3g}"
    return peer, compared, _goal(verdict.goal), _MET[verdict.met]


def _spread(spread: Spread, figure: Figure) -> str:
    unit = "" if figure.unit == "share" else f" {figure.unit}"
    if len(spread.values) == 1:
        return f"{spread.median:.3g}{unit}"
    return f"{spread.median:.3g}{unit} ({spread.low:.3g}..{spread.high:.3g})"


def _goal(goal: Goal | None) -> str:
    if goal is None:
        return ""
    if goal.at_least is not None and goal.at_most is not None:
        return f"{goal.at_least:g}..{goal.at_most:g}"
    return f">= {goal.at_least:g}" if goal.at_least is not None else f"<= {goal.at_most:g}"


def head(report: Report) -> list[str]:
    """What stands above the table."""
    return [
        f"{report.model}, {report.engine}, on {_describe(report.machine)}",
        f"Medians; lowest..highest in brackets. Rounds: {report.options.rounds}.",
    ]


def remarks(report: Report) -> list[str]:
    """What the table has no room for: notes, the limits of the machine, and what is missing."""
    found = []
    for figure in report.figures:
        limits = [f"{limit.value:.3g} {limit.reckoning}" for limit in figure.limits]
        said = [figure.note, *limits] if figure.note else limits
        found += [f"{figure.name}: {text}" for text in said]
    for missing in report.left_out:
        command = f": {missing.command}" if missing.command else ""
        found.append(f"Left out: {missing.name} ({missing.reason}){command}")
    return found


def failures(report: Report) -> list[str]:
    """A line for each group that came to no end."""
    return [f"{failed.group}: {failed.error}" for failed in report.failed]


def _describe(machine: Machine) -> str:
    peaks = [f"float32 {machine.float32_gflops:,.0f} GFLOP/s"]
    if machine.bfloat16_gflops:
        peaks.append(f"bfloat16 {machine.bfloat16_gflops:,.0f} GFLOP/s")
    reads = f"reading {machine.read_gb_per_second:.1f} GB/s"
    load = f"load {machine.load:.1f} before"
    return f"{machine.processor}, {machine.cores} cores: " + ", ".join((*peaks, reads, load))


def as_json(report: Report) -> dict[str, Any]:
    """Everything that was measured, value by value."""
    return {
        "model": report.model,
        "engine": report.engine,
        "options": asdict(report.options),
        "machine": asdict(report.machine),
        "figures": [_figure_as_json(figure) for figure in report.figures],
        "left_out": [asdict(missing) for missing in report.left_out],
        "failed": [
            {"group": one.group, "error": str(one.error), "type": type(one.error).__name__}
            for one in report.failed
        ],
    }


def _figure_as_json(figure: Figure) -> dict[str, Any]:
    return {
        "group": figure.group,
        "name": figure.name,
        "unit": figure.unit,
        "ours": _spread_as_json(figure.ours),
        "peers": {name: _spread_as_json(spread) for name, spread in figure.peers.items()},
        "compared": [
            {
                "comparison": verdict.label,
                "value": verdict.value,
                "at_least": verdict.goal.at_least if verdict.goal else None,
                "at_most": verdict.goal.at_most if verdict.goal else None,
                "met": verdict.met,
            }
            for verdict in figure.verdicts
        ],
        "limits": [asdict(limit) for limit in figure.limits],
        "note": figure.note,
    }


def _spread_as_json(spread: Spread) -> dict[str, Any]:
    return {
        "median": spread.median,
        "low": spread.low,
        "high": spread.high,
        "values": list(spread.values),
    }
