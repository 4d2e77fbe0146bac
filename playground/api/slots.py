"""How many answers are computed at once, how many wait, and that nobody who left holds a place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from typing import Any, TypeVar

from playground.errors import TooManyWaiting

T = TypeVar("T")
_END = object()
RETRY_SECONDS = 2


class Slots:
    """So many answers at once, and so many that wait for their turn; others are sent away.

    An answer is made in a thread of its own, ahead of its reader: a slow one holds no slot.
    """

    def __init__(self, running: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(running)
        self._pool = ThreadPoolExecutor(running, thread_name_prefix="answer")
        self._running = running
        self._most = running + waiting
        self._taken = 0

    @property
    def taken(self) -> int:
        """How many run or wait."""
        return self._taken

    @asynccontextmanager
    async def stream(self, make: Callable[[], Iterator[T]]) -> AsyncIterator[AsyncIterator[T]]:
        """What `make()` yields, once there is a slot. Leaving the block stops it.

        Raises:
            TooManyWaiting: at once, if there is no place to wait.
        """
        if self._taken >= self._most:
            raise TooManyWaiting(running=self._running, seconds=RETRY_SECONDS)
        self._taken += 1
        try:
            await self._free.acquire()
        except BaseException:
            self._taken -= 1
            raise
        gone = threading.Event()
        made: asyncio.Queue[Any] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        self._pool.submit(self._produce, make, gone, made, loop)
        try:
            yield _read(made)
        finally:
            gone.set()

    def _produce(
        self,
        make: Callable[[], Iterator[Any]],
        gone: threading.Event,
        made: asyncio.Queue[Any],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        last: Any = _END
        try:
            if not gone.is_set():
                with closing(make()) as events:  # type: ignore[type-var]
                    for event in events:
                        loop.call_soon_threadsafe(made.put_nowait, event)
                        if gone.is_set():
                            break
        except BaseException as error:  # handed to the reader, who raises it
            last = error
        loop.call_soon_threadsafe(self._leave, made, last)

    def _leave(self, made: asyncio.Queue[Any], last: Any) -> None:
        self._taken -= 1
        self._free.release()
        made.put_nowait(last)


async def _read(made: asyncio.Queue[Any]) -> AsyncIterator[Any]:
    while (item := await made.get()) is not _END:
        if isinstance(item, BaseException):
            raise item
        yield item
