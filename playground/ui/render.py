"""From values to HTML: pure functions, and the only place that writes markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

from playground.answering import Budget
from playground.modes import MODES
from playground.remote import Remote
from playground.rounds import Pane
from playground.types import Language, Message, Metrics, Reading, Source
from playground.ui.strings import text

DOCUMENT_PATH = "knowledge/document"


class Scale(NamedTuple):
    """What is drawn as a whole bar: the longest answer (seconds) and prompt (tokens) in view."""

    seconds: float
    prompt_tokens: int


def header(model: str, engine: str, language: Language, *, public: bool = False) -> str:
    """The page's name and what it is for; then what answers here."""
    title, tagline = text("title", language), text("tagline", language)
    answers = text("header.engine", language, model=escape(model), engine=escape(engine))
    head = f"<h1>{title}</h1><p>{tagline}</p><p class='pg-engine'>{answers}</p>"
    if public:
        head += f"<p class='pg-public'>{text('header.public', language)}</p>"
    return f"<header class='pg-header'><div>{head}</div>{_languages(language)}</header>"


def _languages(now: Language) -> str:
    """The switch; its buttons are read by language.js."""
    buttons = "".join(
        f"<button type='button' data-language='{language}' lang='{tag}'"
        f" aria-pressed='{str(language == now).lower()}'>{name}</button>"
        for language, tag, name in (("en", "en", "English"), ("zh", "zh-CN", "中文"))
    )
    return f"<div class='pg-languages' role='group' aria-label='Language / 语言'>{buttons}</div>"


def pane_head(pane: Pane, language: Language) -> str:
    """A column's title, and in a phrase what its mode did or does."""
    title = text(f"mode.{pane.mode}", language)
    did = _did(pane, language) if pane.prompt else text(f"hint.{pane.mode}", language)
    absent = pane.answer is not None and pane.answer.outcome == "not-in-knowledge"
    badge = f"<p class='pg-absent'>{text('answer.absent', language)}</p>" if absent else ""
    head = f"<div class='pg-head'><h3>{title}</h3><p>{escape(did)}</p></div>"
    return head + _talk(pane.history, language) + badge


def _talk(history: Sequence[Message], language: Language) -> str:
    """What was said before in this column."""
    turns = "".join(
        f"<p class='pg-said-{turn.role}'><small>{text(f'role.{turn.role}', language)}</small>"
        f" {escape(turn.content)}</p>"
        for turn in history
    )
    return f"<div class='pg-talk' tabindex='0'>{turns}</div>" if turns else ""


def _did(pane: Pane, language: Language) -> str:
    assert pane.prompt is not None
    count, passages, mode = len(pane.prompt.sources), pane.prompt.passages, MODES[pane.mode]
    parts = [text("did.none", language)]
    if mode.needs_knowledge:
        key = "did.documents" if passages is None else "did.passages"
        key = key if count else "did.nothing_found"
        parts = [text(key, language, count=count, passages=f"{passages or 0:,}")]
    if pane.answer and pane.answer.metrics.prompt_tokens:
        parts.append(tokens(pane.answer.metrics.prompt_tokens, language))
    if mode.tuned:
        parts.append(text("did.adapter", language, name=pane.adapter))
        if pane.taught:
            rows, took = pane.taught
            taught = {"rows": f"{rows:,}", "time": duration(took, language)}
            parts.append(text("did.taught", language, **taught))
    if pane.remote:
        parts.append(pane.remote.model)
    return " · ".join(parts)


def pane_foot(pane: Pane, scale: Scale, language: Language) -> str:
    """Under an answer: the wait, the error, or the numbers and sources."""
    if pane.error:
        return f"<div class='pg-error' role='alert'>{escape(pane.error.text(language))}</div>"
    if pane.status == "reading" and pane.reading:
        return _reading(pane.reading, language)
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
    numbers = costs(pane.answer.metrics, scale, language, remote=pane.remote)
    sources = source_list(pane.answer.sources, language, knowledge=pane.knowledge)
    return noted + _thoughts(pane.answer.reasoning, language) + numbers + sources


def _reading(reading: Reading, language: Language) -> str:
    read, total = reading.read_tokens, reading.prompt_tokens
    line = text("ask.read", language, read=f"{read:,}", total=f"{total:,}")
    if reading.seconds_left is not None:
        left = duration(reading.seconds_left, language)
        line += " · " + text("job.left", language, left=left)
    return meter(line, read / total)


def _thoughts(reasoning: str, language: Language) -> str:
    """What was thought aloud, apart from the answer and folded."""
    if not reasoning:
        return ""
    summary, told = text("answer.reasoning", language), escape(reasoning.strip())
    return f"<details class='pg-fold'><summary>{summary}</summary><pre>{told}</pre></details>"


def costs(
    metrics: Metrics, scale: Scale, language: Language, *, remote: Remote | None = None
) -> str:
    """An answer's cost, with bars to compare by; in money too where `remote` has prices."""
    first, total = metrics.time_to_first_token, metrics.total_seconds
    speed = metrics.tokens_per_second
    figures = [
        _figure("cost.first", seconds(first, language), language, first / max(scale.seconds, 1e-9)),
        _figure("cost.total", seconds(total, language), language, total / max(scale.seconds, 1e-9)),
        _figure(
            "cost.prompt",
            tokens(metrics.prompt_tokens, language),
            language,
            metrics.prompt_tokens / max(scale.prompt_tokens, 1),
        ),
        _figure(
            "cost.speed",
            text("unit.speed", language, value=f"{speed:.1f}") if speed else "–",
            language,
        ),
    ]
    more = " · ".join(_small_print(metrics, language, remote))
    return f"<dl class='pg-cost'>{''.join(figures)}</dl><p class='pg-note'>{more}</p>"


def _figure(key: str, value: str, language: Language, share: float | None = None) -> str:
    bar = ""
    if share is not None:
        bar = f"<span class='pg-bar' style='width:{100 * min(share, 1):.1f}%'></span>"
    return f"<div><dt>{text(key, language)}</dt><dd>{value}{bar}</dd></div>"


def _small_print(metrics: Metrics, language: Language, remote: Remote | None) -> Iterator[str]:
    answer = tokens(metrics.completion_tokens, language)
    yield f"{text('cost.answer', language)} {answer}"
    if metrics.prepare_seconds >= 0.001:
        yield f"{text('cost.prepare', language)} {seconds(metrics.prepare_seconds, language)}"
    if metrics.cached_tokens:
        yield text("cost.cached", language, count=f"{metrics.cached_tokens:,}")
    if metrics.left_out_tokens:
        left_out = tokens(metrics.left_out_tokens, language)
        yield f"{text('cost.left_out', language)} <strong>{left_out}</strong>"
    if remote and remote.is_priced:
        money = remote.cost(metrics.prompt_tokens, metrics.completion_tokens)
        yield f"{text('cost.money', language)} {money:.6f}"


def seconds(value: float, language: Language) -> str:
    """As "1.25 s"."""
    return text("unit.seconds", language, value=f"{value:.2f}")


def tokens(value: int, language: Language) -> str:
    """As "1,250 tokens"."""
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
        where.append(link(source_url(knowledge, source, language), text("source.open", language)))
    return (
        f"<details class='pg-source' {'open' if unfolded else ''}>"
        f"<summary>[{number}] {escape(source.title)} {details}</summary>"
        f"<p class='pg-where'>{''.join(where)}</p>"
        f"<blockquote>{escape(source.passage)}</blockquote></details>"
    )


def source_url(knowledge: str, source: Source, language: Language) -> str:
    """Where the document of a source is shown, at its passage; from its top if it is all of it."""
    if source.score is None:
        return document_url(knowledge, source.document_id, language)
    return document_url(knowledge, source.document_id, language, span=(source.start, source.end))


def document_url(
    knowledge: str, document_id: str, language: Language, *, span: tuple[int, int] | None = None
) -> str:
    """Where a document of a base is shown, relative to the page."""
    query: dict[str, str | int] = {"base": knowledge, "id": document_id, "lang": language}
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
    return f"<div class='pg-table' tabindex='0'><table><tr>{head}</tr>{body}</table></div>"


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
        f"<div class='pg-meter' role='meter' aria-label='{line}' aria-valuenow='{100 * share:.0f}'"
        " aria-valuemin='0' aria-valuemax='100'>"
        f"<span style='width:{100 * share:.1f}%'></span></div></div>"
    )


def meter(line: str, share: float) -> str:
    """How far something is, in words and as a bar."""
    width = f"{100 * min(1, share):.1f}%"
    bar = f"<div class='pg-meter'><span style='width:{width}'></span></div>"
    return f"<div class='pg-budget pg-job' role='status'>{escape(line)}{bar}</div>"


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
