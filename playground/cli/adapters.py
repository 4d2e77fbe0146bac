"""`playground adapters`: the trained adapters."""

from __future__ import annotations

import argparse

from playground.cli.output import note, print_json, print_table, say
from playground.settings import Settings

HELP = "List or delete trained adapters."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="the adapters, and what each was trained on")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(act=_list)
    deleting = actions.add_parser("delete", help="delete an adapter")
    deleting.add_argument("name")
    deleting.set_defaults(act=_delete)


def run(args: argparse.Namespace, settings: Settings) -> None:
    args.act(args, settings)


def _list(args: argparse.Namespace, settings: Settings) -> None:
    from playground.finetune import Adapters

    adapters = Adapters(settings.adapter_dirs)
    for problem in adapters.problems():
        note(f"skipped: {problem}")
    listed = adapters.list()
    if args.json:
        for adapter in listed:
            print_json({**vars(adapter), "path": str(adapter.path)})
        return
    if not listed:
        say("No adapters yet: `playground finetune ROWS --name NAME` trains one.")
        return
    rows = [
        (
            adapter.name,
            adapter.base_model,
            str(adapter.r),
            str(adapter.training_rows or "-"),
            f"{adapter.training_seconds:.0f}" if adapter.training_seconds else "-",
        )
        for adapter in listed
    ]
    print_table(("NAME", "BASE MODEL", "R", "ROWS", "SECONDS"), rows)


def _delete(args: argparse.Namespace, settings: Settings) -> None:
    from playground.finetune import Adapters

    Adapters(settings.adapter_dirs).delete(args.name)
    say(f"Deleted adapter {args.name!r}.")
