"""The contestants: ours, and the peers that are installed, all asked in one way."""

from __future__ import annotations

import gc
import importlib.util
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from playground.bench.figures import LeftOut, Machine
from playground.bench.options import BenchOptions
from playground.engines.base import Engine
from playground.settings import Settings
from playground.types import Message, Sampling, Streamed

OURS, LLAMA, TRANSFORMERS = "ours", "llama.cpp", "transformers"
_FAKE = "fake"
_SAME_WEIGHTS = ("smollm2-135m-instruct", "smollm2-135m-reader")  # or nearly: same size and tokens


class Contestant(Protocol):
    """A loaded model that answers greedily. With `ignore_end`, on and on where it can."""

    def stream(
        self, messages: Sequence[Message], max_tokens: int, *, ignore_end: bool = False
    ) -> Iterator[Streamed]:
        """Deltas of text as they come, then exactly one Finish."""
        ...

    def close(self) -> None:
        """Free its memory and its processes."""
        ...


@dataclass(frozen=True)
class Peer:
    """Somebody else's way to run a model: `package` is what pip installs to have `module`."""

    name: str
    module: str
    package: str
    open: Callable[[Settings], Contestant]


@dataclass(frozen=True)
class Bench:
    """What a group of figures is measured with. The settings' data folder is the bench's own."""

    settings: Settings
    options: BenchOptions
    machine: Machine
    peers: tuple[Peer, ...] = ()
    questions: Path | None = None
    adapter: str | None = None


class Ours:
    """The engine that the playground itself uses."""

    def __init__(self, engine: Engine) -> None:
        self._engine: Engine | None = engine

    def stream(
        self, messages: Sequence[Message], max_tokens: int, *, ignore_end: bool = False
    ) -> Iterator[Streamed]:
        assert self._engine is not None
        return self._engine.stream(messages, Sampling(max_tokens=max_tokens))

    def close(self) -> None:
        if self._engine:
            self._engine.close()
        self._engine = None


def open_ours(settings: Settings) -> Contestant:
    """The engine of `settings`, loaded."""
    from playground.app import Playground

    return Ours(Playground(settings).engine)


def _open_llama(settings: Settings) -> Contestant:
    from playground.bench.llama import open_faster

    return open_faster(settings)


def open_transformers(settings: Settings) -> Contestant:
    """Plain transformers with the model of `settings`, loaded."""
    from playground.bench.plain import PlainTransformers

    return PlainTransformers(settings)


PEERS = (
    Peer(LLAMA, "xllamacpp", "xllamacpp", _open_llama),
    Peer(TRANSFORMERS, "transformers", "transformers", open_transformers),
)


def present(settings: Settings, peers: Sequence[Peer] = PEERS) -> tuple[list[Peer], list[LeftOut]]:
    """Those of `peers` that can be measured here, and the others."""
    there: list[Peer] = []
    left_out: list[LeftOut] = []
    for peer in peers:
        if importlib.util.find_spec(peer.module) is None:
            command = f"python -m pip install {peer.package}"
            left_out.append(LeftOut(peer.name, f"{peer.package} is not installed", command))
        elif settings.model == _FAKE:
            left_out.append(LeftOut(peer.name, "the fake model has no weights to run"))
        elif peer.name == LLAMA and settings.model not in _SAME_WEIGHTS:
            reason = f"its model file is SmolLM2's, and the model is {settings.model!r}"
            left_out.append(LeftOut(peer.name, reason, "playground bench without PLAYGROUND_MODEL"))
        else:
            there.append(peer)
    return there, left_out


@contextmanager
def opened(bench: Bench, *names: str) -> Iterator[dict[str, Contestant]]:
    """Ours and those peers called `names` that are there, each warmed with a short answer."""
    known = {OURS: open_ours, **{p.name: p.open for p in bench.peers if p.name in names}}
    contestants: dict[str, Contestant] = {}
    try:
        for name, open_it in known.items():
            contestants[name] = open_it(bench.settings)
            for _ in contestants[name].stream((Message("user", "Hi"),), 4):
                pass
        yield contestants
    finally:
        for contestant in contestants.values():
            contestant.close()
        contestants.clear()
        gc.collect()


@contextmanager
def own_data(settings: Settings) -> Iterator[Settings]:
    """`settings` with an empty data folder, so that the user's knowledge bases stay theirs."""
    with tempfile.TemporaryDirectory(prefix="playground-bench-") as folder:
        yield replace(settings, data_dir=Path(folder), adapters_dir=settings.trained_dir)
