"""vLLM's way to add and remove adapters while the server runs."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from pydantic import Field

from playground.api.schema import Lenient
from playground.app import Playground
from playground.errors import LoraPathsOff


class LoadRequest(Lenient):
    lora_name: str
    lora_path: str = Field(max_length=4096)


class UnloadRequest(Lenient):
    lora_name: str


def router(playground: Playground) -> APIRouter:
    """The routes, over `playground`."""
    routes = APIRouter()

    @routes.post("/load_lora_adapter", response_model=None)
    def load(body: LoadRequest) -> PlainTextResponse:
        if not playground.settings.allow_lora_paths:
            raise LoraPathsOff
        model = playground.settings.model
        playground.adapters.add(body.lora_name, Path(body.lora_path), model=model)
        return PlainTextResponse(f"Success: LoRA adapter '{body.lora_name}' added successfully.")

    @routes.post("/unload_lora_adapter", response_model=None)
    def unload(body: UnloadRequest) -> PlainTextResponse:
        playground.adapters.remove_added(body.lora_name)
        return PlainTextResponse(f"Success: LoRA adapter '{body.lora_name}' removed successfully.")

    return routes
