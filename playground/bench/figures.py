"""What a benchmark says: figures with their goals and limits, and what was left out."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from playground.errors import PlaygroundError

Unit = Literal["s", "tokens/s", "passages/s", "share", "GB"]
Comparison = Literal["ours", "ours/peer", "peer/ours", "ours-peer"]

# How a peer is compared where no goal says so: more is better for us, but for shares.
_USUAL: Mapping[Unit, Comparison] = {
    "s": "peer/ours",
    "tokens/s": "ours/peer",
    "passages/s": "ours/peer",
    "share": "ours-peer",
    "GB": "peer/ours",
}


@dataclass(frozen=True)
class Spread:
    """What was measured, a value a time."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """The spread of at least one value.

        Raises:
            ValueError: there is none.
        """
        listed = tuple(values)
        if not listed:
            raise ValueError("nothing was measured")
        return cls(listed)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def low(self) -> float:
        return min(self.values)

    @property
    def high(self) -> float:
        return max(self.values)


@dataclass(frozen=True)
class Goal:
    """What a comparison of medians should come to; `peer` is None for our value alone."""

    comparison: Comparison
    peer: str | None = None
    at_least: float | None = None
    at_most: float | None = None

    def is_met(self, value: float) -> bool:
        """Whether `value` is within the bounds, which are part of it."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True)
class Limit:
    """What the machine allows at best, and by which reckoning."""

    value: float
    reckoning: str


@dataclass(frozen=True)
class Verdict:
    """A comparison of medians. `value` is None where the peer was left out, `met` without goal."""

    comparison: Comparison
    peer: str | None
    value: float | None
    goal: Goal | None

    @property
    def met(self) -> bool | None:
        if self.goal is None or self.value is None:
            return None
        return self.goal.is_met(self.value)

    @property
    def label(self) -> str:
        """The comparison in words: "llama.cpp/ours"."""
        return self.comparison.replace("peer", self.peer or "")


@dataclass(frozen=True)
class Figure:
    """One thing that was measured of us and, where they were there, of the peers."""

    group: str
    name: str
    unit: Unit
    ours: Spread
    peers: Mapping[str, Spread] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    limits: tuple[Limit, ...] = ()
    note: str = ""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every goal, then every peer that no goal names."""
        judged = [Verdict(g.comparison, g.peer, self._compare(g), g) for g in self.goals]
        named = {goal.peer for goal in self.goals}
        usual = _USUAL[self.unit]
        others = [Goal(usual, peer) for peer in self.peers if peer not in named]
        return (*judged, *(Verdict(g.comparison, g.peer, self._compare(g), None) for g in others))

    def _compare(self, goal: Goal) -> float | None:
        if goal.comparison == "ours":
            return self.ours.median
        if goal.peer is None or goal.peer not in self.peers:
            return None
        ours, theirs = self.ours.median, self.peers[goal.peer].median
        if goal.comparison == "ours-peer":
            return ours - theirs
        above, below = (ours, theirs) if goal.comparison == "ours/peer" else (theirs, ours)
        return above / below if below else None


@dataclass(frozen=True)
class Machine:
    """Measured by torch: matrix multiplication in GFLOP/s, reading memory in GB/s.

    `bfloat16_gflops` is None where the processor has no instructions for it.
    """

    processor: str
    cores: int
    float32_gflops: float
    bfloat16_gflops: float | None
    read_gb_per_second: float
    load: float  # processes that wanted a core in the minute before


@dataclass(frozen=True)
class LeftOut:
    """A peer, or a value, that is missing, why, and the command that would change that."""

    name: str
    reason: str
    command: str = ""


@dataclass(frozen=True)
class Step:
    """What is being done now."""

    text: str


@dataclass(frozen=True)
class Failed:
    """A group that came to no end; the others go on."""

    group: str
    error: PlaygroundError


Event = Step | Figure | LeftOut | Failed
