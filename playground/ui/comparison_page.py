"""The addresses at which a visitor saves a comparison of theirs, as a file."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from playground.errors import PlaygroundError
from playground.rounds import Round
from playground.types import Language
from playground.ui import render_comparison
from playground.ui.render_comparison import COMPARISON_PATH
from playground.ui.strings import language_from
from playground.ui.visit import Visits

_FORMATS: dict[str, tuple[str, Callable[[Round, Language], str]]] = {
    "html": ("text/html", render_comparison.page),
    "md": ("text/markdown", render_comparison.markdown),
    "json": ("application/json", render_comparison.as_json),
}


def comparison_route(visits: Visits) -> Route:
    """GET ?id=COMPARISON&format=FORMAT."""

    def show(request: Request) -> Response:
        language = language_from(request)
        media_type, written = _FORMATS.get(request.query_params.get("format", ""), (None, None))
        if written is None:
            return PlainTextResponse(f"format: {', '.join(_FORMATS)}", 400)
        id = request.query_params.get("id", "")
        try:
            round = visits.of(request).asking.get(id)
        except PlaygroundError as error:
            return PlainTextResponse(error.text(language), 404)
        ending = request.query_params["format"]
        headers = {
            "Content-Disposition": f'attachment; filename="comparison.{ending}"',
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            "Cache-Control": "no-store",
        }
        return Response(written(round, language), media_type=media_type, headers=headers)

    return Route(f"/{COMPARISON_PATH}", show, methods=["GET"])
