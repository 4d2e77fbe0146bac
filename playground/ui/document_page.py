"""The address that shows a document of a knowledge base, and a passage in it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from playground.errors import PlaygroundError, UnknownName, UsageError, WholeNumberOutOfRange
from playground.ui.render import DOCUMENT_PATH
from playground.ui.render_document import document_page, error_page
from playground.ui.strings import language_from
from playground.ui.visit import Visits

_MAX_DIGITS = 12
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}


def document_route(visits: Visits) -> Route:
    """GET ?base=NAME&id=DOCUMENT, with &start=S&end=E for a passage in it."""

    def show(request: Request) -> HTMLResponse:
        language = language_from(request)
        base, id = (request.query_params.get(name, "") for name in ("base", "id"))
        try:
            document = visits.of(request).playground.bases.library.get(base).document(id)
            span = _span(request.query_params, len(document.text))
        except PlaygroundError as error:
            html = error_page(error.text(language), language)
            return HTMLResponse(html, _status(error), headers=_HEADERS)
        return HTMLResponse(document_page(base, document, span, language), headers=_HEADERS)

    return Route(f"/{DOCUMENT_PATH}", show, methods=["GET"])


def _status(error: PlaygroundError) -> int:
    if isinstance(error, UnknownName):
        return 404
    return 400 if isinstance(error, UsageError) else 409  # else the base must be seen to first


def _span(query: Mapping[str, str], length: int) -> tuple[int, int] | None:
    """The characters to mark. Raises WholeNumberOutOfRange if the document has no such ones."""
    if "start" not in query and "end" not in query:
        return None
    start = _offset(query, "start", 0, length)
    return start, _offset(query, "end", start, length)


def _offset(query: Mapping[str, str], field: str, minimum: int, maximum: int) -> int:
    value = query.get(field, "")
    known = value.isdecimal() and len(value) <= _MAX_DIGITS
    if not (known and minimum <= int(value) <= maximum):
        raise WholeNumberOutOfRange(field=field, value=value, minimum=minimum, maximum=maximum)
    return int(value)
