"""From knowledge bases and the work on them to HTML: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from playground.errors import DocumentError
from playground.jobs import JobState
from playground.retrieval import DocumentInfo
from playground.types import Language, Source
from playground.ui.render import (
    document_url,
    duration,
    link,
    meter,
    note,
    notice,
    source_card,
    waiting,
    warning,
)
from playground.ui.strings import text

_ROWS_SHOWN = 1000
_WARNINGS_SHOWN = 5
_ERRORS_SHOWN_MEANWHILE = 20  # a running job is drawn each second


def document_table(base: str, documents: Sequence[DocumentInfo], language: Language) -> str:
    """The documents of a base, their sums, and the pages that hold no text."""
    summary = text(
        "knowledge.summary",
        language,
        documents=f"{len(documents):,}",
        passages=f"{sum(info.chunks for info in documents):,}",
        tokens=f"{sum(info.tokens for info in documents):,}",
    )
    if not documents:
        empty = text("knowledge.empty", language)
        return f"<p>{summary}</p><p class='pg-wait'>{empty}</p>"
    heads = text("knowledge.columns", language).split("|")
    head = "".join(f"<th scope='col'>{cell}</th>" for cell in heads)
    body = "".join(_row(base, info, language) for info in documents[:_ROWS_SHOWN])
    more = _more(len(documents) - _ROWS_SHOWN, language)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    warnings = _warnings(documents, language)
    scrolled = f"<div class='pg-table pg-documents' tabindex='0'>{table}</div>"
    return f"<p>{summary}</p>{warnings}{scrolled}{more}"


def _row(base: str, info: DocumentInfo, language: Language) -> str:
    pages = f"{info.pages:,}" if info.pages else ""
    if info.pages_without_text:
        pages += f" <span title='{escape(page_warning(info, language))}'>⚠</span>"
    added = datetime.fromtimestamp(info.added_at).strftime("%Y-%m-%d %H:%M")
    title = link(document_url(base, info.id, language), info.title)
    cells = (title, f"{info.tokens:,}", f"{info.chunks:,}", pages, added)
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _warnings(documents: Sequence[DocumentInfo], language: Language) -> str:
    lines = [page_warning(info, language) for info in documents if info.pages_without_text]
    shown = "".join(
        f"<div class='pg-warning' role='note'>{escape(line)}</div>"
        for line in lines[:_WARNINGS_SHOWN]
    )
    return shown + _more(len(lines) - _WARNINGS_SHOWN, language)


def page_warning(info: DocumentInfo, language: Language) -> str:
    """Which pages of a document hold no text."""
    missing = info.pages_without_text
    key = "knowledge.blank_page" if len(missing) == 1 else "knowledge.blank_pages"
    return text(key, language, title=info.title, pages=page_ranges(missing, language))


def page_ranges(pages: Sequence[int], language: Language) -> str:
    """3, 7, 8 and 9 as "3, 7-9"."""
    ranges: list[tuple[int, int]] = []
    for page in pages:
        if ranges and ranges[-1][1] == page - 1:
            ranges[-1] = (ranges[-1][0], page)
        else:
            ranges.append((page, page))
    comma = "、" if language == "zh" else ", "
    return comma.join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def job_status(state: JobState | None, language: Language) -> str:
    """What is being done to a base, how fast, and what could not be done."""
    if state is None:
        return ""
    if not state.done:
        return _running(state, language) + _errors(state.errors, language, _ERRORS_SHOWN_MEANWHILE)
    lines = []
    if state.failure:
        lines.append(notice(state.failure.text(language), error=True))
    if state.stopped:
        count = f"{state.stored:,}"
        lines.append(warning(text("job.stopped", language, count=count)))
    elif state.stored:
        lines.append(notice(text("job.done", language, count=f"{state.stored:,}")))
    elif not (state.failure or state.errors):
        lines.append(notice(text("job.nothing", language)))
    return "".join(lines) + _errors(state.errors, language, len(state.errors))


def _running(state: JobState, language: Language) -> str:
    progress = state.progress
    if progress is None:
        return waiting(text("job.starting", language))
    parts = [text(f"progress.{progress.step}", language, subject=progress.subject)]
    if progress.total is None:
        parts.append(f"{progress.done:,}")
    else:
        parts.append(f"{progress.done:,} / {progress.total:,}")
    if state.rate:
        parts.append(text(f"rate.{progress.step}", language, rate=_rate(state.rate)))
    if state.seconds_left is not None:
        left = duration(state.seconds_left, language)
        parts.append(text("job.left", language, left=left))
    line = " · ".join(parts)
    told = meter(line, progress.done / progress.total) if progress.total else waiting(line)
    return told + note(text("job.stopping" if state.stopping else "job.goes_on", language))


def _rate(rate: float) -> str:
    return f"{rate:.1f}" if rate < 10 else f"{rate:,.0f}"


def _errors(errors: Sequence[DocumentError], language: Language, most: int) -> str:
    lines = "".join(notice(error.text(language), error=True) for error in errors[:most])
    more = _more(len(errors) - most, language)
    return f"<div class='pg-lines' tabindex='0'>{lines}{more}</div>" if errors else ""


def _more(count: int, language: Language) -> str:
    if count <= 0:
        return ""
    return f"<p class='pg-note'>{text('list.more', language, count=f'{count:,}')}</p>"


def document_view(base: str, id: str, title: str, language: Language) -> str:
    """A document, shown inside the page, and a link to it alone."""
    url = document_url(base, id, language)
    alone = link(url, text("document.alone", language))
    frame = f"<iframe class='pg-document' src='{escape(url)}' title='{escape(title)}'></iframe>"
    return f"<p class='pg-where'>{alone}</p>{frame}"


def search_results(base: str, found: Sequence[Source], language: Language) -> str:
    """The passages that rag would use, the first one unfolded."""
    cards = [
        source_card(number, source, language, knowledge=base, unfolded=number == 1)
        for number, source in enumerate(found, 1)
    ]
    return "".join(cards) or notice(text("knowledge.none", language))
