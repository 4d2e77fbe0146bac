"""Server-sent events to a reader who may be slow, or gone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

T = TypeVar("T")
_PATIENCE_SECONDS = 60  # with a reader who takes nothing
_GONE = 499  # nobody reads it


async def unless_gone(request: Request, work: Awaitable[T]) -> T | None:
    """What `work` gives; None, and `work` is cancelled, if the client leaves before.

    To be called when the request's body has been read.
    """
    task = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_until_gone(request.receive))
    try:
        await asyncio.wait({task, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for one in (task, leaving):
            one.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await one


def nobody() -> Response:
    """For a client that has left."""
    return Response(status_code=_GONE)


class EventStream(Response):
    """`data:` lines of JSON, then `[DONE]`. `held` is let go when the reader has all, or left."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[dict[str, Any]], held: AsyncExitStack) -> None:
        super().__init__(headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._events, self._held = events, held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sending = asyncio.ensure_future(self._send(send))
        leaving = asyncio.ensure_future(_until_gone(receive))
        try:
            async with self._held:
                await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
                if sending.done():
                    sending.result()
        finally:
            for one in (sending, leaving):
                one.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await one

    async def _send(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        async for event in self._events:
            await _part(send, f"data: {json.dumps(event, ensure_ascii=False)}\n\n")
        await _part(send, "data: [DONE]\n\n")
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _part(send: Send, text: str) -> None:
    body = {"type": "http.response.body", "body": text.encode(), "more_body": True}
    await asyncio.wait_for(send(body), _PATIENCE_SECONDS)


async def _until_gone(receive: Callable[[], Awaitable[Any]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
