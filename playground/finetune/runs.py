"""Training runs: a worker process each, one at a time, all that is known of it in its folder."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from playground.adapters.store import check_name, check_start, free_name
from playground.errors import (
    AdapterNameTaken,
    RunFinished,
    RunGoesOn,
    UnknownName,
    WorkerDied,
    WorkerUnstartable,
)
from playground.finetune import checkpoints, worker
from playground.finetune.events import (
    END,
    Event,
    Failed,
    Finished,
    Resumed,
    Stopped,
    append_event,
    history,
    read_events,
)
from playground.finetune.job import (
    EVENTS_FILE,
    JOB_FILE,
    LOG_FILE,
    QUEUED_FILE,
    STOP_FILE,
    Data,
    Job,
)
from playground.models.names import ModelFiles
from playground.types import Adapter

Status = Literal["queued", "running", "succeeded", "stopped", "failed"]

_QUEUE_LOCK = "queue.lock"
_SIGN_OUT_SECONDS = 0.05


@dataclass(frozen=True)
class Run:
    """A training run as it was when asked for.

    `events` is what it has said, as far as it holds (see `events.history`). A worker that is gone
    without a last word is given one: Failed.
    """

    id: str
    folder: Path
    job: Job = field(repr=False)
    status: Status
    events: tuple[Event, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """The adapter's name."""
        return self.job.name

    @property
    def created(self) -> float:
        """In seconds since the epoch."""
        return self.job.created

    @property
    def is_over(self) -> bool:
        return self.status in ("succeeded", "stopped", "failed")


class Runs:
    """The runs in the folder `root`. Every process that looks there sees the same.

    Whoever starts, follows or ends a run lets the next one that waits begin, so that the queue
    needs no process of its own. With an `adapters_dir`, only runs that write there are seen; all
    wait in one queue.
    """

    def __init__(
        self,
        root: Path,
        *,
        adapters_dir: Path | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._root = root
        self._adapters_dir = adapters_dir and adapters_dir.absolute()
        self._clock = clock
        self._sleep = sleep

    def start(
        self,
        job: Job,
        data: Data,
        *,
        start_from: Adapter | None = None,
        overwrite: bool = False,
        by_hand: bool = False,
    ) -> Run:
        """Train the adapter `job.name`, in a worker process.

        It begins now, or when those before it have ended; `by_hand`, when someone starts it.
        With `start_from`, what that adapter has learned is where it begins.

        Raises:
            AdapterNameInvalid, AdapterNameTaken: choose another name.
            AdapterError: `start_from` does not fit the model or the settings.
            WorkerUnstartable: the disk or the system does not allow it.
        """
        check_name(job.name)
        taken = self._taken(job.adapters_dir)
        if not overwrite and job.name in taken:
            raise AdapterNameTaken(name=job.name, free=free_name(job.name, taken))
        if start_from:
            check_start(start_from, job.files.name, vars(job.config))
        job = replace(
            job,
            files=_absolute(job.files),
            adapters_dir=job.adapters_dir.absolute(),
            created=self._clock(),
            start_from=start_from and start_from.path.absolute(),
        )
        try:
            folder = self._make_folder(job)
            if not by_hand:
                (folder / QUEUED_FILE).touch()
            job.save(folder, data)
        except OSError as error:
            reason = f"{error.strerror or error}."
            raise WorkerUnstartable(reason=reason, folder=self._root) from error
        self.advance()
        return self.get(folder.name)

    def resume(self, id: str) -> Run:
        """Let the run `id` go on where it was, now or when those before it have ended.

        Raises:
            RunGoesOn: it has not ended. RunFinished: there is nothing left to do.
        """
        run = self.get(id)
        if not run.is_over:
            raise RunGoesOn(name=run.name)
        if run.status == "succeeded":
            raise RunFinished(name=run.name)
        (run.folder / STOP_FILE).unlink(missing_ok=True)
        step = checkpoints.step_of(checkpoints.latest(run.folder))
        append_event(run.folder / EVENTS_FILE, Resumed(step))
        (run.folder / QUEUED_FILE).touch()
        self.advance()
        return self.get(id)

    def advance(self) -> None:
        """Start the run that has waited longest, if none is going on.

        Raises:
            WorkerUnstartable: the system does not allow it.
        """
        while waiting := sorted(self._root.glob(f"*/{QUEUED_FILE}"), key=_queued_since):
            try:
                with FileLock(self._root / _QUEUE_LOCK, timeout=0):
                    folders = (file.parent for file in self._root.glob(f"*/{JOB_FILE}"))
                    if any(map(worker.is_alive, folders)):
                        return
                    self._spawn(waiting[0].parent)
            except Timeout:  # another process is at it
                return

    def list(self) -> tuple[Run, ...]:
        """All runs, the latest first."""
        runs = [self._run(folder) for folder in self._folders().values()]
        return tuple(sorted(runs, key=lambda run: run.created, reverse=True))

    def get(self, id: str) -> Run:
        """The run `id`. Raises UnknownName if there is none."""
        return self._run(self._folder(id))

    def follow(self, id: str, *, poll_seconds: float = 0.3) -> Iterator[Event]:
        """All that the run `id` says, as it comes, until it ends."""
        seen = 0
        folder = self._folder(id)
        while True:
            said = self._said(folder)
            yield from said[seen:]
            seen = len(said)
            if said and isinstance(said[-1], END) and not _waits(folder):
                return
            self._sleep(poll_seconds)
            self.advance()

    def stop(self, id: str) -> None:
        """Ask the run `id` to stop after its present step and keep what it has learned."""
        folder = self._folder(id)
        (folder / STOP_FILE).touch()
        if _waits(folder):
            (folder / QUEUED_FILE).unlink(missing_ok=True)
            append_event(folder / EVENTS_FILE, Stopped(None, 0, 0.0))

    def delete(self, id: str) -> None:
        """Forget the run `id`. Its adapter stays.

        Raises:
            RunGoesOn: it has not ended.
        """
        run = self.get(id)
        if not run.is_over:
            raise RunGoesOn(name=run.name)
        while worker.is_alive(run.folder):  # it has said its last word, and is signing out
            self._sleep(_SIGN_OUT_SECONDS)
        shutil.rmtree(run.folder)

    def clear(self) -> None:
        """End all runs, and forget them as soon as they have ended."""
        for folder in self._folders().values():
            self.stop(folder.name)
            worker.kill(folder)
            shutil.rmtree(folder, ignore_errors=True)

    def _run(self, folder: Path) -> Run:
        said = self._said(folder)
        status = "queued" if _waits(folder) else _status(said)
        return Run(folder.name, folder, Job.load(folder), status, history(said))

    def _spawn(self, folder: Path) -> None:
        try:
            began = worker.spawn(folder)
        except OSError as error:
            (folder / QUEUED_FILE).unlink(missing_ok=True)
            reason = f"{error.strerror or error}."
            raise WorkerUnstartable(reason=reason, folder=self._root) from error
        if not began:  # it would be started again and again
            error = WorkerDied(log=folder / LOG_FILE)
            append_event(folder / EVENTS_FILE, Failed(error.text("en"), error.text("zh")))
            (folder / QUEUED_FILE).unlink(missing_ok=True)

    def _taken(self, adapters_dir: Path) -> set[str]:
        """The names of adapters, and of runs that will make one."""
        adapters = adapters_dir.iterdir() if adapters_dir.is_dir() else ()
        return {folder.name for folder in adapters} | {
            run.name for run in self.list() if not run.is_over
        }

    def _make_folder(self, job: Job) -> Path:
        day = datetime.fromtimestamp(job.created).strftime("%Y%m%d-%H%M%S")
        folder, count = self._root / f"{day}-{job.name}", 1
        while folder.exists():
            count += 1
            folder = self._root / f"{day}-{job.name}-{count}"
        folder.mkdir(parents=True)
        return folder

    def _folder(self, id: str) -> Path:
        """Found by comparing names, so that a path is never one."""
        folders = self._folders()
        if id not in folders:
            raise UnknownName(kind="run", name=id, available=", ".join(sorted(folders)) or "-")
        return folders[id]

    def _folders(self) -> dict[str, Path]:
        """Those of the runs that are seen here, by id."""
        folders = [file.parent for file in self._root.glob(f"*/{JOB_FILE}")]
        own = self._adapters_dir
        return {f.name: f for f in folders if own is None or Job.load(f).adapters_dir == own}

    @staticmethod
    def _said(folder: Path) -> tuple[Event, ...]:
        """All events, with a last word for a worker that is gone without one."""
        goes_on = worker.is_alive(folder)  # asked first: a last word may come in between
        events = read_events(folder / EVENTS_FILE)
        has_ended = events and isinstance(events[-1], END)
        if goes_on or has_ended or _waits(folder):
            return events
        error = WorkerDied(log=folder / LOG_FILE)
        return (*events, Failed(error.text("en"), error.text("zh")))


def _status(said: Sequence[Event]) -> Status:
    match said[-1] if said else None:
        case Finished():
            return "succeeded"
        case Stopped():
            return "stopped"
        case Failed():
            return "failed"
        case _:
            return "running"


def _waits(folder: Path) -> bool:
    """In the queue, or for someone who starts it by hand."""
    never_began = not (worker.has_begun(folder) or (folder / EVENTS_FILE).exists())
    return (folder / QUEUED_FILE).exists() or never_began


def _queued_since(marker: Path) -> float:
    try:
        return marker.stat().st_mtime
    except FileNotFoundError:  # it has just begun
        return 0.0


def _absolute(files: ModelFiles) -> ModelFiles:
    """The worker runs in another folder."""
    path = Path(files.path)
    return replace(files, path=str(path.absolute())) if path.exists() else files
