"""/files: what is uploaded to be trained on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Query, Response, UploadFile

from playground.api.access import UPLOAD_BYTES
from playground.api.file_store import FileStore, StoredFile
from playground.errors import NotAChoice

_PURPOSE = "fine-tune"


def router(files: FileStore) -> APIRouter:
    """The routes, over `files`."""
    routes = APIRouter(prefix="/files", max_body_size=UPLOAD_BYTES)

    @routes.post("", response_model=None)
    def upload(
        file: Annotated[UploadFile, File()], purpose: Annotated[str, Form()]
    ) -> dict[str, Any]:
        if purpose != _PURPOSE:
            raise NotAChoice(field="purpose", value=purpose, choices=_PURPOSE)
        return _object(files.add(file.filename or "upload", file.file.read(), purpose))

    @routes.get("", response_model=None)
    def listed(
        purpose: str | None = None,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 10_000,
        after: str | None = None,
        order: Literal["asc", "desc"] = "desc",
    ) -> dict[str, Any]:
        found = [file for file in files.list() if purpose in (None, file.purpose)]
        objects = [_object(file) for file in (found if order == "desc" else found[::-1])]
        return page(objects, limit, after)

    @routes.get("/{id}", response_model=None)
    def retrieve(id: str) -> dict[str, Any]:
        return _object(files.get(id))

    @routes.get("/{id}/content", response_model=None)
    def content(id: str) -> Response:
        return Response(files.content(id), media_type="application/octet-stream")

    @routes.delete("/{id}", response_model=None)
    def delete(id: str) -> dict[str, Any]:
        files.delete(id)
        return {"id": id, "object": "file", "deleted": True}

    return routes


def page(objects: list[dict[str, Any]], limit: int, after: str | None) -> dict[str, Any]:
    """A list as OpenAI pages it: `limit` objects from behind the one with the id `after`."""
    ids = [one["id"] for one in objects]
    start = ids.index(after) + 1 if after in ids else 0
    shown = objects[start : start + limit]
    return {
        "object": "list",
        "data": shown,
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
        "has_more": start + limit < len(objects),
    }


def _object(file: StoredFile) -> dict[str, Any]:
    return {**asdict(file), "object": "file", "status": "processed"}
