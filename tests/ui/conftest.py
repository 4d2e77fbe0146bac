"""A running page and a browser. The model is a tiny real one, so that training is real, too."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.tiny import make_adapter, make_model


@dataclass(frozen=True)
class Served:
    """A page that is up."""

    url: str
    adapters: Path


def serve(
    environment: dict[str, str],
    *,
    program: Sequence[str] = ("-m", "playground", "serve"),
    python: Path = Path(sys.executable),
    cwd: Path | None = None,
) -> tuple[subprocess.Popen[str], str]:
    """Start `program` on a free port; its process, and the address it printed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [str(python), *program],
        cwd=cwd,
        env={**os.environ, **environment, "PLAYGROUND_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://[\w.:]+", line):
            return process, found[0]
    raise AssertionError(f"the page did not start:\n{said}")


@contextmanager
def served_fake(home: Path, program: str, **environment: str) -> Iterator[Served]:
    """The page over the fake model, as the file `program` starts it; its data lie in `home`."""
    process, url = serve(
        {
            "PLAYGROUND_MODEL": "fake",
            "PLAYGROUND_EMBEDDER": "fake",
            "PLAYGROUND_DATA_DIR": str(home / "data"),
            "PLAYGROUND_ADAPTERS_DIR": str(home / "adapters"),
            **environment,
        },
        program=(program,),
    )
    yield Served(url, home / "adapters")
    process.terminate()
    process.communicate(timeout=20)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page over a random tiny model with one adapter, and a hashing embedder."""
    home = tmp_path_factory.mktemp("page")
    model = make_model(home / "model", window=32768)
    make_adapter(home / "adapters", model, "demo")
    process, url = serve(
        {
            "PLAYGROUND_MODEL": str(model),
            "PLAYGROUND_ENGINE": "transformers",
            "PLAYGROUND_EMBEDDER": "fake",
            "PLAYGROUND_DATA_DIR": str(home / "data"),
            "PLAYGROUND_ADAPTERS_DIR": str(home / "adapters"),
        }
    )
    yield Served(url, home / "adapters")
    process.terminate()
    process.communicate(timeout=20)


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Callable[..., Page]]:
    """Open the page as a visitor whose browser speaks a language; no script error is forgiven."""
    errors: list[str] = []
    contexts = []

    def open_page(locale: str = "en-US", width: int = 1440) -> Page:
        context = browser.new_context(locale=locale, viewport={"width": width, "height": 1000})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(served.url)
        page.wait_for_selector("#question textarea")
        page.wait_for_selector("#examples button")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
