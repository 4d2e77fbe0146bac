"""From the answers of all modes to a question to a row of HTML: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from playground.evaluation import Failed, Marked
from playground.evaluation.questions import UNANSWERABLE
from playground.types import Language, Question
from playground.ui.evaluate_sides import Page, Sides
from playground.ui.render import note
from playground.ui.render_evaluate import kind_label, mode_label
from playground.ui.render_run import wide_table
from playground.ui.strings import text

# What stands before an answer: (sign, its class, the key of what it means).
_RIGHT = ("✓", "pg-right", "compared.right")
_WRONG = ("✗", "pg-wrong", "compared.wrong")
_UNMARKED = ("·", "pg-unmarked", "sides.unmarked")


def answer_page(page: Page, modes: Sequence[str], language: Language) -> str:
    """The questions of a page with each mode's answer."""
    if not page.total:
        return note(text("sides.none", language))
    heads = [text("sides.question", language), *(mode_label(mode, language) for mode in modes)]
    rows = [
        (
            _question(row.question, language),
            *(_cell(row, mode, language) for mode in modes),
        )
        for row in page.rows
    ]
    table = wide_table(heads, rows)
    return f"<div class='pg-sides' style='--columns:{len(heads)}'>{table}</div>"


def page_range(page: Page, language: Language) -> str:
    """Which questions the page shows."""
    last = page.first + len(page.rows)
    counts = {"first": page.first + 1, "last": last, "total": f"{page.total:,}"}
    return note(text("sides.range", language, **counts)) if page.total else ""


def _question(question: Question, language: Language) -> str:
    if question.kind == UNANSWERABLE:
        right = text("sides.unanswerable", language)
    elif question.answers:
        right = text("sides.accepted", language, answers=" | ".join(question.answers))
    else:
        right = text("sides.unscored", language)
    kind = kind_label(question.kind, language)
    return f"{escape(question.question)}<small>{escape(right)}</small><small>{escape(kind)}</small>"


def _cell(row: Sides, mode: str, language: Language) -> str:
    if mode not in row.answers:
        return f"<span class='pg-note' title='{text('sides.not_asked', language)}'>–</span>"
    given = row.answers[mode]
    return answer(given, language) if given else "<span class='pg-wait'>…</span>"


def answer(given: Marked, language: Language) -> str:
    """An answer with its mark and what it took, or the error in its place."""
    if isinstance(given.answer, Failed):
        return f"<div class='pg-error'>{escape(given.answer.text(language))}</div>"
    mark = _sign(given.mark.right if given.mark else None, language)
    said = escape(given.answer.text) or "–"
    took = text("unit.seconds", language, value=f"{given.answer.metrics.total_seconds:.2f}")
    if given.answer.finish_reason == "length":
        took += f" {text('compared.cut', language)}"
    chosen = _chosen(given, language)
    return f"<div class='pg-said' tabindex='0'>{mark} {said}</div>{chosen}<small>{took}</small>"


def _chosen(given: Marked, language: Language) -> str:
    """The option that was found likeliest, where that was asked."""
    if not given.mark or given.mark.chosen_right is None or isinstance(given.answer, Failed):
        return ""
    place = given.answer.chosen
    option = "–" if place is None else given.question.options[place]
    told = escape(text("sides.chosen", language, option=option))
    return f"<small>{_sign(given.mark.chosen_right, language)} {told}</small>"


def _sign(right: bool | None, language: Language) -> str:
    sign, css, key = _UNMARKED if right is None else _RIGHT if right else _WRONG
    label = text(key, language)
    return f"<b class='{css}' role='img' aria-label='{label}' title='{label}'>{sign}</b>"
