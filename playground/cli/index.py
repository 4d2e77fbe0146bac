"""`playground index`: files and folders into a knowledge base, once or for as long as it runs."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from playground.cli.output import note, note_error, print_json, print_table, show_progress
from playground.decoding import readable
from playground.errors import DocumentError, OneFolderToWatch
from playground.settings import Settings
from playground.types import DocumentInfo, Progress

HELP = "Add files or folders to a knowledge base, keep it as a folder is, or list what is in it."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, help="files, folders or zip files to add")
    parser.add_argument("--knowledge", required=True, help="knowledge base; made if not there")
    parser.add_argument("--watch", action="store_true", help="keep it as the folder is, until ^C")
    parser.add_argument("--delete", metavar="TITLE", help="delete a document instead")
    parser.add_argument("--json", action="store_true", help="print the documents as JSON lines")


def run(args: argparse.Namespace, settings: Settings) -> int:
    from playground.app import Playground

    if args.watch and len(args.paths) != 1:
        raise OneFolderToWatch
    playground, name = Playground(settings), readable(args.knowledge)
    show_progress(playground.pull())
    if args.watch:
        return _watch(playground.bases.watch(name, args.paths[0]), name)
    refused: list[DocumentError] = []
    if args.paths:
        show_progress(_added(playground.bases.add_paths(name, args.paths), refused))
    for error in refused:
        note_error(error)
    if args.delete:
        playground.bases.delete_document(name, readable(args.delete))
    if refused and name not in playground.bases.library.names():
        return 1  # nothing was added, so that there is nothing to list
    _list(playground.bases.library.get(name).documents(), as_json=args.json)
    return 1 if refused else 0


def _list(documents: Sequence[DocumentInfo], *, as_json: bool) -> None:
    for info in documents:
        if info.pages_without_text:
            pages = ", ".join(map(str, info.pages_without_text))
            note(f"{info.title}: no text on page {pages}")
    if as_json:
        for info in documents:
            print_json(asdict(info))
        return
    rows = [(info.title, f"{info.tokens:,}", str(info.chunks)) for info in documents]
    print_table(("DOCUMENT", "TOKENS", "PASSAGES"), rows)


def _added(
    events: Iterable[Progress | DocumentError], refused: list[DocumentError]
) -> Iterator[Progress]:
    """The progress among `events`; the errors are put into `refused`."""
    for event in events:
        if isinstance(event, DocumentError):
            refused.append(event)
        else:
            yield event


def _watch(events: Iterable[Progress | DocumentError | None], name: str) -> int:
    try:
        show_progress(_told(events, name))
    except KeyboardInterrupt:
        note("Stopped.")
    return 0


def _told(events: Iterable[Progress | DocumentError | None], name: str) -> Iterator[Progress]:
    """The progress among `events`; the others are told at once."""
    for event in events:
        if event is None:
            note(f"{name!r} is as the folder is; changes follow until ^C.")
        elif isinstance(event, DocumentError):
            note(str(event))
        else:
            yield event
