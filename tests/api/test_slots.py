"""Slots: so many at once, so many waiting, and none held by who has left."""

from __future__ import annotations

import asyncio
import threading

import pytest

from playground.api.slots import Slots
from playground.errors import TooManyWaiting
from tests.api.conftest import finished

PATIENCE = 10


class Making:
    """An answer that goes on when it is told to, and says whether it was closed."""

    def __init__(self, count=3):
        self.go = threading.Event()
        self.closed = threading.Event()
        self.begun = threading.Event()
        self._count = count

    def __call__(self):
        try:
            self.begun.set()
            for n in range(self._count):
                assert self.go.wait(PATIENCE)
                yield n
        finally:
            self.closed.set()


async def until(condition):
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.005)


def test_what_is_made_is_read():
    async def run():
        slots, making = Slots(1, 0), Making()
        making.go.set()
        async with slots.stream(making) as events:
            assert [event async for event in events] == [0, 1, 2]
        await until(lambda: slots.taken == 0)

    finished(run())


def test_an_error_is_the_readers_and_frees_the_slot():
    def broken():
        yield 1
        raise ValueError("broken")

    async def run():
        slots = Slots(1, 0)
        async with slots.stream(broken) as events:
            assert await anext(events) == 1
            with pytest.raises(ValueError, match="broken"):
                await anext(events)
        await until(lambda: slots.taken == 0)

    finished(run())


def test_who_finds_no_place_to_wait_is_sent_away_at_once():
    async def run():
        slots, first, second = Slots(1, 1), Making(), Making()
        second.go.set()

        async def wait():
            async with slots.stream(second) as events:
                return [event async for event in events]

        async with slots.stream(first) as events:
            waiting = asyncio.ensure_future(wait())
            await until(lambda: slots.taken == 2)
            with pytest.raises(TooManyWaiting):
                async with slots.stream(Making()):
                    pass
            assert not second.begun.is_set()
            first.go.set()
            assert [event async for event in events] == [0, 1, 2]
        assert await waiting == [0, 1, 2]
        await until(lambda: slots.taken == 0)

    finished(run())


def test_a_slow_reader_holds_no_slot():
    async def run():
        slots, making = Slots(1, 0), Making()
        making.go.set()
        async with slots.stream(making) as events:
            await until(lambda: slots.taken == 0)
            assert [event async for event in events] == [0, 1, 2]

    finished(run())


def test_who_leaves_stops_what_was_made_for_them():
    async def run():
        slots, making = Slots(1, 0), Making(count=10**9)
        making.go.set()
        async with slots.stream(making) as events:
            async for _ in events:
                break
        assert await asyncio.to_thread(making.closed.wait, PATIENCE)
        await until(lambda: slots.taken == 0)

    finished(run())


def test_who_leaves_while_waiting_gives_up_the_place():
    async def run():
        slots, first, second = Slots(1, 1), Making(), Making()
        async with slots.stream(first):
            waiting = asyncio.ensure_future(slots.stream(second).__aenter__())
            await until(lambda: slots.taken == 2)
            waiting.cancel()
            await until(lambda: slots.taken == 1)
            first.go.set()
        await until(lambda: slots.taken == 0)
        assert not second.begun.is_set()

    finished(run())
