"""From several training runs and adapters to HTML: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from html import escape
from typing import Any

from playground.charts import chart
from playground.finetune import TrainConfig
from playground.options import options_of
from playground.tuning import Compared, Summary
from playground.types import Adapter, Language
from playground.ui.render import note, table
from playground.ui.render_run import answer, losses, wide_table
from playground.ui.strings import text


def run_table(summaries: Sequence[Summary], language: Language) -> str:
    """All runs, a line each."""
    head = f"<h4>{text('runs.title', language)}</h4>"
    if not summaries:
        return head + note(text("runs.empty", language))
    rows = [
        (
            one.run.name,
            text(f"status.{one.run.status}", language),
            f"{datetime.fromtimestamp(one.run.created):%Y-%m-%d %H:%M}",
            _or_dash(one.training_rows, "{:,}"),
            str(one.run.job.config.epochs),
            f"{one.run.job.config.learning_rate:g}",
            f"{one.steps:,}",
            _or_dash(one.validation_loss, "{:.3f}"),
            _or_dash(one.seconds, "{:,.0f}"),
            _scores(one, language),
        )
        for one in summaries
    ]
    return head + table(text("runs.columns", language).split("|"), rows)


def _scores(summary: Summary, language: Language) -> str:
    told = []
    for score in summary.scores:
        kind = text(f"kind.{score.kind}_short", language)
        after = "…" if score.after is None else score.after
        told.append(f"{kind} {score.before}→{after}/{score.total}")
    return " · ".join(told) or "–"


def comparison(first: Summary, second: Summary, language: Language) -> str:
    """Two runs: the settings that differ, what came of each, their curves, their answers."""
    heads = [first.run.name, second.run.name]
    if heads[0] == heads[1]:
        heads = [first.run.id, second.run.id]
    ours, theirs = (_settings(told, language) for told in (first, second))
    differ = [(k, ours[k], theirs[k]) for k in ours if ours[k] != theirs[k]]
    results, others = (_results(told, language) for told in (first, second))
    curves = [
        *losses(first.run.events, language, run=heads[0]),
        *losses(second.run.events, language, run=heads[1], other=True),
    ]
    columns = text("runs.differ", language).split("|")
    return (
        f"<h4>{text('runs.settings', language)}</h4>"
        + (table([columns[0], *heads], differ) if differ else note(text("runs.same", language)))
        + f"<h4>{text('runs.results', language)}</h4>"
        + table([columns[1], *heads], [(name, results[name], others[name]) for name in results])
        + chart(text("curve.loss", language), curves, x_label=text("curve.step", language))
        + _answers(first.compared, second.compared, heads, language)
    )


def _settings(summary: Summary, language: Language) -> dict[str, str]:
    job = summary.run.job
    named = {
        text("setting.model", language): job.files.name,
        text("setting.file", language): job.file,
        text("setting.form", language): text(f"form.{job.form}", language),
        text("setting.start_from", language): job.start_from.name if job.start_from else "–",
        text("setting.replay", language): str(len(job.replay_prompts)),
    }
    values: dict[str, Any] = asdict(job.config)
    for name, (_, option) in options_of(TrainConfig).items():
        named[option.label(language)] = f"{values[name]}"
    return named


def _results(summary: Summary, language: Language) -> dict[str, str]:
    memory = summary.memory_bytes
    return {
        text("result.status", language): text(f"status.{summary.run.status}", language),
        text("result.steps", language): f"{summary.steps:,}",
        text("result.training_loss", language): _or_dash(summary.training_loss, "{:.4f}"),
        text("result.exam_loss", language): _or_dash(summary.validation_loss, "{:.4f}"),
        text("result.seconds", language): _or_dash(summary.seconds, "{:,.0f}"),
        text("result.memory", language): f"{memory / 1e9:.2f} GB" if memory else "–",
        text("result.right", language): _scores(summary, language),
    }


def _answers(
    first: Sequence[Compared], second: Sequence[Compared], heads: list[str], language: Language
) -> str:
    """The answers after the training to the questions that both were asked."""
    others = {one.question.messages: one for one in second}
    asked = [(one, others.get(one.question.messages)) for one in first]
    both = [(one, other) for one, other in asked if other]
    if not both:
        return ""
    question, before, _ = text("compared.columns", language).split("|")
    rows = [
        (
            escape(one.question.question),
            answer(one.before, one.before_right, language),
            answer(one.after, one.after_right, language),
            answer(other.after, other.after_right, language),
        )
        for one, other in both
    ]
    return f"<h4>{text('runs.answers', language)}</h4>" + wide_table(
        [question, before, *heads], rows
    )


def adapter_table(adapters: Sequence[Adapter], language: Language) -> str:
    """The adapters, and what each was trained on."""
    head = f"<h4>{text('adapter.title', language)}</h4>"
    if not adapters:
        return head + note(text("adapter.empty", language))
    rows = [
        (
            adapter.name,
            f"lora:{adapter.name}",
            adapter.base_model,
            str(adapter.r),
            _or_dash(adapter.training_rows, "{:,}"),
            _or_dash(adapter.training_seconds, "{:,.0f}"),
        )
        for adapter in adapters
    ]
    return head + table(text("finetune.columns", language).split("|"), rows)


def facts(adapter: Adapter, known: Sequence[tuple[str, str]], language: Language) -> str:
    """All that is known of an adapter."""
    heads = text("adapter.facts", language).split("|")
    rows = [("model id", f"lora:{adapter.name}"), *known, ("path", str(adapter.path))]
    return f"<div class='pg-facts' tabindex='0'>{table(heads, rows)}</div>"


def _or_dash(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)
