"""Fine-tuning: rows to an adapter, in runs that have a process of their own each."""

from playground.finetune.config import TrainConfig
from playground.finetune.events import (
    Answered,
    Event,
    Failed,
    Finished,
    Resumed,
    Sample,
    Started,
    Step,
    Stopped,
    Validation,
)
from playground.finetune.preview import Preview, preview
from playground.finetune.runs import Run, Runs, Status

__all__ = [
    "Answered",
    "Event",
    "Failed",
    "Finished",
    "Preview",
    "Resumed",
    "Run",
    "Runs",
    "Sample",
    "Started",
    "Status",
    "Step",
    "Stopped",
    "TrainConfig",
    "Validation",
    "preview",
]
