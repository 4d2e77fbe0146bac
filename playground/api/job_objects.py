"""A training run as OpenAI's clients read it: job, events and checkpoint."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import Any

from playground.api.job_request import JobRequest
from playground.api.model_ids import OWNER, tuned_id
from playground.finetune import (
    Failed,
    Finished,
    Run,
    Started,
    Step,
    Stopped,
    TrainConfig,
    Validation,
)
from playground.finetune.job import EVENTS_FILE

_PREFIX = "ftjob-"
_REQUEST_FILE = "api.json"
_STATUS = {
    "queued": "queued",
    "running": "running",
    "succeeded": "succeeded",
    "stopped": "cancelled",
    "failed": "failed",
}


def job_id(run: Run) -> str:
    return _PREFIX + run.id


def run_id(job: str) -> str:
    return job.removeprefix(_PREFIX)


def remember(run: Run, request: JobRequest) -> None:
    """Keep what the client called its files, and its metadata, with the run."""
    told = {
        "model": request.model,
        "training_file": request.training_file,
        "validation_file": request.validation_file,
        "metadata": request.metadata,
    }
    (run.folder / _REQUEST_FILE).write_text(json.dumps(told), encoding="utf-8")


def job(run: Run) -> dict[str, Any]:
    """The job. Runs that were not started here name the file that they were given."""
    file = run.folder / _REQUEST_FILE
    asked = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    config, last = run.job.config, run.events[-1] if run.events else None
    adapter = last.adapter if isinstance(last, Finished | Stopped) else None
    given = {
        "n_epochs": config.epochs,
        "batch_size": config.batch_size,
        "learning_rate_multiplier": config.learning_rate / TrainConfig().learning_rate,
    }
    failed = {"code": "training_failed", "param": None}
    return {
        "id": job_id(run),
        "object": "fine_tuning.job",
        "created_at": int(run.created),
        "finished_at": _finished_at(run),
        "estimated_finish": int(time.time() + last.eta_seconds) if isinstance(last, Step) else None,
        "status": _STATUS[run.status],
        "model": asked.get("model") or run.job.files.name,
        "fine_tuned_model": tuned_id(adapter) if adapter else None,
        "training_file": asked.get("training_file") or run.job.file,
        "validation_file": asked.get("validation_file"),
        "result_files": [],
        "hyperparameters": given,
        "method": {"type": "supervised", "supervised": {"hyperparameters": given}},
        "metadata": asked.get("metadata"),
        "seed": config.seed,
        "trained_tokens": _trained_tokens(run) if isinstance(last, Finished) else None,
        "organization_id": OWNER,
        "error": {**failed, "message": last.en} if isinstance(last, Failed) else None,
    }


def events(run: Run) -> list[dict[str, Any]]:
    """What the run said, the latest first. Its steps are of the type "metrics"."""
    said, seconds = [], 0.0
    for number, event in enumerate(run.events):
        if isinstance(event, Step):
            seconds = event.elapsed_seconds
        said.append(
            {
                "id": f"ftevent-{run.id}-{number}",
                "object": "fine_tuning.job.event",
                "created_at": int(run.created + seconds),
                "level": "error" if isinstance(event, Failed) else "info",
                "message": _message(event),
                "type": "metrics" if isinstance(event, Step | Validation) else "message",
                "data": _metrics(event) if isinstance(event, Step | Validation) else {},
            }
        )
    return said[::-1]


def checkpoints(run: Run) -> list[dict[str, Any]]:
    """The one state whose weights are an adapter, once there is one."""
    last = run.events[-1] if run.events else None
    if not isinstance(last, Finished | Stopped) or not last.adapter:
        return []
    steps = [event for event in run.events if isinstance(event, Step)]
    kept = (last.kept_step if isinstance(last, Finished) else last.step) or steps[-1].step
    metrics: dict[str, Any] = {"step": kept}
    for event in run.events:
        if isinstance(event, Step | Validation) and event.step == kept:
            metrics |= _metrics(event)
    return [
        {
            "id": f"ftckpt-{run.id}-{kept}",
            "object": "fine_tuning.job.checkpoint",
            "created_at": _finished_at(run),
            "fine_tuned_model_checkpoint": tuned_id(last.adapter),
            "fine_tuning_job_id": job_id(run),
            "step_number": kept,
            "metrics": metrics,
        }
    ]


def _finished_at(run: Run) -> int | None:
    return int((run.folder / EVENTS_FILE).stat().st_mtime) if run.is_over else None


def _trained_tokens(run: Run) -> int | None:
    started = next((event for event in run.events if isinstance(event, Started)), None)
    return started and started.tokens * run.job.config.epochs


def _metrics(event: Step | Validation) -> dict[str, Any]:
    if isinstance(event, Validation):
        return {"step": event.step, "full_valid_loss": event.loss}
    return {
        "step": event.step,
        "total_steps": event.total_steps,
        "train_loss": event.loss,
        "learning_rate": event.learning_rate,
        "tokens_per_second": event.tokens_per_second,
    }


def _message(event: Any) -> str:
    match event:
        case Started():
            return f"Training started: {event.training_rows} rows, {event.steps} steps."
        case Step():
            return f"Step {event.step}/{event.total_steps}: training loss={event.loss:.4f}"
        case Validation():
            return f"Step {event.step}: full validation loss={event.loss:.4f}"
        case Finished():
            return f"The job has succeeded: {tuned_id(event.adapter)}"
        case Stopped():
            return "The job was cancelled."
        case Failed():
            return event.en
        case _:
            return json.dumps(asdict(event), ensure_ascii=False)
