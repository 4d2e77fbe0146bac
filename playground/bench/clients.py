"""Several clients at once: what they get together, and how long each waits."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count

from playground.bench.figures import Figure, Goal, Spread, Step
from playground.bench.peers import OURS, Bench, Contestant, opened
from playground.bench.prompts import Messages, short_passages
from playground.bench.rounds import Timing, interleaved, timed

CLIENTS = 8
_MAX_TOKENS = 48
_ALONE = "one client"
_QUESTIONS_ALONE = 2


@dataclass(frozen=True)
class Crowd:
    """The answers that clients got, and how long all of them took together."""

    timings: tuple[Timing, ...]
    seconds: float

    @property
    def tokens_per_second(self) -> float:
        return sum(timing.completion_tokens for timing in self.timings) / self.seconds


def measure(bench: Bench) -> Iterator[Step | Figure]:
    """One client and eight in turn; no prompt comes twice."""
    yield Step("loading ours")
    numbers = count()

    def prompts(wanted: int) -> list[Messages]:
        return [short_passages(bench.settings, next(numbers)) for _ in range(wanted)]

    with opened(bench) as contestants:
        ours = contestants[OURS]
        tasks: dict[str, Callable[[int], Crowd]] = {
            OURS: lambda _: ask(ours, prompts(CLIENTS), clients=CLIENTS),
            _ALONE: lambda _: ask(ours, prompts(_QUESTIONS_ALONE), clients=1),
        }
        crowds = yield from interleaved(tasks, bench.options.rounds)
    yield from figures(crowds[OURS], crowds[_ALONE])


def ask(contestant: Contestant, prompts: Sequence[Messages], *, clients: int) -> Crowd:
    """Ask all `prompts`, each by the next of `clients` threads that is free."""

    def one(messages: Messages) -> Timing:
        return timed(contestant.stream(messages, _MAX_TOKENS, ignore_end=True))

    with ThreadPoolExecutor(clients) as pool:
        start = time.perf_counter()
        timings = tuple(pool.map(one, prompts))
        return Crowd(timings, time.perf_counter() - start)


def figures(together: Sequence[Crowd], alone: Sequence[Crowd]) -> Iterator[Figure]:
    """What all clients got a second, and how long nearly all of them waited at most."""
    rates = {
        who: Spread.of(crowd.tokens_per_second for crowd in listed)
        for who, listed in ((OURS, together), (_ALONE, alone))
    }
    timings = [timing for crowd in together for timing in crowd.timings]
    lengths = sum(timing.completion_tokens for timing in timings) / len(timings)
    yield Figure(
        "clients",
        f"{CLIENTS} clients at once, all together",
        "tokens/s",
        rates.pop(OURS),
        rates,
        (Goal("ours/peer", _ALONE, at_least=2),),
        note=f"prompts of about {timings[0].prompt_tokens} tokens, "
        f"answers of {lengths:.0f}; reading the prompts included",
    )
    yield Figure(
        "clients",
        f"{CLIENTS} clients at once, 95 % wait at most",
        "s",
        Spread.of(_percentile([t.first_seconds for t in c.timings], 0.95) for c in together),
        {_ALONE: Spread.of(t.first_seconds for c in alone for t in c.timings)},
        note="to the first token",
    )


def _percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]
