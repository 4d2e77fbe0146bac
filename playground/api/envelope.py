"""Errors as OpenAI's clients expect them: a status, and `error` with a message, type and code."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from playground.errors import (
    AdapterNameTaken,
    InvalidSetting,
    LoraPathsOff,
    ModelError,
    OverWindow,
    ParameterRefused,
    PlaygroundError,
    RemoteAdapterUnknown,
    RemoteBusy,
    RemoteModelUnknown,
    RunFinished,
    RunGoesOn,
    TooManyWaiting,
    Unexpected,
    UnknownName,
)
from playground.types import Language

_WRONG = (400, None, None)
_STATUSES = (
    ((RunGoesOn, RunFinished, AdapterNameTaken), (409, None, "conflict")),
    (LoraPathsOff, (403, None, "lora_paths_off")),
    (TooManyWaiting, (429, None, "too_many_waiting")),
    (RemoteBusy, (429, None, "server_busy")),
    ((RemoteModelUnknown, RemoteAdapterUnknown), (404, "model", "model_not_found")),
    (ModelError, (503, None, "model_unavailable")),
    (Unexpected, (500, None, "internal_error")),
)
_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def envelope(
    status: int,
    message: str,
    *,
    param: str | None = None,
    code: str | None = None,
) -> dict[str, Any]:
    """The body of an error."""
    kind = _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def refusal(
    status: int,
    message: str,
    *,
    param: str | None = None,
    code: str | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """A response that says what was wrong."""
    return JSONResponse(envelope(status, message, param=param, code=code), status, headers)


def status_of(error: PlaygroundError) -> tuple[int, str | None, str | None]:
    """HTTP status, parameter and code of an error."""
    match error:
        case UnknownName(details={"kind": kind}):
            found = kind in ("model", "adapter", "knowledge base")
            return 404, "model" if found else None, "model_not_found" if found else "not_found"
        case OverWindow():
            return 400, "messages", "context_length_exceeded"
        case ParameterRefused(details={"param": param}):
            return 400, str(param), "unsupported_parameter"
        case InvalidSetting(details=details):
            return 400, str(details.get("field", "")) or None, "invalid_value"
        case _:
            return next((told for kinds, told in _STATUSES if isinstance(error, kinds)), _WRONG)


def body_of(error: PlaygroundError, language: Language = "en") -> tuple[int, dict[str, Any]]:
    """Status and body of an error."""
    status, param, code = status_of(error)
    return status, envelope(status, error.text(language), param=param, code=code)


def language_of_reader(request: Request) -> Language:
    """Which language the client prefers."""
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


def install(app: FastAPI) -> None:
    """Let every error of `app` come in the envelope."""

    @app.exception_handler(PlaygroundError)
    async def said(request: Request, error: PlaygroundError) -> JSONResponse:
        status, body = body_of(error, language_of_reader(request))
        seconds = error.details.get("seconds") if isinstance(error, TooManyWaiting) else None
        return JSONResponse(body, status, {"Retry-After": str(seconds)} if seconds else None)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = [str(part) for part in first["loc"] if part not in ("body", "path", "query")]
        param = ".".join(where) or None
        message = f"{param}: {first['msg']}" if param else first["msg"]
        return refusal(400, message, param=param, code="invalid_value")

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> JSONResponse:
        message = error.detail
        if error.status_code == 404:
            message = f"There is no {request.method} {request.url.path} here."
        headers = dict(error.headers) if error.headers else None
        return refusal(error.status_code, message, headers=headers)

    @app.exception_handler(Exception)
    async def defect(_: Request, error: Exception) -> JSONResponse:
        return refusal(500, Unexpected.of(error).text("en"), code="internal_error")
