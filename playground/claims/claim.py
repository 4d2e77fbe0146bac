"""A published claim, what was counted for it here, and whether that bears it out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from playground.dataset.reasons import Reason as Text
from playground.evaluation import Paired, Share

Ruling = Literal["holds", "does not hold", "not decided"]
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Count:
    """One line of evidence: a share of right answers, or any other figure with its unit."""

    label: str
    value: float
    unit: str = ""
    share: Share | None = None

    @classmethod
    def of(cls, label: str, share: Share) -> Count:
        return cls(label, share.value, share=share)

    def __str__(self) -> str:
        return f"{self.label}: {self.share or f'{self.value:,.3g}{self.unit}'}"


@dataclass(frozen=True)
class Verdict:
    """Of the claim `number`: what was found, and the counts and tests behind it."""

    number: int
    ruling: Ruling
    counts: tuple[Count, ...]
    tests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Claim:
    """`source` names the papers; `cost` says roughly what its test takes."""

    number: int
    text: Text
    source: str
    cost: Literal["answers", "documents", "trainings"]


def better(first: str, second: str, outcome: Paired) -> tuple[Ruling, str]:
    """Whether the second mode is better, by McNemar's exact test; and the test in words."""
    told = (
        f"{second} − {first}: {100 * outcome.difference:+.1f} points; only {first} "
        f"{outcome.only_first}, only {second} {outcome.only_second} of {outcome.total}; "
        f"p = {outcome.p_value:.3g}"
    )
    if outcome.p_value >= SIGNIFICANT:
        return "not decided", told
    return ("holds" if outcome.difference > 0 else "does not hold"), told


def together(rulings: Iterable[Ruling]) -> Ruling:
    """Of a claim with several parts: it holds if all do, and does not if one does not."""
    listed = list(rulings)
    if "does not hold" in listed:
        return "does not hold"
    return "holds" if listed and set(listed) == {"holds"} else "not decided"


def below(share: Share, bound: float) -> Ruling:
    """Whether a share is below `bound`, by its interval."""
    low, high = share.interval
    return "holds" if high < bound else "does not hold" if low > bound else "not decided"


def paired(first: Sequence[bool], second: Sequence[bool]) -> Paired:
    """Of two lists over the same questions."""
    return Paired.of(zip(first, second, strict=True))
