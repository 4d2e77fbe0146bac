"""From training values to HTML and plot rows: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from playground.finetune import (
    Dataset,
    Event,
    Failed,
    Finished,
    Preview,
    Problem,
    Run,
    Step,
    Stopped,
    Validation,
)
from playground.types import Adapter, Language
from playground.ui.render import duration, notice, table
from playground.ui.strings import text

_PROBLEMS_SHOWN = 5


def dataset(dataset: Dataset, preview: Preview, language: Language) -> str:
    """How a file was understood, what is wrong in it, and its first rows as the model sees them."""
    summary = text(
        "finetune.rows",
        language,
        usable=preview.usable_rows,
        total=len(dataset.rows) + len(dataset.problems),
        shape=dataset.shape,
        reason=dataset.reason.text(language),
    )
    turns = "".join(
        "<div class='pg-turn'>"
        + "".join(
            f"<mark>{escape(s.text)}</mark>" if s.is_supervised else escape(s.text)
            for s in row.segments
        )
        + "</div>"
        for row in preview.rows
    )
    return (
        f"<p>{escape(summary)}</p>"
        + _problems([*dataset.problems, *preview.problems], language)
        + f"<h4>{text('finetune.preview', language)}</h4>"
        + f"<p class='pg-note'>{text('finetune.legend', language)}</p>{turns}"
    )


def _problems(problems: Sequence[Problem], language: Language) -> str:
    lines = [
        text("finetune.problem", language, row=problem.row, reason=problem.reason.text(language))
        for problem in problems[:_PROBLEMS_SHOWN]
    ]
    if more := len(problems) - len(lines):
        lines.append(text("list.more", language, count=more))
    return "".join(notice(line, error=True) for line in lines)


def run_status(run: Run, events: Sequence[Event], language: Language) -> str:
    """One sentence on where a run stands."""
    name = run.name
    match events[-1] if events else None:
        case Finished(seconds=seconds):
            return notice(
                text("run.succeeded", language, name=name, seconds=duration(seconds, language))
            )
        case Stopped(seconds=seconds):
            return notice(
                text("run.stopped", language, name=name, seconds=duration(seconds, language))
            )
        case Failed() as failed:
            reason = failed.text(language)
            return notice(text("run.failed", language, name=name, reason=reason), error=True)
    steps = [event for event in events if isinstance(event, Step)]
    if not steps:
        return f"<p class='pg-wait'>{escape(text('run.queued', language, name=name))}</p>"
    last = steps[-1]
    line = text(
        "run.running",
        language,
        name=name,
        step=last.step,
        total=last.total_steps,
        loss=f"{last.loss:.3f}",
        speed=f"{last.tokens_per_second:.0f}",
        eta=duration(last.eta_seconds, language),
    )
    share = 100 * last.step / last.total_steps
    return (
        f"<div class='pg-budget' role='status'>{escape(line)}"
        f"<div class='pg-meter'><span style='width:{share:.1f}%'></span></div></div>"
    )


def losses(events: Sequence[Event], language: Language) -> list[tuple[int, float, str]]:
    """(step, loss, curve) of every loss so far."""
    curves = {Step: "finetune.train", Validation: "finetune.validation"}
    return [
        (event.step, event.loss, text(curves[type(event)], language))
        for event in events
        if isinstance(event, Step | Validation)
    ]


def adapter_table(adapters: Sequence[Adapter], language: Language) -> str:
    """The adapters, and what each was trained on."""
    rows = [
        (
            adapter.name,
            adapter.base_model,
            str(adapter.r),
            str(adapter.training_rows or "–"),
            f"{adapter.training_seconds:.0f}" if adapter.training_seconds else "–",
        )
        for adapter in adapters
    ]
    return table(text("finetune.columns", language).split("|"), rows) if rows else ""
