"""Taking the time of contestants in turn, all with the same clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from playground.bench.figures import Step
from playground.errors import Unexpected
from playground.types import Delta, Reading, Streamed

T = TypeVar("T")
Clock = Callable[[], float]


@dataclass(frozen=True)
class Timing:
    """One answer and what it took, from before it was asked for."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    first_seconds: float
    total_seconds: float

    @property
    def tokens_per_second(self) -> float | None:
        """Of the tokens after the first; None for fewer than two."""
        seconds = self.total_seconds - self.first_seconds
        later = self.completion_tokens - 1
        return later / seconds if seconds > 0 < later else None


def timed(events: Iterable[Streamed], *, clock: Clock = time.perf_counter) -> Timing:
    """Read a stream that has not begun to its end, and take the time."""
    start = clock()
    first: float | None = None
    pieces: list[str] = []
    for event in events:
        if isinstance(event, Reading):
            continue
        if isinstance(event, Delta):
            first = clock() - start if first is None else first
            pieces.append(event.text)
            continue
        total = clock() - start
        return Timing(
            text="".join(pieces),
            prompt_tokens=event.prompt_tokens,
            completion_tokens=event.completion_tokens,
            cached_tokens=event.cached_tokens,
            first_seconds=total if first is None else first,
            total_seconds=total,
        )
    raise Unexpected(reason="a contestant ended without a Finish")


def interleaved(
    tasks: Mapping[str, Callable[[int], T]], rounds: int, *, rotate: bool = True
) -> Generator[Step, None, dict[str, list[T]]]:
    """Each task once a round, with the round's number from 0; their results by name.

    What the machine does beside slows all of them alike, and each round begins with another one
    (if `rotate`: else the later ones may go by what the first did).
    """
    results: dict[str, list[T]] = {name: [] for name in tasks}
    names = list(tasks)
    for number in range(rounds):
        turn = number % len(names) if rotate else 0
        for name in names[turn:] + names[:turn]:
            yield Step(f"round {number + 1} of {rounds}: {name}")
            results[name].append(tasks[name](number))
    return results
