"""Command-line flags made from a dataclass of options."""

from __future__ import annotations

import argparse
from typing import Any

from playground.options import options_of


def add_flags(parser: argparse.ArgumentParser, config: type) -> None:
    """One `--flag` for each option of `config`, with its help and default."""
    group = parser.add_argument_group("options")
    for name, (default, described) in options_of(config).items():
        group.add_argument(
            "--" + name.replace("_", "-"),
            type=type(default),
            default=default,
            choices=described.choices or None,
            help=f"{described.help_en} (default: {default})".replace("%", "%%"),
        )


def from_flags(config: type, args: argparse.Namespace) -> Any:
    """The `config` that the flags of `add_flags` describe."""
    return config(**{name: getattr(args, name) for name in options_of(config)})
