"""`playground knowledge`: the knowledge bases as wholes."""

from __future__ import annotations

import argparse
from pathlib import Path

from playground.cli.output import note_error, print_json, print_table, say, show_progress
from playground.errors import DocumentError
from playground.settings import Settings

HELP = "List, rename, rebuild, export, import or delete knowledge bases."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="the knowledge bases, and how large they are")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(act=_list)
    rename = actions.add_parser("rename", help="call one otherwise")
    rename.add_argument("name")
    rename.add_argument("new_name")
    rename.set_defaults(act=_rename)
    rebuild = actions.add_parser("rebuild", help="make one fit the embedder in use")
    rebuild.add_argument("name")
    rebuild.set_defaults(act=_rebuild)
    export = actions.add_parser("export", help="write one to a file")
    export.add_argument("name")
    export.add_argument("file", type=Path)
    export.set_defaults(act=_export)
    importing = actions.add_parser("import", help="add one from such a file")
    importing.add_argument("file", type=Path)
    importing.add_argument("--name", help="what to call it (default: as it was called)")
    importing.set_defaults(act=_import)
    delete = actions.add_parser("delete", help="delete one with all its documents")
    delete.add_argument("name")
    delete.set_defaults(act=_delete)


def run(args: argparse.Namespace, settings: Settings) -> None:
    args.act(args, settings)


def _list(args: argparse.Namespace, settings: Settings) -> None:
    from playground.app import Playground

    library = Playground(settings).bases.library
    rows: list[tuple[str, int, int]] = []
    for name in library.names():
        try:
            documents = library.get(name).documents()
        except DocumentError as error:
            note_error(error)
        else:
            rows.append((name, len(documents), sum(info.chunks for info in documents)))
    if args.json:
        for name, count, passages in rows:
            print_json({"name": name, "documents": count, "passages": passages})
        return
    if not rows:
        say("No knowledge bases yet: `playground index FOLDER --knowledge NAME` makes one.")
        return
    table = [(name, f"{count:,}", f"{passages:,}") for name, count, passages in rows]
    print_table(("KNOWLEDGE BASE", "DOCUMENTS", "PASSAGES"), table)


def _rename(args: argparse.Namespace, settings: Settings) -> None:
    from playground.app import Playground

    Playground(settings).bases.library.rename(args.name, args.new_name)
    say(f"{args.name!r} is now called {args.new_name!r}.")


def _rebuild(args: argparse.Namespace, settings: Settings) -> None:
    from playground.app import Playground

    playground = Playground(settings)
    show_progress(playground.pull())
    show_progress(playground.bases.library.rebuild(args.name))


def _export(args: argparse.Namespace, settings: Settings) -> None:
    from playground.app import Playground

    Playground(settings).bases.library.export(args.name, args.file)
    say(f"{args.name!r} is in {args.file}.")


def _import(args: argparse.Namespace, settings: Settings) -> None:
    from playground.app import Playground

    name = Playground(settings).bases.add_exported(args.file, name=args.name)
    say(f"{args.file} is here as {name!r}.")


def _delete(args: argparse.Namespace, settings: Settings) -> None:
    from playground.app import Playground

    Playground(settings).bases.library.delete(args.name)
    say(f"Deleted knowledge base {args.name!r}.")
