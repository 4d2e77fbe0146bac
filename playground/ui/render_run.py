"""From one training run to HTML: where it stands, its curves, its answers. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import TypeVar, get_args

from playground.charts import Series, chart
from playground.finetune import (
    Answered,
    Event,
    Failed,
    Finished,
    Run,
    Sample,
    Started,
    Step,
    Stopped,
    Validation,
)
from playground.finetune.questions import Kind as QuestionKind
from playground.tuning import Compared, Score, Summary
from playground.types import Language
from playground.ui.render import duration, meter, note, notice, waiting
from playground.ui.strings import text

_SAMPLES_SHOWN = 3
Kind = TypeVar("Kind")


def run_label(run: Run) -> str:
    """A run in a list: its name and when it was asked for."""
    return f"{run.name} · {datetime.fromtimestamp(run.created):%Y-%m-%d %H:%M:%S}"


def status(run: Run, questions: int, going_on: Sequence[str], language: Language) -> str:
    """One sentence on where a run stands; `going_on` are the runs that it waits for."""
    name, events = run.name, run.events
    if run.status == "queued":
        key = "run.waits" if going_on else "run.queued"
        return waiting(text(key, language, name=name, others=", ".join(going_on)))
    match events[-1] if events else None:
        case Finished(seconds=seconds, kept_step=kept):
            took = duration(seconds, language)
            told = text("run.succeeded", language, name=name, seconds=took)
            return notice(told) + (note(text("run.kept", language, step=kept)) if kept else "")
        case Stopped(adapter=adapter, seconds=seconds):
            key = "run.stopped" if adapter else "run.stopped_early"
            return notice(text(key, language, name=name, seconds=duration(seconds, language)))
        case Failed() as failed:
            reason = failed.text(language)
            return notice(text("run.failed", language, name=name, reason=reason), error=True)
    return _running(name, events, questions, language)


def _running(name: str, events: Sequence[Event], questions: int, language: Language) -> str:
    steps, answers = _of(events, Step), _of(events, Answered)
    after = sum(answer.phase == "after" for answer in answers)
    if not _of(events, Started):
        return waiting(text("run.loading", language, name=name))
    if not steps:
        asked = {"name": name, "done": len(answers), "total": questions}
        return meter(text("run.asking", language, **asked), len(answers) / max(questions, 1))
    last = steps[-1]
    if after or last.step == last.total_steps:
        asked = {"name": name, "done": after, "total": questions}
        return meter(text("run.asking_again", language, **asked), after / max(questions, 1))
    left = duration(last.eta_seconds, language)
    at = {"name": name, "step": last.step, "total": last.total_steps, "eta": left}
    return meter(text("run.running", language, **at), last.step / last.total_steps)


def live(summary: Summary, language: Language) -> str:
    """Figures, curves, and what the model answered at the exams."""
    events = summary.run.events
    steps = _of(events, Step)
    if not steps:
        return ""
    rates = Series(text("curve.rate", language), [(s.step, s.learning_rate) for s in steps])
    axis = text("curve.step", language)
    return (
        _figures(summary, steps[-1], language)
        + "<div class='pg-charts'>"
        + chart(text("curve.loss", language), losses(events, language), x_label=axis)
        + chart(rates.name, [rates], x_label=axis, from_zero=True)
        + "</div>"
        + _samples(_of(events, Sample), language)
    )


def losses(
    events: Sequence[Event], language: Language, *, run: str = "", other: bool = False
) -> list[Series]:
    """Both curves of a run, named after it if there are two of them."""
    prefix = f"{run}: " if run else ""
    learned = [(event.step, event.loss) for event in _of(events, Step)]
    exams = [(event.step, event.loss) for event in _of(events, Validation)]
    return [
        Series(prefix + text("curve.train", language), learned, other=other),
        Series(prefix + text("curve.exam", language), exams, "marked", other),
    ]


def _figures(summary: Summary, last: Step, language: Language) -> str:
    events = summary.run.events
    exams = [event.loss for event in _of(events, Validation)]
    config = summary.run.job.config
    figures = [
        ("figure.epoch", f"{last.epoch:.1f} / {config.epochs}"),
        ("figure.loss", f"{last.loss:.3f}"),
        ("figure.exam", f"{exams[-1]:.3f}" if exams else "–"),
        ("figure.best", f"{min(exams):.3f}" if exams else "–"),
        ("figure.speed", f"{last.tokens_per_second:,.0f}"),
        ("figure.elapsed", duration(last.elapsed_seconds, language)),
        ("figure.left", duration(last.eta_seconds, language)),
        ("figure.memory", f"{last.memory_bytes / 1e9:.2f} GB"),
    ]
    items = "".join(
        f"<div><dt>{text(key, language)}</dt><dd>{value}</dd></div>"
        for key, value in figures
        if not (key == "figure.left" and summary.run.is_over)
    )
    return f"<dl class='pg-figures'>{items}</dl>" + _beginning(events, language)


def _beginning(events: Sequence[Event], language: Language) -> str:
    started = _of(events, Started)[-1]
    told = text(
        "run.started",
        language,
        learned=f"{started.training_rows:,}",
        held_back=f"{started.validation_rows:,}",
        parameters=f"{started.trainable_parameters:,}",
        dtype=started.dtype,
        device=started.device,
    )
    refused = len(started.refused)
    return note(told) + (note(text("run.refused", language, count=refused)) if refused else "")


def _samples(samples: Sequence[Sample], language: Language) -> str:
    if not samples:
        return ""
    items = "".join(
        f"<li><small>{text('run.at_step', language, step=sample.step)}</small> "
        f"{escape(sample.answer) or '–'}</li>"
        for sample in samples[-_SAMPLES_SHOWN:]
    )
    title = text("run.sample", language, question=samples[-1].question)
    return f"<div class='pg-samples'><p>{escape(title)}</p><ol>{items}</ol></div>"


def answers(summary: Summary, language: Language) -> str:
    """The test questions side by side, by kind, with how many were right."""
    compared = summary.compared
    if not compared:
        return note(text("compared.none", language))
    counts = {score.kind: score for score in summary.scores}
    parts = []
    for kind in get_args(QuestionKind):
        rows = [one for one in compared if one.question.kind == kind]
        if not rows:
            continue
        parts.append(f"<h4>{text(f'kind.{kind}', language)}</h4>")
        parts.append(_score(counts.get(kind), language))
        parts.append(answer_table(rows, language))
    return "".join(parts)


def _score(score: Score | None, language: Language) -> str:
    if score is None:
        return note(text("compared.unscored", language))
    after = "…" if score.after is None else score.after
    told = text("compared.score", language, total=score.total, before=score.before, after=after)
    return f"<p class='pg-score'>{told}</p>"


def answer_table(rows: Sequence[Compared], language: Language) -> str:
    """Question, answer before, answer after."""
    heads = text("compared.columns", language).split("|")
    cells = [
        (
            _question(one, language),
            answer(one.before, one.before_right, language),
            answer(one.after, one.after_right, language),
        )
        for one in rows
    ]
    return wide_table(heads, cells)


def wide_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns side by side, or below each other where there is little room. Cells are HTML."""
    head = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td data-head='{escape(name)}'>{cell}</td>"
            for name, cell in zip(heads, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<div class='pg-table pg-wide' tabindex='0'>{table}</div>"


def _question(one: Compared, language: Language) -> str:
    expected = " | ".join(one.question.answers)
    told = text("compared.expected", language, answer=expected)
    small = f"<small>{escape(told)}</small>" if expected else ""
    return f"{escape(one.question.question)}{small}"


def answer(answered: Answered | None, right: bool | None, language: Language) -> str:
    """An answer, marked as right or wrong where that is known."""
    if answered is None:
        return "<span class='pg-wait'>…</span>"
    cut = "" if answered.complete else f" <small>{text('compared.cut', language)}</small>"
    said = escape(answered.answer) or "–"
    if right is None:
        return said + cut
    sign, key = ("✓", "compared.right") if right else ("✗", "compared.wrong")
    kind = "pg-right" if right else "pg-wrong"
    label = text(key, language)
    mark = f"<b class='{kind}' role='img' aria-label='{label}' title='{label}'>{sign}</b> "
    return mark + said + cut


def _of(events: Sequence[Event], kind: type[Kind]) -> list[Kind]:
    return [event for event in events if isinstance(event, kind)]
