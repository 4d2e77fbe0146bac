"""What a trial of the methods measured: the table of trade-offs, and growth."""

from __future__ import annotations

from collections.abc import Sequence

from playground.charts import Dot, tracks
from playground.evaluation import Share
from playground.reports.blocks import Block, Chart, Note, Section, Table, Terms
from playground.reports.figures import dot_of
from playground.reports.numbers import NOTHING, when
from playground.reports.words import mode_name, word
from playground.tradeoffs import CRITERIA, METHODS, Criterion, Trial
from playground.tradeoffs.wording import phrases, seconds
from playground.types import Language

_AT_SIZE = "right_at_size"


def trade_offs(trial: Trial, language: Language) -> list[Section]:
    """All sections on a trial."""
    parts: list[tuple[str, list[Block]]] = [
        ("tradeoffs", _table(trial, language)),
        ("growth", _growth(trial, language)),
        ("missing", _missing(trial, language)),
    ]
    return [
        Section(key, word(f"section.{key}", language), blocks) for key, blocks in parts if blocks
    ]


def _table(trial: Trial, language: Language) -> list[Block]:
    about = {
        "glance.model": trial.setup.get("model", NOTHING),
        "glance.measured": when(trial.created, language),
        "trial.language": word(f"language.{trial.language}", language),
        "trial.window": f"{trial.context_window:,}",
        "trial.seconds": seconds(trial.seconds, language) if trial.seconds else NOTHING,
    }
    columns = (*METHODS, *(("base",) if "base" in trial.modes else ()))
    heads = [word("trial.criterion", language), *(mode_name(one, language) for one in columns)]
    rows = [
        (
            criterion.title.text(language),
            *(_cell(trial, criterion, mode, language) for mode in columns),
        )
        for criterion in CRITERIA
    ]
    return [
        Terms([(word(name, language), value) for name, value in about.items()]),
        Note(word("note.trial", language)),
        Table(heads, rows, wide=True),
    ]


def _cell(trial: Trial, criterion: Criterion, mode: str, language: Language) -> str:
    """What holds in general, of a method, and what was measured, a line each."""
    statement = criterion.statements.get(mode)
    said = statement.text(language) if statement else ""
    return "\n".join([said, *phrases(criterion.measured(trial, mode), language)]) or NOTHING


def _growth(trial: Trial, language: Language) -> list[Block]:
    by_mode = {mode: trial.all(_AT_SIZE, mode) for mode in trial.modes}
    by_mode = {mode: found for mode, found in by_mode.items() if found}
    if not by_mode:
        return []
    shares = {
        (mode, one.at): one.share
        for mode, found in by_mode.items()
        for one in found
        if one.at and one.share
    }
    sizes = sorted({at for _, at in shares} | _sizes_missing(trial))
    heads = [word("growth.tokens", language), *(mode_name(mode, language) for mode in by_mode)]
    rows = [
        (f"{size:,}", *(_at(shares.get((mode, size)), language) for mode in by_mode))
        for size in sizes
    ]
    dots = [_dots(mode, shares, language) for mode in by_mode]
    chart = _chart(dots, trial.context_window, language)
    return [*([chart] if chart else []), Table(heads, rows)]


def _sizes_missing(trial: Trial) -> set[int]:
    return {one.at for one in trial.missing if one.name == _AT_SIZE and one.at}


def _at(share: Share | None, language: Language) -> str:
    return f"{share.count}/{share.total}" if share else word("trial.over", language)


def _dots(mode: str, shares: dict[tuple[str, int], Share], language: Language) -> list[Dot]:
    of_mode = sorted((at, share) for (name, at), share in shares.items() if name == mode)
    return [
        dot_of(mode, f"{s.count}/{s.total}", at, s.value, *s.interval, language)
        for at, s in of_mode
    ]


def _chart(series: Sequence[Sequence[Dot]], window: int, language: Language) -> Chart | None:
    title, colon = word("growth.title", language), word("colon", language)
    limit = (word("growth.window", language), window)
    figure = tracks(title, series, x_label=word("growth.x", language), limit=limit)
    if not figure:
        return None
    comma = word("comma", language)
    lines = (
        f"{dots[0].name} " + comma.join(f"{dot.x:,.0f} → {dot.value}" for dot in dots)
        for dots in series
        if dots
    )
    return Chart(figure, title + colon + word("semicolon", language).join(lines))


def _missing(trial: Trial, language: Language) -> list[Block]:
    pairs = []
    for one in trial.missing:
        name = f"{mode_name(one.mode, language)} · {word(f'trial.{one.name}', language)}"
        at = f" ({one.at:,})" if one.at else ""
        pairs.append((name + at, one.text(language) or NOTHING))
    return [Terms(pairs)] if pairs else []
