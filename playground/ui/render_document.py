"""A whole document as an HTML page of its own, with a passage marked: pure functions."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from playground.types import Document, Language
from playground.ui.strings import text

_STYLE = Path(__file__).with_name("document.css").read_text(encoding="utf-8")
_LOCALES = {"en": "en", "zh": "zh-CN"}


def document_page(
    base: str, document: Document, span: tuple[int, int] | None, language: Language
) -> str:
    """The text of `document` with its pages; the characters of `span` stand out."""
    facts = [text("document.base", language, name=base)]
    if pages := len(document.page_starts):
        facts.append(text("unit.pages", language, value=f"{pages:,}"))
    facts.append(text("unit.characters", language, value=f"{len(document.text):,}"))
    marked = "".join(_pieces(document, span or (0, 0), language))
    head = f"<h1>{escape(document.title)}</h1><p>{escape(' · '.join(facts))}</p>"
    body = f"<header>{head}</header><main>{marked}</main>"
    return whole_page(document.title, body, language)


def error_page(message: str, language: Language) -> str:
    """Why there is no document to show."""
    body = f"<p class='error' role='alert'>{escape(message)}</p>"
    return whole_page(text("title", language), body, language)


def whole_page(title: str, body: str, language: Language) -> str:
    """A page of its own, in the style of all of them."""
    return (
        f"<!doctype html><html lang='{_LOCALES[language]}'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{body}</body></html>"
    )


def _pieces(document: Document, span: tuple[int, int], language: Language) -> Iterator[str]:
    """The text, cut where a page or the passage begins or ends: a mark cannot hold a page's."""
    start, end = span
    page_at: dict[int, list[int]] = {}
    for page, offset in enumerate(document.page_starts, 1):
        page_at.setdefault(offset, []).append(page)
    length = len(document.text)
    cuts = sorted({0, length, start, end, *page_at})
    for begin, stop in zip(cuts, [*cuts[1:], length], strict=True):
        for page in page_at.get(begin, ()):
            label = text("source.page", language, page=page)
            yield f"<div class='page' id='page-{page}'>{label}</div>"
        piece = escape(document.text[begin:stop])
        if start <= begin < end:
            anchor = " id='passage'" if begin == start else ""
            yield f"<mark{anchor}>{piece}</mark>"
        else:
            yield piece
