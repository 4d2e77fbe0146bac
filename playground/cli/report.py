"""`playground report`: an evaluation, and a trial of the methods, as one file to keep."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from playground.cli.output import say
from playground.errors import NotAChoice
from playground.settings import Settings
from playground.types import Language

HELP = "Write an evaluation to a file: a page (.html), Markdown (.md) or a spreadsheet (.csv)."
_FORMS = ("html", "md", "csv")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "evaluation",
        nargs="?",
        help="as `playground evaluations list` shows it, or `latest`; without it, the one behind "
        "the trial, else the latest",
    )
    parser.add_argument(
        "--trial", metavar="ID", help="as `playground tradeoffs --list` shows it, or `latest`"
    )
    parser.add_argument("--language", choices=get_args(Language), default="en")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="its suffix says what is written"
    )


def run(args: argparse.Namespace, settings: Settings) -> None:
    form = args.out.suffix.lower().removeprefix(".")
    if form not in _FORMS:
        choices = " / ".join(f".{name}" for name in _FORMS)
        raise NotAChoice(field="--out", value=args.out.name, choices=choices)
    from playground.adapters.exporting import whole_file
    from playground.app import Playground
    from playground.reports import gather, write

    report = gather(Playground(settings), args.evaluation, args.trial)
    data = write(report, form, args.language)
    with whole_file(args.out) as part:
        part.write_bytes(data)
    say(f"Wrote {args.out}, {len(data) / 1000:,.0f} kB.")
