"""`playground COMMAND`: the parser, and the one place where errors become lines."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
import warnings
from collections.abc import Sequence

from playground import __version__
from playground.cli.output import note, note_error
from playground.errors import PlaygroundError, Unexpected
from playground.settings import SHARED_PROCESSOR, Settings

# Each is a module of this package with HELP, add_arguments(parser) and run(args, settings).
COMMANDS = (
    *("serve", "ask", "index", "knowledge", "finetune", "runs", "adapters", "models", "remote"),
    *("evaluate", "evaluations", "tradeoffs", "claims", "report", "votes", "generate", "bench"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 if it did what was asked, 1 if not, 2 for wrong arguments."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    for name, value in SHARED_PROCESSOR.items():
        os.environ.setdefault(name, value)
    # What libraries say to one another about their future is nothing that a user can act on.
    warnings.simplefilter("ignore", FutureWarning)
    level = os.environ.get("PLAYGROUND_LOG_LEVEL", "WARNING")
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    try:
        args = build_parser().parse_args(argv)
        return args.run(args, Settings.from_env()) or 0
    except PlaygroundError as error:
        note_error(error, about="playground")
    except KeyboardInterrupt:
        note("playground: interrupted")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        logging.getLogger(__name__).debug("traceback", exc_info=True)
        note_error(Unexpected.of(error), about="playground")
    return 1


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="playground",
        description="Ask one question of a long context, a knowledge base and a tuned model.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = importlib.import_module(f"playground.cli.{name}")
        command = commands.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser
