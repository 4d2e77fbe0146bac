"""`playground serve`: the page and the API."""

from __future__ import annotations

import argparse
import errno
import socket
from dataclasses import replace

from playground.cli.flags import add_model_flags, with_model
from playground.cli.output import say, show_progress
from playground.errors import CannotListen, PortInUse
from playground.settings import Settings

HELP = "Start the page, and the API that OpenAI's clients call."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: 7860)")
    add_model_flags(parser)
    parser.add_argument("--no-ui", action="store_true", help="the API alone, without the page")


def run(args: argparse.Namespace, settings: Settings) -> None:
    given = {name: getattr(args, name) for name in ("host", "port")}
    settings = replace(
        with_model(args, settings), **{name: value for name, value in given.items() if value}
    )
    _check_port(settings.host, settings.port)
    from playground.api import Access
    from playground.app import Playground
    from playground.serving import API_PATH, serve

    playground = Playground(settings)
    show_progress(playground.pull())
    show_progress(playground.bases.add_world())
    say(f"Model {settings.model}, engine {playground.engine_choice.text('en')}")
    access = Access.of(settings)

    def ready(url: str) -> None:
        if not args.no_ui:
            say(f"The playground is at {url}")
        if access.is_closed:
            say("The API is off: other machines can call, so it needs PLAYGROUND_API_KEY.")
        else:
            say(f"The API is at {url}{API_PATH}")

    serve(playground, page=not args.no_ui, on_ready=ready)


def _check_port(host: str, port: int) -> None:
    """Before anything slow happens."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                raise PortInUse(host=host, port=port) from error
            raise CannotListen(host=host, port=port, reason=error) from error
