"""The training run behind an adapter: its settings, and its loss curves."""

from __future__ import annotations

from playground.charts import Series, chart
from playground.finetune import Finished, Run, Started, Step, Stopped, Validation
from playground.reports.blocks import Chart, Note, Section, Terms
from playground.reports.numbers import NOTHING, when
from playground.reports.words import word
from playground.tradeoffs.wording import seconds
from playground.types import Language


def training(run: Run, language: Language) -> Section:
    """Loss curves under what the run was given."""
    steps = [event for event in run.events if isinstance(event, Step)]
    exams = [event for event in run.events if isinstance(event, Validation)]
    config = run.job.config
    started = next((e for e in run.events if isinstance(e, Started)), None)
    ended = next((e for e in run.events if isinstance(e, Finished | Stopped)), None)
    rows = f"{started.training_rows:,} / {started.validation_rows:,}" if started else NOTHING
    pairs = {
        "training.when": when(run.created, language),
        "training.file": run.job.file,
        "training.rows": rows,
        "training.steps": f"{steps[-1].step:,}",
        "training.epochs": f"{config.epochs}",
        "training.rate": f"{config.learning_rate:g}",
        "training.rank": f"{config.r}",
        "training.seconds": seconds(ended.seconds, language) if ended else NOTHING,
    }
    curves = [
        Series(word("curve.train", language), [(one.step, one.loss) for one in steps]),
        Series(word("curve.exam", language), [(one.step, one.loss) for one in exams], "marked"),
    ]
    title, colon = word("curve.loss", language), word("colon", language)
    told = word("semicolon", language).join(
        f"{one.name} {one.points[0][1]:.3f} → {one.points[-1][1]:.3f}"
        for one in curves
        if one.points
    )
    return Section(
        "training",
        word("section.training", language, adapter=run.name),
        [
            Terms([(word(name, language), value) for name, value in pairs.items()]),
            Chart(chart(title, curves, x_label=word("curve.step", language)), title + colon + told),
            Note(word("note.training", language)),
        ],
    )
