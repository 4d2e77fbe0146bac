"""All groups of figures, and running those that are wanted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from playground.app import Playground
from playground.bench import clients, embedding, memory, parity, rag, speed, start, switching
from playground.bench.figures import Event, Failed
from playground.bench.machine import measure_machine
from playground.bench.options import GROUPS, BenchOptions
from playground.bench.peers import Bench, own_data, present
from playground.bench.questions import squad_set
from playground.bench.report import Report
from playground.errors import NotAChoice, PlaygroundError, Unexpected
from playground.settings import Settings

_log = logging.getLogger(__name__)

Measure = Callable[[Bench], Iterator[Event]]

# In the order of GROUPS, whose names they have.
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "start": start.measure,
        "decode": speed.measure_decode,
        "document": speed.measure_document,
        "adapter": switching.measure,
        "embedding": embedding.measure,
        "rag": rag.measure,
        "clients": clients.measure,
        "memory": memory.measure,
        "parity": parity.measure,
    }
)


def chosen(names: str) -> list[str]:
    """The groups of a comma-separated list, in the order of GROUPS; all if it is empty.

    Raises:
        NotAChoice: there is no such group.
    """
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in GROUPS:
            raise NotAChoice(field="--only", value=name, choices=", ".join(GROUPS))
    return [name for name in GROUPS if not wanted or name in wanted]


def check(
    settings: Settings, options: BenchOptions, *, questions: Path | None, adapter: str | None
) -> None:
    """Raise what is wrong with the file of questions or with the adapter."""
    if questions:
        squad_set(questions, options.limit)
    if adapter:
        Playground(settings).adapters.get(adapter)


@contextmanager
def begin(
    settings: Settings, options: BenchOptions, *, questions: Path | None, adapter: str | None
) -> Iterator[tuple[Bench, Report]]:
    """What the groups are measured with, and a report in which no figure is yet."""
    peers, left_out = present(settings)
    machine = measure_machine()
    engine = Playground(settings).engine_choice.text("en")
    with own_data(settings) as own:
        bench = Bench(own, options, machine, tuple(peers), questions, adapter)
        yield bench, Report(settings.model, engine, options, machine, left_out=tuple(left_out))


def run(
    bench: Bench, groups: Sequence[str], measures: Mapping[str, Measure] = MEASURES
) -> Iterator[tuple[str, Event]]:
    """The events of each group, with its name. One that fails does not take the others along."""
    for name in groups:
        try:
            for event in measures[name](bench):
                yield name, event
        except PlaygroundError as error:
            yield name, Failed(name, error)
        except Exception as error:
            _log.exception("group %r failed", name)
            yield name, Failed(name, Unexpected.of(error))
