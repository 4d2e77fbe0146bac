"""Where a measurement makes bases and trainings: one at a time, and nothing is left of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from playground.errors import TrialBusy

_FOLDER = "trial"
_WORKER = "playground.finetune"
_END_SECONDS = 10.0


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A folder that is gone afterwards, as is what a killed process left there.

    Raises:
        TrialBusy: this process or another is inside such a block.
    """
    parent.mkdir(parents=True, exist_ok=True)
    folder = parent.absolute() / _FOLDER  # workers are found by it
    # A generator may be left in another thread than it was begun in.
    lock = FileLock(folder.with_suffix(".lock"), thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise TrialBusy from error
    try:
        _clear(folder)
        folder.mkdir(exist_ok=True)
        try:
            yield folder
        finally:
            _clear(folder)
    finally:
        lock.release()


def _clear(folder: Path) -> None:
    """End the trainings in `folder`, of which nobody wants to know any more, and remove it."""
    workers = [process for process in psutil.process_iter() if _works_in(folder, process)]
    for process in workers:
        try:
            process.kill()
        except psutil.Error:  # it has just ended
            continue
    psutil.wait_procs(workers, timeout=_END_SECONDS)
    shutil.rmtree(folder, ignore_errors=True)


def _works_in(folder: Path, process: psutil.Process) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        line = process.cmdline()
    except (psutil.Error, OSError):  # it is someone else's
        return False
    is_worker = any(part.startswith(_WORKER) for part in line)
    return is_worker and any(Path(part).is_relative_to(folder) for part in line)
