"""How much memory the playground takes after everything was used."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

from playground.bench.figures import Figure, Goal, Spread, Step
from playground.bench.fresh import command_of, environment
from playground.bench.parity import SHIPPED_ADAPTER
from playground.bench.peers import Bench


def measure(bench: Bench) -> Iterator[Step | Figure]:
    """Once, in a fresh process: nothing of the peers is in it."""
    yield Step("using every mode in a fresh process")
    ended = subprocess.run(
        command_of("memory", bench.adapter or SHIPPED_ADAPTER),
        env=environment(bench.settings),
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    yield Figure(
        "memory",
        "resident memory",
        "GB",
        Spread.of([int(ended.stdout.split()[-1]) / 1e9]),
        goals=(Goal("ours", at_most=2.5),),
        note="after indexing, base, long-context, rag and lora; child processes included",
    )
