"""What an adapter costs: at its first use, at a later switch, and for every token."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from playground.app import Playground
from playground.bench.figures import Figure, Goal, LeftOut, Spread, Step
from playground.bench.parity import SHIPPED_ADAPTER
from playground.bench.peers import OURS, Bench
from playground.bench.prompts import explain
from playground.bench.rounds import Timing, interleaved, timed
from playground.bench.speed import SHORT_TOKENS, rate
from playground.engines.base import Engine
from playground.types import Adapter, Message, Sampling

_WITHOUT = "without"
_HELLO = (Message("user", "Hi"),)
_ONE_TOKEN = Sampling(max_tokens=1)


def measure(bench: Bench) -> Iterator[Step | Figure | LeftOut]:
    """An engine that never saw the adapter, then the adapter and nothing in turn."""
    yield Step("loading ours")
    playground = Playground(bench.settings)
    adapter = playground.adapters.get(bench.adapter or SHIPPED_ADAPTER)
    try:
        yield from compare(playground.engine, adapter, bench.options.rounds)
    finally:
        playground.engine.close()


def compare(engine: Engine, adapter: Adapter, rounds: int) -> Iterator[Step | Figure | LeftOut]:
    """The figures of one adapter."""
    _first_token(engine, None)
    first = _first_token(engine, adapter)
    tasks = {OURS: partial(_explain, engine, adapter), _WITHOUT: partial(_explain, engine, None)}
    timings = yield from interleaved(tasks, rounds)
    name = f"decode with the adapter {adapter.name}"
    yield rate("adapter", name, timings, (Goal("ours/peer", _WITHOUT, at_least=0.95),))
    yield Figure(
        "adapter",
        "first use of an adapter",
        "s",
        Spread.of([first]),
        goals=(Goal("ours", at_most=2),),
        note="to the first token of a short prompt, once a process",
    )
    later, without = [], []
    for _ in range(rounds):
        without.append(_first_token(engine, None))
        later.append(_first_token(engine, adapter))
    yield Figure(
        "adapter",
        "later switch to an adapter",
        "s",
        Spread.of(later),
        {_WITHOUT: Spread.of(without)},
        note="to the first token of a short prompt",
    )


def _first_token(engine: Engine, adapter: Adapter | None) -> float:
    return timed(engine.stream(_HELLO, _ONE_TOKEN, adapter)).first_seconds


def _explain(engine: Engine, adapter: Adapter | None, number: int) -> Timing:
    return timed(engine.stream(explain(number), Sampling(max_tokens=SHORT_TOKENS), adapter))
