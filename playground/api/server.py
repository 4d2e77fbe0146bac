"""The API's routes, put together."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp

from playground.api import chat, embeddings, files, jobs, lora_adapters, model_ids
from playground.api.access import BODY_BYTES, Access, Gate
from playground.api.envelope import install
from playground.api.file_store import FileStore
from playground.api.slots import Slots
from playground.app import Playground

_RUNNING, _WAITING = 8, 64


def build(playground: Playground, access: Access) -> ASGIApp:
    """An application to be mounted at /v1, behind its gate."""
    app = FastAPI(
        title="Context Playground", docs_url=None, redoc_url=None, max_body_size=BODY_BYTES
    )
    install(app)
    store = FileStore(playground.settings.files_dir)
    app.include_router(_models(playground))
    app.include_router(chat.router(playground, Slots(_RUNNING, _WAITING)))
    app.include_router(embeddings.router(playground))
    app.include_router(files.router(store))
    app.include_router(jobs.router(playground, store))
    app.include_router(lora_adapters.router(playground))
    return Gate(app, access)


def _models(playground: Playground) -> APIRouter:
    routes = APIRouter(prefix="/models")

    @routes.get("", response_model=None)
    def listed() -> dict[str, Any]:
        return {"object": "list", "data": list(model_ids.cards(playground))}

    @routes.get("/{id:path}", response_model=None)
    def retrieve(id: str) -> dict[str, Any]:
        return model_ids.card_of(id, playground)

    return routes
