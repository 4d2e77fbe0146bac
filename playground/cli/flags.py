"""Command-line flags that commands share: those made from options, and which model answers."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from playground.options import options_of
from playground.settings import Settings


def add_model_flags(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Which model answers."""
    told = "model name, folder, GGUF file or hub id; with --base-url, the server's id"
    parser.add_argument("--model", required=required, help=told)
    told = "let an OpenAI-compatible server answer (its key: OPENAI_API_KEY)"
    parser.add_argument("--base-url", metavar="URL", help=told)


def with_model(args: argparse.Namespace, settings: Settings) -> Settings:
    """The settings, with the model that the flags of `add_model_flags` name."""
    given = {"model": args.model, "base_url": args.base_url}
    return replace(settings, **{name: value for name, value in given.items() if value})


def add_flags(parser: argparse.ArgumentParser, config: type) -> None:
    """One `--flag` for each option of `config`, with its help and default."""
    group = parser.add_argument_group("options")
    for name, (default, described) in options_of(config).items():
        flag = "--" + name.replace("_", "-")
        told = f"{described.help_en} (default: {default})".replace("%", "%%")
        if isinstance(default, bool):
            switch = argparse.BooleanOptionalAction
            group.add_argument(flag, action=switch, default=None, help=told)
            continue
        group.add_argument(
            flag,
            type=type(default),
            choices=described.choices or None,
            help=told,
        )


def given_flags(config: type, args: argparse.Namespace) -> dict[str, Any]:
    """Field name -> value, of the flags of `add_flags` that were given."""
    values = {name: getattr(args, name) for name in options_of(config)}
    return {name: value for name, value in values.items() if value is not None}


def from_flags(config: type, args: argparse.Namespace) -> Any:
    """The `config` that the flags of `add_flags` describe."""
    return config(**given_flags(config, args))
