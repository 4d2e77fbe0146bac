"""From values to HTML: pure functions, and the only place that writes markup."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from playground.answering import Budget
from playground.modes import MODES
from playground.remote import Remote
from playground.types import Language, Metrics, Source
from playground.ui.panes import Pane
from playground.ui.strings import text

DOCUMENT_PATH = "knowledge/document"


def header(model: str, engine: str, language: Language) -> str:
    """The page's name and what it is for; then what answers here."""
    title, tagline = text("title", language), text("tagline", language)
    answers = text("header.engine", language, model=escape(model), engine=escape(engine))
    head = f"<h1>{title}</h1><p>{tagline}</p><p class='pg-engine'>{answers}</p>"
    return f"<header class='pg-header'>{head}</header>"


def pane_head(pane: Pane, language: Language) -> str:
    """A column's title, and in a phrase what its mode did or does."""
    title = text(f"mode.{pane.mode}", language)
    did = _did(pane, language) if pane.prompt else text(f"hint.{pane.mode}", language)
    absent = pane.answer is not None and pane.answer.outcome == "not-in-knowledge"
    badge = f"<p class='pg-absent'>{text('answer.absent', language)}</p>" if absent else ""
    return f"<div class='pg-head'><h3>{title}</h3><p>{escape(did)}</p></div>{badge}"


def _did(pane: Pane, language: Language) -> str:
    assert pane.prompt is not None
    count, passages, mode = len(pane.prompt.sources), pane.prompt.passages, MODES[pane.mode]
    parts = [text("did.none", language)]
    if mode.needs_knowledge:
        key = "did.documents" if passages is None else "did.passages"
        key = key if count else "did.nothing_found"
        parts = [text(key, language, count=count, passages=f"{passages or 0:,}")]
    if mode.tuned:
        parts.append(text("did.adapter", language, name=pane.adapter))
    if pane.remote:
        parts.append(pane.remote.model)
    return " · ".join(parts)


def pane_foot(pane: Pane, slowest: float, language: Language) -> str:
    """Under an answer: the wait, the error, or the numbers and sources."""
    if pane.error:
        return f"<div class='pg-error' role='alert'>{escape(pane.error.text(language))}</div>"
    if pane.status in ("waiting", "reading", "stopped"):
        return f"<p class='pg-wait'>{text(f'ask.{pane.status}', language)}</p>"
    if pane.answer is None:
        return ""
    notes = []
    if pane.answer.finish_reason == "length":
        notes.append(text("finish.length", language))
    if removed := pane.answer.removed_citations:
        notes.append(text("answer.removed_citations", language, count=removed))
    if pane.answer.metrics.is_estimated:
        notes.append(text("answer.estimated", language))
    noted = "".join(f"<p class='pg-note'>{note}</p>" for note in notes)
    numbers = metrics_table(pane.answer.metrics, slowest, language, remote=pane.remote)
    sources = source_list(pane.answer.sources, language, knowledge=pane.knowledge)
    return noted + _thoughts(pane.answer.reasoning, language) + numbers + sources


def _thoughts(reasoning: str, language: Language) -> str:
    """What was thought aloud, apart from the answer and folded."""
    if not reasoning:
        return ""
    summary, told = text("answer.reasoning", language), escape(reasoning.strip())
    return f"<details class='pg-fold'><summary>{summary}</summary><pre>{told}</pre></details>"


def metrics_table(
    metrics: Metrics, slowest: float, language: Language, *, remote: Remote | None = None
) -> str:
    """An answer's cost, in money too where `remote` has prices.

    Bars are drawn against `slowest`, the longest total in view (seconds).
    """
    seconds = [
        ("cost.first", metrics.time_to_first_token),
        ("cost.total", metrics.total_seconds),
    ]
    rows = [
        _row(text(key, language), _seconds(value, language), value / max(slowest, 1e-9))
        for key, value in seconds
    ]
    if metrics.prepare_seconds >= 0.001:
        prepare = _seconds(metrics.prepare_seconds, language)
        rows.insert(1, _row(text("cost.prepare", language), prepare))
    if metrics.tokens_per_second:
        speed = text("unit.speed", language, value=f"{metrics.tokens_per_second:.1f}")
        rows.append(_row(text("cost.speed", language), speed))
    prompt = _tokens(metrics.prompt_tokens, language)
    if metrics.cached_tokens:
        cached = text("cost.cached", language, count=f"{metrics.cached_tokens:,}")
        prompt += f" <small>({cached})</small>"
    rows.append(_row(text("cost.prompt", language), prompt))
    rows.append(_row(text("cost.answer", language), _tokens(metrics.completion_tokens, language)))
    if metrics.left_out_tokens:
        left_out = _tokens(metrics.left_out_tokens, language)
        rows.append(_row(text("cost.left_out", language), f"<strong>{left_out}</strong>"))
    if remote and remote.is_priced:
        money = remote.cost(metrics.prompt_tokens, metrics.completion_tokens)
        rows.append(_row(text("cost.money", language), f"{money:.6f}"))
    return f"<table class='pg-cost'>{''.join(rows)}</table>"


def _row(label: str, value: str, share: float | None = None) -> str:
    bar = ""
    if share is not None:
        bar = f"<span class='pg-bar' style='width:{100 * min(share, 1):.1f}%'></span>"
    return f"<tr><th scope='row'>{label}</th><td>{value}{bar}</td></tr>"


def _seconds(value: float, language: Language) -> str:
    return text("unit.seconds", language, value=f"{value:.2f}")


def _tokens(value: int, language: Language) -> str:
    return text("unit.tokens", language, value=f"{value:,}")


def source_list(
    sources: Sequence[Source], language: Language, *, knowledge: str | None = None
) -> str:
    """Numbered sources that unfold to their text."""
    if not sources:
        return ""
    summary = text("sources", language, count=len(sources))
    items = "".join(
        source_card(number, source, language, knowledge=knowledge)
        for number, source in enumerate(sources, 1)
    )
    return f"<details class='pg-sources'><summary>{summary}</summary>{items}</details>"


def source_card(
    number: int,
    source: Source,
    language: Language,
    *,
    knowledge: str | None = None,
    unfolded: bool = False,
) -> str:
    """One source: where it is from, its scores, and its text; with `knowledge`, a link to it."""
    facts = []
    if source.page:
        facts.append(text("source.page", language, page=source.page))
    for key, score, digits in (
        ("source.score", source.score, 4),
        ("source.dense", source.dense_score, 2),
        ("source.lexical", source.lexical_score, 1),
    ):
        if score is not None:
            facts.append(text(key, language, score=f"{score:.{digits}f}"))
    details = f"<small>{' · '.join(facts)}</small>" if facts else ""
    where = [f"<span class='pg-headings'>{escape(source.headings)}</span>"]
    if knowledge:
        where.append(link(source_url(knowledge, source), text("source.open", language)))
    return (
        f"<details class='pg-source' {'open' if unfolded else ''}>"
        f"<summary>[{number}] {escape(source.title)} {details}</summary>"
        f"<p class='pg-where'>{''.join(where)}</p>"
        f"<blockquote>{escape(source.passage)}</blockquote></details>"
    )


def source_url(knowledge: str, source: Source) -> str:
    """Where the document of a source is shown, at its passage; from its top if it is all of it."""
    if source.score is None:
        return document_url(knowledge, source.document_id)
    return document_url(knowledge, source.document_id, span=(source.start, source.end))


def document_url(knowledge: str, document_id: str, *, span: tuple[int, int] | None = None) -> str:
    """Where a document of a base is shown, relative to the page."""
    query: dict[str, str | int] = {"base": knowledge, "id": document_id}
    if span is None:
        return f"{DOCUMENT_PATH}?{urlencode(query)}"
    start, end = span
    return f"{DOCUMENT_PATH}?{urlencode({**query, 'start': start, 'end': end})}#passage"


def link(url: str, label: str) -> str:
    """A link that opens beside the page."""
    return f"<a href='{escape(url)}' target='_blank' rel='noopener'>{escape(label)}</a>"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A plain table; the cells are escaped."""
    head = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<div class='pg-table'><table><tr>{head}</tr>{body}</table></div>"


def budget_meter(budget: Budget, language: Language) -> str:
    """How full the window would be, as a bar and in words."""
    figures = {
        "prompt": f"{budget.prompt_tokens:,}",
        "answer": f"{budget.max_tokens:,}",
        "window": f"{budget.context_window:,}",
    }
    line = text("budget.line" if budget.fits else "budget.over", language, **figures)
    share = min(1, (budget.prompt_tokens + budget.max_tokens) / budget.context_window)
    state = "" if budget.fits else " pg-over"
    return (
        f"<div class='pg-budget{state}'><span>{line}</span>"
        f"<div class='pg-meter' role='meter' aria-valuenow='{100 * share:.0f}' aria-valuemin='0'"
        f" aria-valuemax='100'><span style='width:{100 * share:.1f}%'></span></div></div>"
    )


def notice(message: str, *, error: bool = False) -> str:
    """A line about what has just happened."""
    role, kind = ("alert", "pg-error") if error else ("status", "pg-done")
    return f"<div class='{kind}' role='{role}'>{escape(message)}</div>"


def waiting(message: str) -> str:
    """A line about what is going on."""
    return f"<p class='pg-wait' role='status'>{escape(message)}</p>"


def note(message: str) -> str:
    """A line of small print."""
    return f"<p class='pg-note'>{escape(message)}</p>"


def warning(message: str) -> str:
    """A line about what to look at."""
    return f"<div class='pg-warning' role='note'>{escape(message)}</div>"


def duration(seconds: float, language: Language) -> str:
    """Seconds, or minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    value = f"{minutes}:{rest:02}" if minutes else str(rest)
    return text("unit.minutes" if minutes else "unit.seconds", language, value=value)
