"""The API over the fake model, called through a real socket by the client of the package openai."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from openai import OpenAI

from playground.app import Playground
from playground.serving import application
from playground.settings import Settings


def finished(work: Coroutine[Any, Any, Any]) -> Any:
    """What `work` gives, in a thread: Playwright keeps an event loop going in the tests' own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def serving(playground: Playground) -> AbstractContextManager[str]:
    """The address of the API over `playground`, while the block lasts."""
    return running(application(playground, page=False))


@contextmanager
def running(app: Any) -> Iterator[str]:
    """The address of what `app` serves at /v1, while the block lasts."""
    config = uvicorn.Config(app, port=0, log_level="critical")
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    thread = threading.Thread(target=server.run, args=([socket],), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield f"http://127.0.0.1:{socket.getsockname()[1]}/v1"
    server.should_exit = True
    thread.join()
    socket.close()


def settings_of(home: Path, **given: Any) -> Settings:
    """Those for a tiny model in `home`/model, with all that is made beside it."""
    return Settings(
        model=str(home / "model"),
        engine="transformers",
        embedder="fake",
        data_dir=home / "data",
        adapters_dir=home / "adapters",
        **given,
    )


@pytest.fixture(scope="module")
def playground(tmp_path_factory):
    """The fake model, a base in each language and no adapter of its own."""
    home = tmp_path_factory.mktemp("api")
    settings = Settings(
        model="fake",
        embedder="fake",
        data_dir=home / "data",
        adapters_dir=home / "adapters",
        api_requests_per_minute=10**6,
    )
    made = Playground(settings)
    list(made.bases.add_world())
    list(made.bases.add_files("Kitchen: tea", [("tea.txt", b"Tea is served at nine.")]))
    return made


@pytest.fixture(scope="module")
def address(playground):
    with serving(playground) as url:
        yield url


@pytest.fixture(scope="module")
def client(address):
    return OpenAI(base_url=address, api_key="none", max_retries=0)
