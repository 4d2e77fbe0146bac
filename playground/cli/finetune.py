"""`playground finetune`: rows in, an adapter out."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from playground.cli.flags import add_flags, from_flags
from playground.cli.output import note, print_json, say, show_progress
from playground.errors import FileUnreadable
from playground.finetune import (
    Dataset,
    Event,
    Failed,
    Finished,
    Problem,
    Started,
    Step,
    Stopped,
    TrainConfig,
    Validation,
    load,
)
from playground.settings import Settings

_PROBLEMS_SHOWN = 10

HELP = "Train a LoRA adapter on a file of rows."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rows", type=Path, help="JSON, JSONL or CSV")
    parser.add_argument("--name", required=True, help="what to call the adapter")
    parser.add_argument("--model", help="model name, folder or hub id to train on")
    parser.add_argument("--start-from", metavar="ADAPTER", help="train this adapter on, as a copy")
    parser.add_argument("--overwrite", action="store_true", help="replace an adapter of that name")
    parser.add_argument("--json", action="store_true", help="print the events as JSON lines")
    add_flags(parser, TrainConfig)


def run(args: argparse.Namespace, settings: Settings) -> int:
    config = from_flags(TrainConfig, args)
    dataset = load(args.rows.name, _bytes_of(args.rows))
    _describe(dataset)
    from playground.app import Playground

    playground = Playground(replace(settings, model=args.model or settings.model))
    show_progress(playground.pull())
    started = playground.train(
        args.name, dataset, config, start_from=args.start_from, overwrite=args.overwrite
    )
    try:
        return _follow(playground.runs.follow(started.id), as_json=args.json)
    except KeyboardInterrupt:
        note("stopping after this step; what was learned is kept …")
        playground.runs.stop(started.id)
        return _follow(playground.runs.follow(started.id), as_json=args.json)


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileUnreadable(title=str(file), reason=error.strerror or str(error)) from error


def _describe(dataset: Dataset) -> None:
    note(f"{len(dataset.rows)} rows, shape {dataset.shape}: {dataset.reason.en}")
    _note_problems(dataset.problems)


def _note_problems(problems: Sequence[Problem]) -> None:
    for problem in problems[:_PROBLEMS_SHOWN]:
        note(f"  row {problem.row} is left out: {problem.reason.en}")
    if len(problems) > _PROBLEMS_SHOWN:
        note(f"  … and {len(problems) - _PROBLEMS_SHOWN} more")


def _follow(events: Iterator[Event], *, as_json: bool) -> int:
    last: Event | None = None
    for last in events:
        if isinstance(last, Started):
            _note_problems(last.refused)
        if as_json:
            print_json({"event": type(last).__name__.lower(), **asdict(last)})
        elif not isinstance(last, Failed):
            say(_line(last))
    if isinstance(last, Failed):
        note(f"playground: {last.en}")
        return 1
    return 0


def _line(event: Event) -> str:
    match event:
        case Started():
            return (
                f"training on {event.training_rows} rows ({event.validation_rows} held back), "
                f"{event.steps} steps, {event.trainable_parameters:,} parameters, "
                f"{event.dtype} on {event.device}"
            )
        case Step():
            return (
                f"step {event.step}/{event.total_steps}  loss {event.loss:.3f}  "
                f"{event.tokens_per_second:.0f} tokens/s  {event.eta_seconds:.0f} s left"
            )
        case Validation():
            return f"step {event.step}  mock exam: loss {event.loss:.3f}"
        case Finished():
            return (
                f"adapter {event.adapter!r} is ready after {event.seconds:.0f} s; ask it with "
                f'`playground ask "…" --modes base,lora --adapter {event.adapter}`'
            )
        case Stopped():
            kept = f"adapter {event.adapter!r} keeps" if event.adapter else "nothing keeps"
            return f"stopped after step {event.step}; {kept} what was learned"
        case Failed():
            return event.en
