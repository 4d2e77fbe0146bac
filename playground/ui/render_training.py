"""From training rows and what is known before a training to HTML: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from playground.dataset import Dataset, Problem, Reason
from playground.dataset.checks import Finding
from playground.dataset.rows_export import WHOLE_FILE, Exported
from playground.finetune.preview import PreviewRow
from playground.finetune.probe import Estimate
from playground.finetune.recipe import Form
from playground.tuning import Examination
from playground.types import Language, Progress
from playground.ui.render import duration, meter, note, notice, waiting, warning
from playground.ui.strings import text

_SHOWN = 5


def step_head(number: int, name: str, language: Language) -> str:
    """A step's number, its name, and what is to be done there."""
    title, hint = text(f"step.{name}", language), text(f"step.{name}_hint", language)
    return (
        f"<div class='pg-step-head'><h3><span>{number}</span> {escape(title)}</h3>"
        f"<p>{escape(hint)}</p></div>"
    )


def preparing(progress: Progress, seconds_left: float | None, language: Language) -> str:
    """How far something before a training is; `seconds_left` is None until it can be told."""
    line = text(f"progress.{progress.step}", language, subject=progress.subject)
    if progress.total is None:
        return waiting(line)
    line += f" · {progress.done:,} / {progress.total:,}"
    if seconds_left:
        line += " · " + text("job.left", language, left=duration(seconds_left, language))
    return meter(line, progress.done / progress.total)


def estimate(found: Estimate, file: str, language: Language) -> str:
    """What a training will take."""
    told = text(
        "finetune.estimate",
        language,
        file=file,
        steps=f"{found.steps:,}",
        seconds=duration(found.seconds, language),
        speed=f"{found.tokens_per_second:,.0f}",
        memory=f"{found.memory_bytes / 1e9:.1f}",
    )
    return notice(told)


def dataset(
    dataset: Dataset, examined: Examination, language: Language, *, form: Form = "rows"
) -> str:
    """How a file was understood, what is wrong in it, and its first rows as the model sees them."""
    preview = examined.preview
    total = len(dataset.rows) + len(dataset.problems)
    summary = text(
        "finetune.rows",
        language,
        file=dataset.file,
        usable=f"{preview.usable_rows:,}",
        total=f"{total:,}",
        tokens=f"{preview.tokens:,}",
        learned=f"{preview.supervised_tokens:,}",
    )
    shape = text(
        "finetune.shape", language, shape=dataset.shape, reason=dataset.reason.text(language)
    )
    fallback = preview.uses_fallback_template
    return (
        f"<p><b>{escape(summary)}</b></p>"
        + note(shape)
        + (note(text("finetune.passages", language)) if form == "passages" else "")
        + problems([*dataset.problems, *preview.problems], language)
        + _findings(examined.findings, language)
        + (warning(text("finetune.fallback", language)) if fallback else "")
        + f"<h4>{text('finetune.preview', language)}</h4>"
        + f"<p class='pg-note'>{text('finetune.legend', language)}</p>"
        + "".join(_row(row, language) for row in preview.rows)
    )


def _row(row: PreviewRow, language: Language) -> str:
    pieces = "".join(
        f"<mark>{escape(s.text)}</mark>" if s.is_supervised else escape(s.text)
        for s in row.segments
    )
    label = text("finetune.row", language, row=row.number, tokens=f"{row.tokens:,}")
    return f"<div class='pg-turn'><small>{escape(label)}</small>{pieces}</div>"


def problems(found: Sequence[Problem], language: Language) -> str:
    """Rows that take no part, by number, and why."""
    lines = []
    for problem in found[:_SHOWN]:
        reason = problem.reason.text(language)
        told = text("finetune.problem", language, row=problem.row, reason=reason)
        lines.append(notice(reason if problem.row == WHOLE_FILE else told, error=True))
    return "".join(lines) + _more(len(found) - _SHOWN, language)


def _findings(findings: Sequence[Finding], language: Language) -> str:
    lines = []
    for finding in findings[:_SHOWN]:
        kind = text(f"finding.{finding.kind}", language)
        reason = finding.reason.text(language)
        lines.append(warning(text("finetune.finding", language, kind=kind, reason=reason)))
    return "".join(lines) + _more(len(findings) - _SHOWN, language)


def _more(count: int, language: Language) -> str:
    return note(text("list.more", language, count=f"{count:,}")) if count > 0 else ""


def split_sizes(examined: Examination, language: Language) -> str:
    """How many rows are learned, and how many are held back."""
    held_back = examined.validation_rows
    key = "exam.split" if held_back else "exam.off"
    counts = {"learned": f"{examined.training_rows:,}", "held_back": f"{held_back:,}"}
    told = text(key, language, **counts)
    return notice(told) if held_back else warning(told)


def advice(reasons: Sequence[Reason], language: Language) -> str:
    """What is likely to disappoint."""
    lines = "".join(warning(reason.text(language)) for reason in reasons)
    return lines or notice(text("settings.fine", language))


def exported(exported: Exported, language: Language) -> str:
    """How many rows a platform takes, and what it would refuse."""
    told = text("rows.exported", language, count=f"{exported.rows:,}")
    return notice(told) + problems(exported.problems, language)
