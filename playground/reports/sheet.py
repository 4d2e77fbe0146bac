"""A report as CSV: every answer and every figure, a row each, for a spreadsheet or a program.

The first column says which table a row belongs to; the others are the same for all, so that
spreadsheets can filter by it. Figures are not rounded.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from playground.evaluation import Marked, ModeSummary, Share, Versus, summarise, versus
from playground.evaluation.summary import Quantiles
from playground.reports.answers import chosen, outcome, titles
from playground.reports.figures import PAIR, RETRIEVAL, without_base
from playground.reports.report import Report
from playground.reports.words import kind_name, mode_name, word
from playground.tradeoffs import Measurement
from playground.types import Answer, Language

Row = Mapping[str, Any]
COLUMNS = (
    *("table", "mode", "language", "id", "kind", "question", "accepted", "text", "right"),
    *("outcome", "exact", "f1", "rouge", "chosen", "first", "total", "prompt", "cached"),
    *("completion", "sources", "measure", "value", "low", "high", "count", "of", "at"),
)
# What a spreadsheet takes for the beginning of a formula, whatever stands before it.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")


def sheet(report: Report, language: Language) -> str:
    """The whole file, without a byte order mark."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([word(f"sheet.{name}", language) for name in COLUMNS])
    for row in _rows(report, language):
        writer.writerow([_cell(row.get(name)) for name in COLUMNS])
    return lines.getvalue()


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet runs: a ' before what would begin a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(value: Any) -> Any:
    return guarded(value) if isinstance(value, str) else value


def _rows(report: Report, language: Language) -> Iterator[Row]:
    answers = report.answers
    others, by_heart = without_base(answers)
    yield from _table("answer", (_answer(one, language) for one in answers), language)
    yield from _table("figure", _figures(summarise(answers), language), language)
    yield from _table("pair", _pairs(versus(answers), language), language)
    if by_heart:
        left = summarise(others, without=by_heart)
        yield from _table("filtered", _figures(left, language), language)
        pairs = versus(others, without=by_heart)
        yield from _table("filtered_pair", _pairs(pairs, language), language)
    if report.trial:
        measured = (_measured(one, language) for one in report.trial.measurements)
        yield from _table("trial", measured, language)


def _table(name: str, rows: Iterable[Row], language: Language) -> Iterator[Row]:
    label = word(f"sheet.{name}", language)
    return ({"table": label, **row} for row in rows)


def _answer(one: Marked, language: Language) -> Row:
    question, answer, mark = one.question, one.answer, one.mark
    told: dict[str, Any] = {
        "mode": mode_name(one.mode, language),
        "language": word(f"language.{question.language}", language),
        "id": question.id,
        "kind": kind_name(question.kind, language),
        "question": question.question,
        "accepted": " | ".join(question.answers),
        "outcome": outcome(one, language),
    }
    if not isinstance(answer, Answer) or mark is None:
        return told | {"text": "" if isinstance(answer, Answer) else answer.text(language)}
    metrics = answer.metrics
    return told | {
        "text": answer.text,
        "right": _flag(mark.right),
        "exact": _flag(mark.exact_match),
        "f1": mark.f1,
        "rouge": mark.rouge_l,
        "chosen": chosen(one, language),
        "first": metrics.time_to_first_token,
        "total": metrics.total_seconds,
        "prompt": metrics.prompt_tokens,
        "cached": metrics.cached_tokens,
        "completion": metrics.completion_tokens,
        "sources": " | ".join(titles(answer)),
    }


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _figures(summaries: Iterable[ModeSummary], language: Language) -> Iterator[Row]:
    for one in summaries:
        for told in _of_mode(one, language):
            yield {"mode": mode_name(one.mode, language), **told}


def _of_mode(one: ModeSummary, language: Language) -> Iterator[Row]:
    yield from _share("right", one.right, language)
    for kind, share in one.by_kind.items():
        for told in _share("right", share, language):
            yield {"kind": kind_name(kind, language), **told}
    shares = {
        "exact": one.exact_match,
        "choice": one.multiple_choice,
        "refused": one.refusals,
        "false": one.false_answers,
    }
    for name, share in shares.items():
        yield from _share(name, share, language)
    values = {"f1": one.f1, "rouge": one.rouge_l, "length": one.characters, "errors": one.failed}
    if one.retrieval:
        values |= dict(zip(RETRIEVAL, asdict(one.retrieval).values(), strict=True))
    for name, value in values.items():
        if value is not None:
            yield {"measure": word(f"measure.{name}", language), "value": value}
    spreads = {
        "first": one.time_to_first_token,
        "cold": one.cold,
        "warm": one.warm,
        "total": one.total_seconds,
        "speed": one.tokens_per_second,
        "prompt": one.prompt_tokens,
    }
    for name, spread in spreads.items():
        yield from _spread(name, spread, language)


def _share(name: str, share: Share, language: Language) -> Iterator[Row]:
    if share.total:
        yield {"measure": word(f"measure.{name}", language), **_parts(share)}


def _parts(share: Share) -> dict[str, Any]:
    low, high = share.interval
    count = {"count": share.count, "of": share.total}
    return {"value": share.value, "low": low, "high": high, **count}


def _spread(name: str, spread: Quantiles | None, language: Language) -> Iterator[Row]:
    measure = word(f"measure.{name}", language)
    for part, value in (asdict(spread) if spread else {}).items():
        yield {"measure": word(f"sheet.{part}", language, measure=measure), "value": value}


def _pairs(pairs: Iterable[Versus], language: Language) -> Iterator[Row]:
    for pair in pairs:
        of = pair.outcome
        names = f"{mode_name(pair.first, language)} / {mode_name(pair.second, language)}"
        counts = (of.both, of.only_first, of.only_second, of.neither)
        told = (*counts, 100 * of.difference, of.p_value)
        for name, value in zip(PAIR, told, strict=True):
            yield {"mode": names, "measure": word(f"measure.{name}", language), "value": value}


def _measured(one: Measurement, language: Language) -> Row:
    told = {
        "mode": mode_name(one.mode, language),
        "kind": kind_name(one.kind, language),
        "measure": word(f"trial.{one.name}", language),
        "value": one.value,
        "at": one.at,
    }
    return told | (_parts(one.share) if one.share else {"count": one.count, "of": one.total})
