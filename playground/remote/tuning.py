"""A training on another server, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

JobStatus = Literal["validating_files", "queued", "running", "succeeded", "failed", "cancelled"]
_END = ("succeeded", "failed", "cancelled")


@dataclass(frozen=True)
class RemoteJob:
    """A job of the server, as it was when asked for. `tuned_model` is the id that answers."""

    id: str
    status: JobStatus
    model: str
    tuned_model: str | None = None
    reason: str = ""

    @property
    def is_over(self) -> bool:
        return self.status in _END


@dataclass(frozen=True)
class RemoteEvent:
    """What the server says of a job; `data` holds figures, if there are any."""

    message: str
    data: dict[str, Any]
