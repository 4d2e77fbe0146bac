"""The states of a run that it can go on from."""

from __future__ import annotations

import shutil
from pathlib import Path

_MARK = "complete"


def mark_complete(folder: Path, step: int) -> None:
    """The state after `step` is on disk as a whole."""
    (folder / f"checkpoint-{step}" / _MARK).touch()


def latest(folder: Path) -> Path | None:
    """The last state of the run in `folder` that was written whole."""
    whole = [mark.parent for mark in folder.glob(f"checkpoint-*/{_MARK}")]
    return max(whole, key=step_of, default=None)


def step_of(checkpoint: Path | None) -> int:
    """After which step it was written; 0 if there is none."""
    return int(checkpoint.name.rpartition("-")[2]) if checkpoint else 0


def discard(folder: Path) -> None:
    """Remove all states of the run in `folder`, or what is left of them."""
    for checkpoint in folder.glob("checkpoint-*"):
        shutil.rmtree(checkpoint, ignore_errors=True)
