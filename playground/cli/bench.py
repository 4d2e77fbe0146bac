"""`playground bench`: how fast and how right we are, beside the peers that are installed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from playground.bench.options import GROUPS, BenchOptions
from playground.cli.flags import add_flags, from_flags
from playground.cli.output import note, print_json, print_table, say, show_progress
from playground.errors import OutputUnwritable
from playground.settings import Settings

HELP = "Measure speed, memory and answers beside llama.cpp and transformers, in one run."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    groups = "; ".join(f"{name}: {what}" for name, what in GROUPS.items())
    parser.add_argument("--only", default="", help=f"comma-separated, of: {groups} (default: all)")
    parser.add_argument("--questions", type=Path, help="a SQuAD-shaped JSON file for parity")
    parser.add_argument("--adapter", help="an adapter of yours, beside the one that ships")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--out", type=Path, help="also write the JSON to this file")
    add_flags(parser, BenchOptions)


def run(args: argparse.Namespace, settings: Settings) -> int:
    options = from_flags(BenchOptions, args)
    from playground.app import Playground
    from playground.bench.figures import Step
    from playground.bench.report import HEADER, as_json, failures, head, remarks, rows
    from playground.bench.suite import begin, check, chosen
    from playground.bench.suite import run as run_groups

    # All of a user's mistakes first: what comes after takes long.
    groups = chosen(args.only)
    check(settings, options, questions=args.questions, adapter=args.adapter)
    if args.out:
        _write(args.out, "")
    show_progress(Playground(settings).pull())
    note("measuring the machine")
    with begin(settings, options, questions=args.questions, adapter=args.adapter) as begun:
        bench, report = begun
        for group, event in run_groups(bench, groups):
            if isinstance(event, Step):
                note(f"{group}: {event.text}")
            else:
                report = report.with_events([event])
    if args.json:
        print_json(as_json(report))
    else:
        say("\n".join(head(report)) + "\n")
        print_table(HEADER, rows(report.figures))
        say("\n" + "\n".join(remarks(report)))
    if report.failed:
        note("\n".join(failures(report)))
    if args.out:
        _write(args.out, json.dumps(as_json(report), ensure_ascii=False, indent=2) + "\n")
    return 1 if report.failed else 0


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputUnwritable(path=path, reason=error.strerror or error) from error
