"""Who may use the API, how often, and how much they may send: looked at before anything is read."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.api.envelope import refusal
from playground.settings import Settings, is_loopback

BODY_BYTES, UPLOAD_BYTES = 8_000_000, 200_000_000  # the routers count what is not declared
_PATIENCE_SECONDS = 60  # with a client that sends nothing


@dataclass(frozen=True)
class Access:
    """`keys` that are let in; none is needed if there are none and only this machine can call.

    `requests_per_minute` are those of one key, or of one address where there are no keys.
    """

    keys: Sequence[str] = field(default=(), repr=False)
    from_elsewhere: bool = False
    requests_per_minute: int = 600

    @classmethod
    def of(cls, settings: Settings) -> Access:
        """As the settings say."""
        return cls(
            keys=tuple(key for key in settings.api_key.split(",") if key),
            from_elsewhere=settings.is_shared,
            requests_per_minute=settings.api_requests_per_minute,
        )

    @property
    def is_closed(self) -> bool:
        """Nobody can be told from anybody, and the whole network can call."""
        return self.from_elsewhere and not self.keys


class Gate:
    """ASGI middleware: lets through what Access allows."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access
        self._rate = RateLimitItemPerMinute(access.requests_per_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        response = self._refused(scope, headers)
        if response:
            await response(scope, receive, send)
            return
        limit = UPLOAD_BYTES if scope["path"].endswith("/files") else BODY_BYTES
        if (declared := headers.get("content-length", "")).isdecimal() and int(declared) > limit:
            message = f"A request may have {limit // 1_000_000} MB here."
            await refusal(413, message, code="request_too_large")(scope, receive, send)
            return
        await self._app(scope, _patient(receive), send)

    def _refused(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        access = self._access
        if access.is_closed:
            return refusal(
                403,
                "The API is off: this server can be reached from other machines and has no key. "
                "Set PLAYGROUND_API_KEY and start it again.",
                code="api_key_not_set",
            )
        if _is_foreign(headers):
            return refusal(
                403, "Requests from other sites' pages are refused.", code="cross_origin"
            )
        if not access.keys and not is_loopback(urlsplit(f"//{headers.get('host')}").hostname or ""):
            return refusal(403, "Without an API key, call it as localhost.", code="host_refused")
        caller = (scope.get("client") or ("?",))[0]
        if access.keys:
            scheme, _, given = headers.get("authorization", "").partition(" ")
            found = [key for key in access.keys if _same(key, given.strip())]
            if scheme.lower() != "bearer" or not found:
                wanted = {"WWW-Authenticate": "Bearer"}
                message = "Send the server's API key as `Authorization: Bearer …`."
                return refusal(401, message, code="invalid_api_key", headers=wanted)
            caller = found[0]
        if not self._limiter.hit(self._rate, caller):
            return refusal(
                429,
                f"More than {access.requests_per_minute} requests in a minute; wait a little.",
                code="rate_limit_exceeded",
                headers={"Retry-After": "5"},
            )
        return None


def _patient(receive: Receive) -> Receive:
    """Who sends no more of a request for a minute is taken to be gone."""
    whole = False

    async def receiving() -> Message:
        nonlocal whole
        if whole:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), _PATIENCE_SECONDS)
        except TimeoutError:
            return {"type": "http.disconnect"}
        whole = not message.get("more_body", False)
        return message

    return receiving


def _same(key: str, given: str) -> bool:
    return hmac.compare_digest(key.encode(), given.encode())


def _is_foreign(headers: Headers) -> bool:
    """From a page of another site, in a browser: CORS is off, and so is what needs no CORS."""
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
