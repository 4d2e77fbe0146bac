"""A trained adapter's papers: the model card for people and training.json for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from playground.adapters.store import RECORD_FILE
from playground.finetune.events import Started
from playground.finetune.job import Job


@dataclass(frozen=True)
class Outcome:
    """How a training went. `validation_loss` is None where validation was off.

    `kept_step` is the step whose state was kept, if it is not the last one.
    """

    steps: int
    seconds: float
    stopped: bool
    training_loss: float
    validation_loss: float | None
    kept_step: int | None = None


def write_papers(folder: Path, job: Job, started: Started, outcome: Outcome) -> None:
    """Write README.md and training.json into the adapter's `folder`."""
    record = {
        "name": job.name,
        "base_model": job.files.name,
        "start_from": job.start_from and job.start_from.name,
        "file": job.file,
        "shape": job.shape,
        "form": job.form,
        "training_rows": started.training_rows,
        "validation_rows": started.validation_rows,
        "refused_rows": len(started.refused),
        "tokens": started.tokens,
        "supervised_tokens": started.supervised_tokens,
        "trainable_parameters": started.trainable_parameters,
        "device": started.device,
        "dtype": started.dtype,
        **asdict(outcome),
        "config": asdict(job.config),
    }
    text = json.dumps(record, ensure_ascii=False, indent=2)
    (folder / RECORD_FILE).write_text(text + "\n", encoding="utf-8")
    (folder / "README.md").write_text(_card(job, started, outcome), encoding="utf-8")


def _card(job: Job, started: Started, outcome: Outcome) -> str:
    base_model = json.dumps(job.files.name, ensure_ascii=False)  # a JSON string is a YAML string
    beginning = f", starting from the adapter `{job.start_from.name}`" if job.start_from else ""
    unfinished = (
        "\nThe training was **stopped** before its end; this is what had been learned by then.\n"
        if outcome.stopped
        else ""
    )
    return f"""---
base_model: {base_model}
library_name: peft
pipeline_tag: text-generation
tags:
- lora
- peft
- transformers
---

# {job.name}

A LoRA adapter for `{job.files.name}`, trained on {started.training_rows} rows in \
{outcome.seconds:.0f} seconds{beginning}.
{unfinished}
## Data

{
        _table(
            {
                "file": job.file,
                "shape": job.shape,
                "form": job.form,
                "training rows": started.training_rows,
                "validation rows": started.validation_rows,
                "refused rows": len(started.refused),
                "tokens an epoch": started.tokens,
                "of them learned": started.supervised_tokens,
            }
        )
    }

## Settings

{_table(asdict(job.config))}

## Outcome

{
        _table(
            {
                "steps": outcome.steps,
                "kept step": outcome.kept_step or outcome.steps,
                "training loss": _loss(outcome.training_loss),
                "validation loss": _loss(outcome.validation_loss),
                "seconds": f"{outcome.seconds:.1f}",
                "device": started.device,
                "dtype": started.dtype,
            }
        )
    }
"""


def _table(rows: dict[str, object]) -> str:
    lines = [
        f"| {name} | {str(value).replace('|', chr(92) + '|')} |" for name, value in rows.items()
    ]
    return "\n".join(["| | |", "| --- | --- |", *lines])


def _loss(loss: float | None) -> str:
    return "-" if loss is None else f"{loss:.4f}"
