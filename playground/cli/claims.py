"""`playground claims`: ten published claims, each tested here."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import asdict
from typing import Any, get_args

from playground.cli.flags import add_model_flags, with_model
from playground.cli.output import note, print_json, say, show_progress
from playground.errors import UnknownName
from playground.settings import Settings
from playground.types import Language
from playground.world import WORLD_ADAPTER

HELP = "Test ten published claims about the methods on the model that answers here."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", help="comma-separated numbers, for example 2,6,8 (default: all)")
    parser.add_argument("--language", choices=get_args(Language), default="en")
    parser.add_argument("--adapter", default=WORLD_ADAPTER, help="(default: %(default)s)")
    parser.add_argument("--per-kind", type=int, default=20, help="questions (default: %(default)s)")
    add_model_flags(parser)
    parser.add_argument("--list", action="store_true", help="the claims and their sources")
    parser.add_argument("--json", action="store_true", help="one JSON object a claim")


def run(args: argparse.Namespace, settings: Settings) -> int:
    from playground.app import Playground
    from playground.claims import CLAIMS, examine

    only = _numbers(args.only, [claim.number for claim in CLAIMS])
    if args.list:
        for claim in CLAIMS:
            told = claim.text.text(args.language)
            say(f"{claim.number:2}  {told}\n    {claim.source}; takes {claim.cost}")
        return 0
    playground = Playground(with_model(args, settings))
    show_progress(playground.pull())
    show_progress(playground.bases.add_world())
    note(f"Model {playground.settings.model}, engine {playground.engine_choice.text('en')}")
    texts = {claim.number: claim.text.text(args.language) for claim in CLAIMS}
    started = time.monotonic()
    verdicts = examine(
        playground,
        args.language,
        only=only,
        adapter=args.adapter,
        per_kind=args.per_kind,
        say=_progress,
    )
    for verdict in verdicts:
        _progress("")
        if args.json:
            print_json({**asdict(verdict), "claim": texts[verdict.number]})
        else:
            _print(verdict, texts[verdict.number], time.monotonic() - started)
    return 0


def _numbers(given: str | None, known: list[int]) -> list[int]:
    names = [part.strip() for part in (given or "").split(",") if part.strip()]
    for name in names:
        if name not in map(str, known):
            raise UnknownName(kind="claim", name=name, available=", ".join(map(str, known)))
    return [int(name) for name in names]


def _progress(text: str) -> None:
    """On a terminal, one line that is written over."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text[:100]}\x1b[K")
        sys.stderr.flush()


def _print(verdict: Any, text: str, seconds: float) -> None:
    say(f"\n{verdict.number}. {text}\n   {verdict.ruling.upper()}  ({seconds:.0f} s)")
    for line in (*map(str, verdict.counts), *verdict.tests):
        say(f"   {line}")
