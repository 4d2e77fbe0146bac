"""From trials to HTML: how far one is, and the table of the three methods. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import get_args

from playground.charts import Dot, Shape, tracks
from playground.evaluation import Evaluation
from playground.tradeoffs import CRITERIA, METHODS, Criterion, Trial, TrialState
from playground.tradeoffs.measurement import Step
from playground.tradeoffs.own import OWN
from playground.tradeoffs.wording import STEPS, lacking, phrases
from playground.types import Language
from playground.ui.render import duration, meter, note, notice, waiting
from playground.ui.strings import text

_STEPS: tuple[Step, ...] = get_args(Step)
_LANGUAGES = {"en": "English", "zh": "中文"}
_SHAPES: dict[str, Shape] = {"long-context": "square", "rag": "triangle"}
_GROWTH = "data_dependence"  # the row under which the curve stands


def trial_label(trial: Trial, language: Language) -> str:
    """A trial in a list: when it was made, on what, and with which model."""
    when = f"{datetime.fromtimestamp(trial.created):%Y-%m-%d %H:%M:%S}"
    spoken = _LANGUAGES[trial.language]
    model = trial.setup.get("model", "–")
    return text("tradeoffs.label", language, when=when, spoken=spoken, model=model)


def status(state: TrialState, language: Language) -> str:
    """How the present trial goes, or how the last one ended."""
    if state.failure:
        return notice(state.failure.text(language), error=True)
    took = duration(state.seconds, language)
    if state.stopping:
        return waiting(text("tradeoffs.stopping", language))
    if state.running:
        return _meter(state, took, language)
    if state.trial:
        return notice(text("tradeoffs.measured", language, seconds=took))
    return note(text("tradeoffs.stopped", language)) if state.seconds else ""


def _meter(state: TrialState, took: str, language: Language) -> str:
    doing = state.doing
    number = _STEPS.index(doing.step) if doing else 0
    line = text(
        "tradeoffs.running",
        language,
        number=number + 1,
        total=len(_STEPS),
        step=STEPS[_STEPS[number]].text(language),
        seconds=took,
    )
    if state.seconds_left is not None:
        line += " · " + text("job.left", language, left=duration(state.seconds_left, language))
    return meter(line, state.share)


def about(trial: Trial | None, own: Evaluation | None, language: Language) -> str:
    """What the figures in the table come from."""
    if trial is None and own is None:
        return note(text("tradeoffs.hint", language))
    parts = []
    if own:
        count = f"{len(own.questions):,}"
        file = own.plan.questions
        parts.append(text("tradeoffs.own_figures", language, file=file, count=count))
        key = "tradeoffs.own_rest" if trial else "tradeoffs.own_only"
        parts.append(text(key, language))
    if trial:
        parts.append(
            text(
                "tradeoffs.world_figures",
                language,
                label=trial_label(trial, language),
                window=f"{trial.context_window:,}",
                processor=trial.setup.get("processor", "–"),
            )
        )
    return "".join(map(note, parts))


def table(trial: Trial | None, language: Language, *, own: bool = False) -> str:
    """Eleven rows: what holds of each method in general, and under it what was measured.

    With `own`, the trial's figures are of the user's questions, where they can be.
    """
    modes = (*METHODS, "base") if trial else METHODS  # nobody would choose base: it is a measure
    columns = [text(f"column.{head}", language) for head in ("criterion", *modes)]
    head = "".join(f"<th scope='col'>{escape(column)}</th>" for column in columns)
    rows = "".join(_row(row, trial, columns, language, own) for row in CRITERIA)
    body = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<div class='pg-table pg-criteria' tabindex='0'>{body}</div>"


def _row(
    row: Criterion, trial: Trial | None, columns: Sequence[str], language: Language, own: bool
) -> str:
    cells = "".join(
        f"<td data-head='{escape(column)}'>{_cell(row, trial, mode, language, own)}</td>"
        for column, mode in zip(columns[1:], (*METHODS, "base"), strict=False)
    )
    title = f"<th scope='row'>{escape(row.title.text(language))}</th>"
    chart = growth(trial, language) if trial and row.key == _GROWTH else ""
    wide = f"<tr class='pg-curve'><td colspan='{len(columns)}'>{chart}</td></tr>" if chart else ""
    return f"<tr id='criterion-{row.key}'>{title}{cells}</tr>{wide}"


def _cell(row: Criterion, trial: Trial | None, mode: str, language: Language, own: bool) -> str:
    statement = row.statements.get(mode)
    said = f"<p>{escape(statement.text(language))}</p>" if statement else ""
    if trial is None:
        return said
    measured = row.measured(trial, mode)
    items = [
        f"<li>{escape(phrase)}</li>"
        for phrase in phrases((one for one in measured if not own or one.name in OWN), language)
    ]
    items += [
        f"<li class='pg-world'>{escape(phrase)}</li>"
        for phrase in phrases((one for one in measured if own and one.name not in OWN), language)
    ]
    items += [
        f"<li class='pg-lacking'>{escape(phrase)}</li>"
        for phrase in lacking(row.missing(trial, mode), language)
    ]
    return said + (f"<ul class='pg-measured'>{''.join(items)}</ul>" if items else "")


def growth(trial: Trial, language: Language) -> str:
    """Right answers as the knowledge grows, a line a mode, with the window marked."""
    series = [_line(trial, mode, language) for mode in _SHAPES]
    window = text("growth.window", language, tokens=f"{trial.context_window:,}")
    return tracks(
        text("growth.title", language),
        series,
        x_label=text("growth.x", language),
        limit=(window, trial.context_window),
    )


def _line(trial: Trial, mode: str, language: Language) -> list[Dot]:
    name = text(f"column.{mode}", language)
    return [
        Dot(name, f"{s.count}/{s.total}", one.at, s.value, *s.interval, _SHAPES[mode])
        for one in trial.all("right_at_size", mode)
        if one.at and (s := one.share)
    ]
