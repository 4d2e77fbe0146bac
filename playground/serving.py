"""The page and the API, under one address."""

from __future__ import annotations

import threading
from collections.abc import Callable
from socket import socket

import uvicorn
from fastapi import FastAPI

from playground import api
from playground.app import Playground

API_PATH = "/v1"
_GOODBYE_SECONDS = 3  # for readers of a stream, when the server is stopped


class _Server(uvicorn.Server):
    """Says when it can be called."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def application(playground: Playground, *, page: bool) -> FastAPI:
    """The API at /v1, and with `page` the page at the root."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.mount(API_PATH, api.build(playground, api.Access.of(playground.settings)))
    if page:
        from playground.ui.page import mount

        mount(playground, app)
    return app


def serve(playground: Playground, *, page: bool, on_ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `on_ready` is told the address.

    The models are loaded while the visitor is reading the page.
    """
    settings = playground.settings
    host = f"[{settings.host}]" if ":" in settings.host else settings.host

    def ready() -> None:
        on_ready(f"http://{host}:{settings.port}")
        threading.Thread(target=playground.warm_up, name="warm-up", daemon=True).start()

    config = uvicorn.Config(
        application(playground, page=page),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_GOODBYE_SECONDS,
    )
    _Server(config, ready).run()
