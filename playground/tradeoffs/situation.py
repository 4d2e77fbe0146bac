"""What a user says of what is needed: four answers, and what they mean in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from playground.evaluation import Share
from playground.tradeoffs.measurement import Trial

Change = Literal["never", "monthly", "daily", "hourly"]
Size = Literal["pages", "book", "shelf", "library"]
Need = Literal["facts", "style", "both"]
Hardware = Literal["laptop", "gpu", "remote"]

TOKENS: Mapping[Size, int] = MappingProxyType(
    {"pages": 4_000, "book": 100_000, "shelf": 1_000_000, "library": 20_000_000}
)
SECONDS: Mapping[Change, float] = MappingProxyType(
    {"never": float("inf"), "monthly": 30 * 24 * 3600.0, "daily": 24 * 3600.0, "hourly": 3600.0}
)
_NO_FACTS = ("style", "unanswerable", "general")  # kinds of questions


@dataclass(frozen=True)
class Situation:
    """How often the knowledge changes, how large it is, what is wanted, and on which machine."""

    change: Change
    size: Size
    need: Need
    hardware: Hardware

    @property
    def tokens(self) -> int:
        """About how much text there is."""
        return TOKENS[self.size]

    @property
    def seconds_between(self) -> float:
        """From one change to the next; infinite if nothing changes."""
        return SECONDS[self.change]


def share_for(situation: Situation, trial: Trial, mode: str) -> Share:
    """Right answers of the kinds that are wanted; kinds of a user's own are about facts."""
    kinds = {one.kind for one in trial.measurements if one.name == "right"}
    facts = {kind for kind in kinds if kind not in _NO_FACTS}
    wanted = {"facts": facts, "style": {"style"}, "both": facts | {"style"}}[situation.need]
    return (trial.right(mode, wanted) if wanted else None) or Share(0, 0)


def seconds_an_answer(trial: Trial, mode: str) -> float:
    """Infinite if that is not known."""
    found = trial.find("seconds_to_answer", mode)
    return found.value if found else float("inf")
