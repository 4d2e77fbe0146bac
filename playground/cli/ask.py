"""`playground ask`: one question, several modes, an answer and its cost from each."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from playground.answering import Event, Failure
from playground.cli.flags import add_flags, add_model_flags, from_flags, with_model
from playground.cli.output import (
    note,
    note_error,
    print_json,
    say,
    say_piece,
    show_passing,
    show_progress,
    time_left,
)
from playground.decoding import readable
from playground.language import language_of
from playground.modes import DEFAULT_MODES, MODES, AskOptions
from playground.settings import Settings
from playground.types import Answer, Delta, Metrics, Prompt, Reading
from playground.world import BASE_NAMES

HELP = "Ask a question in several modes and compare the answers and their cost."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question")
    parser.add_argument(
        "--modes",
        default=",".join(mode for mode in DEFAULT_MODES if not MODES[mode].tuned),
        help=f"comma-separated, of: {', '.join(MODES)} (default: %(default)s)",
    )
    parser.add_argument("--knowledge", help="knowledge base (default: the built-in one)")
    parser.add_argument(
        "--document",
        action="append",
        default=[],
        metavar="TITLE",
        help="let rag look in this document only; may be given again",
    )
    parser.add_argument("--adapter", help="adapter for the modes with lora")
    add_model_flags(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a mode")
    add_flags(parser, AskOptions)


def run(args: argparse.Namespace, settings: Settings) -> int:
    options, question = from_flags(AskOptions, args), readable(args.question)
    from playground.app import Playground

    playground = Playground(with_model(args, settings))
    show_progress(playground.pull())
    note(f"Model {playground.settings.model}, engine {playground.engine_choice.text('en')}")
    knowledge = args.knowledge
    if not knowledge:
        show_progress(playground.bases.add_world())
        knowledge = BASE_NAMES[language_of(question)]
    events = playground.compare(
        question,
        modes=[mode.strip() for mode in args.modes.split(",") if mode.strip()],
        knowledge=knowledge,
        adapter=args.adapter,
        documents=[readable(title) for title in args.document],
        options=options,
    )
    return _print_json(events) if args.json else _print_text(events)


def _print_json(events: Iterator[tuple[str, Event]]) -> int:
    failed = 0
    for mode, event in events:
        if isinstance(event, Answer):
            print_json(_flat(event))
        elif isinstance(event, Failure):
            failed = 1
            kind = type(event.error).__name__
            print_json({"mode": mode, "error": str(event.error), "type": kind})
    return failed


def _flat(answer: Answer) -> dict[str, Any]:
    """The answer with its metrics beside its text, times rounded to 0.1 ms."""
    value = asdict(answer)
    del value["chosen"]  # among options, which nobody gave
    metrics = value.pop("metrics")
    rounded = {k: round(v, 4) if isinstance(v, float) else v for k, v in metrics.items()}
    return {**value, **rounded}


def _print_text(events: Iterator[tuple[str, Event]]) -> int:
    failed, passing = 0, False
    for mode, event in events:
        if isinstance(event, Reading):
            read = f"{event.read_tokens:,} of {event.prompt_tokens:,} tokens"
            show_passing(f"reading {read}{time_left(event.seconds_left)}")
            passing = True
            continue
        if passing:
            show_passing("")
            passing = False
        if isinstance(event, Prompt):
            say(f"── {mode} " + "─" * max(0, 70 - len(mode)))
        elif isinstance(event, Delta):
            say_piece(event.text)
        elif isinstance(event, Answer):
            say()
            for number, source in enumerate(event.sources, 1):
                page = f", page {source.page}" if source.page else ""
                score = f"  score {source.score:.4f}" if source.score is not None else ""
                say(f"  [{number}] {source.title}{page}{score}")
            if event.reasoning:
                say(f"  (it thought aloud first, {len(event.reasoning):,} characters: see --json)")
            if event.removed_citations:
                say(f"  ({event.removed_citations} numbers that pointed to no source were removed)")
            say("  " + _cost(event.metrics) + "\n")
        else:
            failed = 1
            note_error(event.error, about=mode)
    return failed


def _cost(metrics: Metrics) -> str:
    parts = [
        f"first token {metrics.time_to_first_token:.2f} s",
        f"total {metrics.total_seconds:.2f} s",
        f"prompt {'about ' if metrics.is_estimated else ''}{metrics.prompt_tokens:,} tokens",
        f"answer {metrics.completion_tokens:,} tokens",
    ]
    if metrics.tokens_per_second:
        parts.insert(2, f"{metrics.tokens_per_second:.1f} tokens/s")
    if metrics.prepare_seconds >= 0.001:
        parts.insert(0, f"preparing {metrics.prepare_seconds:.2f} s")
    if metrics.left_out_tokens:
        parts.append(f"left out {metrics.left_out_tokens:,} tokens")
    return " · ".join(parts)
