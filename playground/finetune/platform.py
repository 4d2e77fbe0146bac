"""Training on a server of someone else, through OpenAI's fine-tuning API."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from playground.dataset.rows import Problem, Row
from playground.dataset.rows_export import export_rows
from playground.errors import NoRowsToSend
from playground.finetune.config import TrainConfig
from playground.options import options_of
from playground.remote.client import connect, explained
from playground.remote.server import Remote
from playground.remote.tuning import RemoteEvent, RemoteJob

_OPENAI_HAS = ("epochs", "batch_size", "seed")
_MOST_METADATA = 16  # OpenAI's limit
_PAGE = 100
_LATELY = 8


@dataclass(frozen=True)
class Sent:
    """A job that was begun, and the rows that the server would not have taken."""

    job: RemoteJob
    rows: int
    problems: tuple[Problem, ...]


class Platform:
    """The fine-tuning of one server."""

    def __init__(
        self,
        remote: Remote,
        *,
        sleep: Callable[[float], None] = time.sleep,
        poll_seconds: float = 5.0,
    ) -> None:
        self._remote = remote
        self._client = connect(remote)
        self._sleep = sleep
        self._poll_seconds = poll_seconds

    def start(
        self,
        rows: Sequence[Row],
        *,
        validation: Sequence[Row] = (),
        suffix: str = "",
        config: TrainConfig,
    ) -> Sent:
        """Upload the rows and begin a job that tunes the remote model on them.

        Raises:
            NoRowsToSend: none of the rows can be sent. RemoteError.
        """
        sent = export_rows(rows, rules="openai")
        if not sent.rows:
            raise NoRowsToSend(reason=sent.problems[0].reason)
        exam = export_rows(validation, rules="openai")
        with explained(self._remote):
            training_file = self._upload("training.jsonl", sent.data)
            given: dict[str, Any] = {"suffix": suffix} if suffix else {}
            if exam.rows:
                given["validation_file"] = self._upload("validation.jsonl", exam.data)
            if metadata := _metadata(config):
                given["metadata"] = metadata
            parameters = {"n_epochs": config.epochs, "batch_size": config.batch_size}
            job = self._client.fine_tuning.jobs.create(
                model=self._remote.model,
                training_file=training_file,
                seed=config.seed,
                method={"type": "supervised", "supervised": {"hyperparameters": parameters}},  # type: ignore[arg-type]
                **given,
            )
        return Sent(_job(job), sent.rows, sent.problems)

    def list(self) -> tuple[RemoteJob, ...]:
        """The server's latest jobs, the latest first."""
        with explained(self._remote):
            return tuple(map(_job, self._client.fine_tuning.jobs.list(limit=_PAGE).data))

    def get(self, id: str) -> RemoteJob:
        with explained(self._remote, id):
            return _job(self._client.fine_tuning.jobs.retrieve(id))

    def cancel(self, id: str) -> RemoteJob:
        with explained(self._remote, id):
            return _job(self._client.fine_tuning.jobs.cancel(id))

    def follow(self, id: str) -> Iterator[RemoteEvent | RemoteJob]:
        """What the server says of the job as it comes; at the end, the job."""
        seen: set[str] = set()
        while True:
            job = self.get(id)  # first: what it says last may come in between
            with explained(self._remote, id):
                page = self._client.fine_tuning.jobs.list_events(id, limit=_PAGE)
                events = [event for event in page if event.id not in seen]
            for event in reversed(events):  # the latest come first
                seen.add(event.id)
                yield _event(event)
            if job.is_over:
                yield job
                return
            self._sleep(self._poll_seconds)

    def events(self, id: str) -> tuple[RemoteEvent, ...]:
        """What the server said of the job lately, the latest first."""
        with explained(self._remote, id):
            page = self._client.fine_tuning.jobs.list_events(id, limit=_LATELY)
            return tuple(map(_event, page.data))

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Platform:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _upload(self, name: str, data: bytes) -> str:
        return self._client.files.create(file=(name, data), purpose="fine-tune").id


def _metadata(config: TrainConfig) -> dict[str, str]:
    """Of what OpenAI has no field for, what is not as usual."""
    changed = {
        name: str(value)
        for name, (default, _) in options_of(TrainConfig).items()
        if name not in _OPENAI_HAS and (value := getattr(config, name)) != default
    }
    return dict(list(changed.items())[:_MOST_METADATA])


def _event(event: Any) -> RemoteEvent:
    return RemoteEvent(event.message, event.data if isinstance(event.data, dict) else {})


def _job(job: Any) -> RemoteJob:
    reason = job.error.message if job.error and job.error.message else ""
    return RemoteJob(job.id, job.status, job.model, job.fine_tuned_model, reason)
