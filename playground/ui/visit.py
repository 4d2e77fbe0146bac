"""Who a request is from, and what is known of a visit by it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import gradio as gr
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.app import Playground
from playground.visitors import Visitor, Visitors

_COOKIE = "playground_visitor"
_KEY_BYTES = 24
_MONTH_SECONDS = 30 * 24 * 3600


def address_of(request: gr.Request) -> str:
    """Where the visitor finds the API: under the address of the page."""
    return f"{_scheme(request.headers)}://{request.headers['host']}/v1"


class Visits:
    """The visitors, by their requests."""

    def __init__(self, visitors: Visitors) -> None:
        self._visitors = visitors

    def of(self, request: Request | gr.Request) -> Visitor:
        """Who sends `request`; a browser that keeps no cookies is another one with each load."""
        key = dict(request.cookies).get(_COOKIE) or getattr(request, "session_hash", None) or ""
        return self._visitors.visitor(key)

    @property
    def host(self) -> Playground:
        """Whoever's page it is."""
        return self._visitors.host


class Known:
    """ASGI middleware: gives each browser a key of its own, which no script can read.

    Whoever sends anything is still here.
    """

    def __init__(self, app: ASGIApp, visitors: Visitors) -> None:
        self._app = app
        self._visitors = visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        known = cookie_parser(headers.get("cookie", "")).get(_COOKIE)
        if known:
            self._visitors.touch(known)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", _cookie(headers))
            await send(message)

        is_new = scope["path"] == "/" and not known
        await self._app(scope, receive, sending if is_new else send)


def _cookie(headers: Mapping[str, str]) -> str:
    """On a Space the page stands in a frame of another site, where only such cookies are kept."""
    key = f"{_COOKIE}={secrets.token_urlsafe(_KEY_BYTES)}; Path=/; Max-Age={_MONTH_SECONDS}"
    framed = _scheme(headers) == "https"
    where = "SameSite=None; Secure; Partitioned" if framed else "SameSite=Lax"
    return f"{key}; HttpOnly; {where}"


def _scheme(headers: Mapping[str, str]) -> str:
    return "https" if headers.get("x-forwarded-proto", "http") == "https" else "http"
