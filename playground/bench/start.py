"""How soon a fresh process is there: importing, `--help`, and the first token."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial

from playground.bench.figures import Figure, Goal, Spread, Step
from playground.bench.fresh import command_of, environment
from playground.bench.peers import OURS, Bench
from playground.bench.rounds import interleaved

_BARE = "bare python"
_IMPORT, _HELP = "import", "--help"
_COMMANDS = {
    _BARE: (sys.executable, "-c", "pass"),
    _IMPORT: (sys.executable, "-c", "import playground"),
    _HELP: (sys.executable, "-m", "playground", "--help"),
}
_IMPORT_GOAL = Goal("ours-peer", _BARE, at_most=0.2)


def measure(bench: Bench) -> Iterator[Step | Figure]:
    """Every round starts every process once; a round before them fills the system's file cache."""
    variables = environment(bench.settings)
    tasks = {name: partial(_run, command, variables) for name, command in _COMMANDS.items()}
    for name in (OURS, *(peer.name for peer in bench.peers)):
        tasks[name] = partial(_first_line, command_of("first-token", name), variables)
    taken = yield from interleaved(tasks, bench.options.rounds + 1)
    seconds = {name: Spread.of(listed[1:]) for name, listed in taken.items()}
    bare = {_BARE: seconds[_BARE]}
    yield Figure("start", "import playground", "s", seconds[_IMPORT], bare, (_IMPORT_GOAL,))
    yield Figure(
        "start", "playground --help", "s", seconds[_HELP], bare, (Goal("ours", at_most=0.4),)
    )
    yield Figure(
        "start",
        "first token of a fresh process",
        "s",
        seconds[OURS],
        {peer.name: seconds[peer.name] for peer in bench.peers},
        (Goal("ours", at_most=6),),
    )


def _run(command: tuple[str, ...], variables: dict[str, str], number: int) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=variables, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _first_line(command: tuple[str, ...], variables: dict[str, str], number: int) -> float:
    """Until the process says its first line: how it ends does not count."""
    start = time.perf_counter()
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - start
    if not line or process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return taken
