"""Fine-tuning: rows from files, training runs in processes of their own, trained adapters."""

from playground.finetune.adapters import Adapters, check_adapter
from playground.finetune.config import TrainConfig
from playground.finetune.dataset import Dataset, Problem, Reason, Row, load, split
from playground.finetune.events import (
    Event,
    Failed,
    Finished,
    Started,
    Step,
    Stopped,
    Validation,
)
from playground.finetune.preview import Preview, preview
from playground.finetune.runs import Run, Runs, Status

__all__ = [
    "Adapters",
    "Dataset",
    "Event",
    "Failed",
    "Finished",
    "Preview",
    "Problem",
    "Reason",
    "Row",
    "Run",
    "Runs",
    "Started",
    "Status",
    "Step",
    "Stopped",
    "TrainConfig",
    "Validation",
    "check_adapter",
    "load",
    "preview",
    "split",
]
