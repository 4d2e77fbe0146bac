"""A comparison as something to keep or send on: pure functions."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from html import escape
from urllib.parse import urlencode

from playground.comparisons import Asked
from playground.rounds import Pane, Round
from playground.types import Language, Source
from playground.ui import render
from playground.ui.render_document import whole_page
from playground.ui.strings import text

COMPARISON_PATH = "comparison"
_LABEL = 80


def links(round: Round, language: Language) -> str:
    """Where the comparison is saved in each format, and the address that asks the same."""
    asked = {"id": round.id, "lang": language}
    saved = " · ".join(
        f"<a href='{COMPARISON_PATH}?{escape(urlencode({**asked, 'format': ending}))}' download>"
        f"{name}</a>"
        for ending, name in (("html", "HTML"), ("md", "Markdown"), ("json", "JSON"))
    )
    again = escape(f"?{address(round)}")
    same = f"<a href='{again}'>{text('before.link', language)}</a>"
    return f"<p class='pg-links'>{text('before.save', language)} {saved} · {same}</p>"


def address(round: Round) -> str:
    """The query of the page's address that asks the same question in the same modes."""
    asked = {"q": round.question, "modes": ",".join(round.modes)}
    if round.panes and round.panes[0].knowledge:
        asked["knowledge"] = round.panes[0].knowledge
    return urlencode(asked)


def label(asked: Asked) -> str:
    """A comparison in a list."""
    when = time.strftime("%m-%d %H:%M", time.localtime(asked.created))
    question = " ".join(asked.question.split())
    return f"{when}  {question if len(question) <= _LABEL else question[: _LABEL - 1] + '…'}"


def as_json(round: Round, language: Language) -> str:
    """All that is known of it; texts of whole documents are left out."""
    told = {
        "question": round.question,
        "options": asdict(round.options),
        "answers": [_told(pane, language) for pane in round.panes],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _told(pane: Pane, language: Language) -> dict[str, object]:
    answer = pane.answer
    return {
        "mode": pane.mode,
        "status": pane.status,
        "knowledge": pane.knowledge,
        "adapter": pane.adapter,
        "server_model": pane.remote and pane.remote.model,
        "history": [asdict(message) for message in pane.history],
        "answer": pane.text,
        "error": pane.error and pane.error.text(language),
        "finish_reason": answer and answer.finish_reason,
        "outcome": answer and answer.outcome,
        "metrics": answer and asdict(answer.metrics),
        "sources": [_source(source) for source in answer.sources] if answer else [],
    }


def _source(source: Source) -> dict[str, object]:
    told = {"title": source.title, "start": source.start, "end": source.end, "page": source.page}
    return told if source.score is None else {**told, "score": source.score, "text": source.text}


def markdown(round: Round, language: Language) -> str:
    """The question, and each answer with its cost."""
    lines = [f"# {_line(round.question)}", ""]
    for pane in round.panes:
        lines += [f"## {text(f'mode.{pane.mode}', language)}", ""]
        for turn in pane.history:
            lines += [f"> **{text(f'role.{turn.role}', language)}** {_line(turn.content)}", ">"]
        said = pane.error.text(language) if pane.error else pane.text
        lines += ["", *said.strip().splitlines(), ""]
        lines += [f"- {name}: {value}" for name, value in _figures(pane, language)]
        sources = pane.answer.sources if pane.answer else ()
        lines += [f"- [{n}] {_line(source.title)}" for n, source in enumerate(sources, 1)]
        lines.append("")
    return "\n".join(lines)


def _line(content: str) -> str:
    return " ".join(content.split())


def _figures(pane: Pane, language: Language) -> Iterator[tuple[str, str]]:
    if pane.answer is None:
        return
    metrics = pane.answer.metrics
    yield text("cost.first", language), render.seconds(metrics.time_to_first_token, language)
    yield text("cost.total", language), render.seconds(metrics.total_seconds, language)
    yield text("cost.prompt", language), render.tokens(metrics.prompt_tokens, language)
    yield text("cost.answer", language), render.tokens(metrics.completion_tokens, language)


def page(round: Round, language: Language) -> str:
    """One file that needs nothing else."""
    panes = "".join(_pane(pane, language) for pane in round.panes)
    body = f"<header><h1>{escape(round.question)}</h1></header><main>{panes}</main>"
    return whole_page(round.question, body, language)


def _pane(pane: Pane, language: Language) -> str:
    turns = "".join(
        f"<p><b>{text(f'role.{turn.role}', language)}</b> {escape(turn.content)}</p>"
        for turn in pane.history
    )
    said = pane.error.text(language) if pane.error else pane.text
    figures = " · ".join(f"{name} {value}" for name, value in _figures(pane, language))
    sources = "".join(
        f"<li>{escape(source.title)}{_quoted(source)}</li>"
        for source in (pane.answer.sources if pane.answer else ())
    )
    listed = f"<ol>{sources}</ol>" if sources else ""
    return (
        f"<section><h2>{text(f'mode.{pane.mode}', language)}</h2>{turns}"
        f"<p class='said'>{escape(said)}</p><p><small>{figures}</small></p>{listed}</section>"
    )


def _quoted(source: Source) -> str:
    """Of a passage, its text; whole documents are only named."""
    return "" if source.score is None else f"<blockquote>{escape(source.passage)}</blockquote>"
