"""The API tab as HTML: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from playground.api import Access
from playground.remote import Remote
from playground.remote.tuning import RemoteEvent, RemoteJob
from playground.settings import Settings
from playground.types import Language
from playground.ui.strings import text


def address(settings: Settings, url: str, language: Language) -> str:
    """Where the API is, and whether it wants a key."""
    access = Access.of(settings)
    key = "api.closed" if access.is_closed else "api.key" if access.keys else "api.no_key"
    code = f"<code>{escape(url)}</code>"
    return f"<p class='pg-address'>{code}</p><p>{escape(text(key, language))}</p>"


def model_ids(cards: Iterable[Mapping[str, Any]], language: Language) -> str:
    """What may stand for `model`, and of which model an adapter is."""
    told = [(escape(card["id"]), escape(card.get("parent", "–"))) for card in cards]
    rows = "".join(f"<tr><td><code>{id}</code></td><td>{parent}</td></tr>" for id, parent in told)
    heads = "".join(
        f"<th scope='col'>{escape(text(key, language))}</th>" for key in ("api.id", "api.parent")
    )
    table = (
        f"<table class='pg-grid-table'><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )
    summary = escape(text("api.ids", language))
    return f"<details class='pg-fold'><summary>{summary}</summary>{table}</details>"


def job(job: RemoteJob, events: Sequence[RemoteEvent], language: Language) -> str:
    """A training on another server: how far it is, what it said lately, and what came of it."""
    told = text(f"tuning.{job.status}", language)
    head = f"<p><b>{escape(told)}</b> {escape(job.reason)}</p>"
    if job.tuned_model:
        made = text("remote.tuned", language, model=job.tuned_model)
        head += f"<p class='pg-note pg-chosen'>{escape(made)}</p>"
    lines = "".join(f"<li>{escape(event.message)}</li>" for event in events)
    return f"{head}<ul class='pg-said' tabindex='0'>{lines}</ul>"


def remote_state(remote: Remote | None, language: Language) -> str:
    """Which model answers in Ask, for this visitor."""
    if remote is None:
        return f"<p class='pg-note'>{escape(text('remote.none', language))}</p>"
    told = text("remote.chosen", language, model=remote.model, base_url=remote.base_url)
    return f"<p class='pg-note pg-chosen'>{escape(told)}</p>"
