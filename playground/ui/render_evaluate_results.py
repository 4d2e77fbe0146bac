"""From the answers of an evaluation to its figures as HTML: pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape

from playground.charts import scatter
from playground.evaluation import (
    Evaluation,
    Judged,
    Marked,
    ModeSummary,
    Share,
    Versus,
    summarise,
    versus,
)
from playground.reports.figures import dots, scripts_of
from playground.reports.numbers import both, chance, number
from playground.types import Language
from playground.ui.render import note, table
from playground.ui.render_evaluate import kind_label, mode_label
from playground.ui.strings import text

_FEW = 30  # questions
_RARE = 0.05
_TEXT = ("exact", "f1", "rouge", "length", "refused", "false", "errors")
_TIME = ("first", "cold", "warm", "total", "speed", "prompt")
_PAIRS = ("both", "onlyfirst", "onlysecond", "neither", "difference", "p")
_RETRIEVAL = ("searched", "hitone", "hitk", "recall", "mrr", "ndcg")


def results(
    evaluation: Evaluation,
    answers: Sequence[Marked],
    language: Language,
    *,
    without: Collection[str] = (),
    judged: Sequence[Judged] = (),
) -> str:
    """All figures of the answers so far, but those to the questions (by key) `without`.

    `judged` is what other models said of all the answers.
    """
    summaries = summarise(answers, without=without)
    if not summaries:
        return note(text("figures.none", language))
    pairs = versus(answers, without=without)
    few = max(one.right.total for one in summaries) < _FEW
    parts = (
        ("figures.right", _right(summaries, language)),
        ("", note(text("figures.too_few", language)) if few else ""),
        ("", _chart(summaries, language)),
        ("figures.text", _text(summaries, scripts_of(evaluation.questions), language)),
        ("figures.time", _time(summaries, language)),
        ("figures.pairs", _pairs(pairs, language)),
        ("figures.retrieval", _retrieval(summaries, language)),
        ("judged.title", _judged(judged, language)),
    )
    shown = "".join(
        (f"<h4>{text(title, language)}</h4>" if title else "") + part
        for title, part in parts
        if part
    )
    return shown + _legend(language) + _setup(evaluation, language)


# ---------------------------------------------------------------- right answers


def _right(summaries: Sequence[ModeSummary], language: Language) -> str:
    kinds = dict.fromkeys(kind for one in summaries for kind in one.by_kind)
    heads = [_head("mode", language), _head("right", language)]
    heads += [escape(kind_label(kind, language)) for kind in kinds]
    rows = [
        (
            mode_label(one.mode, language),
            share(one.right),
            *(_count(one.by_kind.get(kind)) for kind in kinds),
        )
        for one in summaries
    ]
    return _grid(heads, rows)


def share(of: Share) -> str:
    """A share in per cent with its interval: in figures, and as a bar from 0 to 100 %."""
    if not of.total:
        return "–"
    low, high = of.interval
    bar = (
        f"<i style='left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%'></i>"
        f"<b style='left:{100 * of.value:.1f}%'></b>"
    )
    return (
        f"<b>{of.value:.0%}</b> <small>{of.count}/{of.total} · {low:.0%}–{high:.0%}</small>"
        f"<span class='pg-interval' aria-hidden='true'>{bar}</span>"
    )


def _count(of: Share | None) -> str:
    if of is None or not of.total:
        return "–"
    return f"{of.value:.0%} <small>{of.count}/{of.total}</small>"


def _chart(summaries: Sequence[ModeSummary], language: Language) -> str:
    marks = dots(summaries, language)
    if not marks:
        return ""
    drawn = scatter(text("scatter.title", language), marks, x_label=text("scatter.x", language))
    return drawn + note(text("scatter.note", language))


# ---------------------------------------------------------------- the other tables


def _text(summaries: Sequence[ModeSummary], scripts: str, language: Language) -> str:
    chosen = any(one.multiple_choice.total for one in summaries)
    heads = [_head("mode", language)]
    for name in _TEXT:
        heads.append(_head(name, language, scripts if name in ("exact", "f1") else ""))
    rows = []
    for one in summaries:
        cells = [
            mode_label(one.mode, language),
            _count(one.exact_match),
            number(one.f1, ".2f"),
            number(one.rouge_l, ".2f"),
            number(one.characters, ",.0f"),
            _count(one.refusals),
            _count(one.false_answers),
            f"<b class='pg-wrong'>{one.failed:,}</b>" if one.failed else "0",
        ]
        rows.append(cells + [_count(one.multiple_choice)] * chosen)
    return _grid(heads + [_head("choice", language)] * chosen, rows)


def _time(summaries: Sequence[ModeSummary], language: Language) -> str:
    heads = [_head(name, language) for name in ("mode", *_TIME)]
    rows = [
        (
            mode_label(one.mode, language),
            both(one.time_to_first_token),
            both(one.cold),
            both(one.warm),
            both(one.total_seconds),
            number(one.tokens_per_second and one.tokens_per_second.p50, ",.1f"),
            number(one.prompt_tokens and one.prompt_tokens.p50, ",.0f"),
        )
        for one in summaries
    ]
    return _grid(heads, rows)


def _pairs(pairs: Sequence[Versus], language: Language) -> str:
    if not pairs:
        return ""
    heads = [_head(name, language) for name in ("versus", *_PAIRS)]
    rows = []
    for pair in pairs:
        outcome, p = pair.outcome, pair.outcome.p_value
        told = escape(chance(p))
        points = round(100 * outcome.difference)
        names = [mode_label(mode, language) for mode in (pair.first, pair.second)]
        counts = (outcome.both, outcome.only_first, outcome.only_second, outcome.neither)
        rows.append(
            (
                f"{names[0]} <small>vs</small> {names[1]}",
                *map(str, counts),
                f"{points:+}".replace("-", "−") if points else "0",
                f"<b>{told}</b>" if p < _RARE else told,
            )
        )
    return _grid(heads, rows)


def _retrieval(summaries: Sequence[ModeSummary], language: Language) -> str:
    found = [(one.mode, one.retrieval) for one in summaries if one.retrieval]
    if not found:
        return ""
    rows = []
    for mode, of in found:
        figures = (of.hit_at_1, of.hit_at_k, of.recall_at_k, of.mrr_at_10, of.ndcg_at_10)
        cells = (f"{figure:.2f}" for figure in figures)
        rows.append((mode_label(mode, language), f"{of.questions:,}", *cells))
    return _grid([_head(name, language) for name in ("mode", *_RETRIEVAL)], rows)


def _judged(found: Sequence[Judged], language: Language) -> str:
    if not found:
        return ""
    heads = [text("judged.judge", language), _head("mode", language), _head("right", language)]
    rows = [
        (escape(one.judge), mode_label(one.mode, language), share(one.right), f"{one.unscored:,}")
        for one in found
    ]
    return _grid([*heads, text("judged.unscored", language)], rows)


def _legend(language: Language) -> str:
    names = ("right", *_TEXT, "choice", *_TIME, *_PAIRS, *_RETRIEVAL)
    items = "".join(
        f"<div><dt>{text(f'measure.{name}', language)}</dt>"
        f"<dd>{text(f'measure.{name}_help', language)}</dd></div>"
        for name in names
    )
    return _folded("figures.legend", f"<dl class='pg-hints'>{items}</dl>", language)


def _setup(evaluation: Evaluation, language: Language) -> str:
    rows = [(name, value or "–") for name, value in evaluation.setup.items()]
    heads = text("figures.setup_columns", language).split("|")
    return _folded("figures.setup", table(heads, rows), language)


# ---------------------------------------------------------------- cells


def _folded(key: str, html: str, language: Language) -> str:
    return f"<details class='pg-fold'><summary>{text(key, language)}</summary>{html}</details>"


def _head(name: str, language: Language, scripts: str = "") -> str:
    """The head of a column, which says what it means when it is pointed at."""
    label = text(f"measure.{name}", language)
    label += f" <small>{scripts}</small>" if scripts else ""
    if name in ("mode", "versus"):
        return label
    return f"<abbr title='{escape(text(f'measure.{name}_help', language))}'>{label}</abbr>"


def _grid(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of figures; heads and cells are HTML, and the first cell names its row."""
    head = "".join(f"<th scope='col'>{cell}</th>" for cell in heads)
    body = "".join(
        f"<tr><th scope='row'>{first}</th>"
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<div class='pg-table pg-grid-table' tabindex='0'>{table}</div>"
