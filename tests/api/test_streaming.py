"""A reader who leaves, or takes nothing."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import httpx
import pytest

from playground.api import streaming
from playground.api.streaming import EventStream
from playground.app import Playground
from playground.engines.fake import FakeEngine
from playground.settings import Settings
from playground.types import Delta
from tests.api.conftest import finished, serving

PATIENCE = 20


class Endless(FakeEngine):
    """Says the same until it is left."""

    def __init__(self):
        super().__init__()
        self.running = 0
        self.begun = threading.Event()

    def stream(self, messages, sampling, adapter=None):
        self.running += 1
        self.begun.set()
        try:
            while True:
                yield Delta("again ")
                time.sleep(0.002)
        finally:
            self.running -= 1


@pytest.fixture
def endless(tmp_path):
    made = Playground(
        Settings(model="fake", embedder="fake", data_dir=tmp_path, adapters_dir=tmp_path / "a")
    )
    engine = made._room.__dict__["_engine"] = Endless()
    with serving(made) as url:
        yield engine, url


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("stream", [True, False])
def test_a_vanished_reader_stops_the_model(endless, stream):
    engine, url = endless
    where = urlsplit(url)
    body = (
        b'{"model": "base", "stream": %s, "messages": [{"role": "user", "content": "x"}]}'
        % str(stream).lower().encode()
    )
    with socket.create_connection((where.hostname, where.port)) as connection:
        head = (
            f"POST {where.path}/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        connection.sendall(head.encode() + body)
        assert engine.begun.wait(PATIENCE)
        assert engine.running == 1
    until(lambda: engine.running == 0)


def test_reading_in_part_is_leaving(endless):
    engine, url = endless
    body = {"model": "base", "stream": True, "messages": [{"role": "user", "content": "x"}]}
    with httpx.stream("POST", f"{url}/chat/completions", json=body) as response:
        next(response.iter_lines())
    until(lambda: engine.running == 0)


def test_a_reader_who_takes_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr(streaming, "_PATIENCE_SECONDS", 0.05)
    left = []

    async def run():
        held = AsyncExitStack()
        held.callback(left.append, True)

        async def events():
            yield {"n": 1}

        async def send(message):
            if message["type"] == "http.response.body":
                await asyncio.Event().wait()

        async def receive():
            await asyncio.Event().wait()

        with pytest.raises(TimeoutError):
            await EventStream(events(), held)({"type": "http"}, receive, send)

    finished(run())
    assert left == [True]
