"""`playground index`: files and folders into a knowledge base."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from playground.cli.output import note, print_json, print_table, show_progress
from playground.errors import DocumentError
from playground.settings import Settings
from playground.types import Document, Progress

HELP = "Add files or folders to a knowledge base, or list what is in it."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, help="files or folders to add")
    parser.add_argument("--knowledge", required=True, help="knowledge base; made if not there")
    parser.add_argument("--delete", metavar="TITLE", help="delete a document instead")
    parser.add_argument("--json", action="store_true", help="print the documents as JSON lines")


def run(args: argparse.Namespace, settings: Settings) -> int:
    from playground.app import Playground

    playground = Playground(settings)
    show_progress(playground.pull())
    refused: list[DocumentError] = []
    if args.paths:
        show_progress(_added(playground.add_documents(args.knowledge, _read(args.paths)), refused))
    for error in refused:
        note(str(error))
    if args.delete:
        playground.delete_document(args.knowledge, args.delete)
    if refused and args.knowledge not in playground.library.names():
        return 1  # nothing was added, so that there is nothing to list
    documents = playground.library.get(args.knowledge).documents()
    if args.json:
        for info in documents:
            print_json(asdict(info))
    else:
        rows = [(info.title, f"{info.tokens:,}", str(info.chunks)) for info in documents]
        print_table(("DOCUMENT", "TOKENS", "PASSAGES"), rows)
    return 1 if refused else 0


def _read(paths: list[Path]) -> Iterator[Document | DocumentError]:
    from playground.readers import read_file, read_folder

    for path in paths:
        if path.is_dir():
            yield from read_folder(path)
            continue
        try:
            yield read_file(path)
        except DocumentError as error:
            yield error


def _added(
    events: Iterator[Progress | DocumentError], refused: list[DocumentError]
) -> Iterator[Progress]:
    """The progress among `events`; the errors are put into `refused`."""
    for event in events:
        if isinstance(event, DocumentError):
            refused.append(event)
        else:
            yield event
