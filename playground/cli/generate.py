"""`playground generate`: rows to train on, and documents to search through."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from playground.cli.output import say, show_progress
from playground.errors import OutputUnwritable, WholeNumberOutOfRange
from playground.settings import Settings
from playground.types import Message

HELP = "Make rows that teach reading, RAFT rows, or distractor documents."

_RAW_MODEL = "smollm2-135m-instruct"
_MOST_DOCUMENTS = 99_999  # as many as their names have room for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(required=True, metavar="KIND")
    reader = kinds.add_parser("reader", help="rows that teach a small model to read passages")
    reader.add_argument("--model", default=_RAW_MODEL, help="whose own answers are mixed in")
    reader.set_defaults(act=_reader)
    raft = kinds.add_parser("raft", help="the world's rows with passages in the prompt")
    raft.add_argument("--language", choices=("en", "zh"), default="en")
    raft.set_defaults(act=_raft)
    documents = kinds.add_parser("documents", help="documents that resemble the built-in ones")
    documents.add_argument("--language", choices=("en", "zh"), default="en")
    documents.add_argument("--count", type=int, default=100, help="how many (default: 100)")
    documents.set_defaults(act=_documents)
    for kind in (reader, raft, documents):
        kind.add_argument("--seed", type=int, default=0)
    for kind in (reader, raft):
        kind.add_argument("--out", type=Path, required=True, help="the JSONL file to write")
    documents.add_argument("--out", type=Path, required=True, help="the folder to write to")


def run(args: argparse.Namespace, settings: Settings) -> None:
    args.act(args, settings)


def _reader(args: argparse.Namespace, settings: Settings) -> None:
    from playground.app import Playground
    from playground.generate.recipe import reader_rows
    from playground.models import locate
    from playground.world import reading_dir

    show_progress(Playground(replace(settings, model=args.model)).pull())
    files = locate(args.model, settings.models_dir)
    _write(reader_rows(reading_dir(settings.world_dir), files, seed=args.seed), args.out)


def _raft(args: argparse.Namespace, settings: Settings) -> None:
    from playground.app import Playground
    from playground.generate.raft import raft_rows

    playground = Playground(settings)
    show_progress(playground.pull())
    count_tokens = playground.bases.embedder.count_tokens
    rows = raft_rows(settings.world_dir, args.language, count_tokens=count_tokens, seed=args.seed)
    _write(rows, args.out)


def _write(rows: Iterable[tuple[Message, ...]], path: Path) -> None:
    from playground.generate.rows import write_rows

    with _unwritable_explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    made = list(rows)  # first, so that nothing is written where a row cannot be made
    with _unwritable_explained(path):
        write_rows(made, path)
    say(f"{len(made):,} rows in {path}")


def _documents(args: argparse.Namespace, settings: Settings) -> None:
    from playground.generate.documents import distractor_documents

    if not 1 <= args.count <= _MOST_DOCUMENTS:
        raise WholeNumberOutOfRange(
            field="--count", value=args.count, minimum=1, maximum=_MOST_DOCUMENTS
        )
    documents = distractor_documents(settings.world_dir, args.language, seed=args.seed)
    with _unwritable_explained(args.out):
        args.out.mkdir(parents=True, exist_ok=True)
        for document in islice(documents, args.count):
            (args.out / document.title).write_text(document.text, encoding="utf-8")
    say(f"{args.count:,} documents in {args.out}")


@contextmanager
def _unwritable_explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputUnwritable(path=path, reason=error.strerror or error) from error
