"""`playground models`: which models are embedded, and fetching them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from playground.cli.output import print_json, print_table, say, show_progress
from playground.errors import UnknownName
from playground.models import EMBEDDED, list_models, locate, pull
from playground.settings import Settings
from playground.types import Progress

HELP = "List the embedded models, or fetch and convert them."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="the embedded models and whether they are ready")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(act=_list)
    pulling = actions.add_parser("pull", help="fetch and convert embedded models")
    pulling.add_argument("names", nargs="*", help="default: all")
    pulling.set_defaults(act=_pull)


def run(args: argparse.Namespace, settings: Settings) -> None:
    args.act(args, settings)


def _list(args: argparse.Namespace, settings: Settings) -> None:
    listed = list_models(settings.models_dir)
    if args.json:
        for model, ready, folder in listed:
            print_json(
                {
                    "name": model.name,
                    "kind": model.kind,
                    "licence": model.licence,
                    "ready": ready,
                    "path": str(folder),
                    "description": model.description("en"),
                }
            )
        return
    rows = [
        (model.name, model.kind, "ready" if ready else "not fetched", model.licence)
        for model, ready, _ in listed
    ]
    print_table(("NAME", "KIND", "STATE", "LICENCE"), rows)
    say()
    for model, _, _ in listed:
        say(f"{model.name}: {model.description('en')}")
    say("\nA hub id (org/name), a local folder or a .gguf file works as a model name, too.")


def _pull(args: argparse.Namespace, settings: Settings) -> None:
    known = {model.name: model for model in EMBEDDED}
    for name in args.names or known:
        if name not in known:
            raise UnknownName(kind="embedded model", name=name, available=", ".join(known))
        show_progress(pull(known[name], settings.models_dir))
        if name == settings.model:
            show_progress(_prepare(name, settings))
        say(f"{name} is ready.")


def _prepare(name: str, settings: Settings) -> Iterator[Progress]:
    """What its engine needs, so that the first start need not make it."""
    from playground.engines.choice import prepare

    return prepare(locate(name, settings.models_dir), settings)
