"""Training runs: a worker process each, all that is known of it in its folder."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from playground.errors import (
    AdapterNameTaken,
    TrainingBusy,
    UnknownName,
    WorkerDied,
    WorkerUnstartable,
)
from playground.finetune import worker
from playground.finetune.adapters import check_name, check_start
from playground.finetune.config import TrainConfig
from playground.finetune.dataset import Dataset
from playground.finetune.events import (
    END,
    Event,
    Failed,
    Finished,
    Stopped,
    read_events,
)
from playground.finetune.job import EVENTS_FILE, JOB_FILE, LOG_FILE, STOP_FILE, Job
from playground.models.names import ModelFiles
from playground.types import Adapter

Status = Literal["queued", "running", "succeeded", "stopped", "failed"]

_SPAWN_SECONDS = 10.0  # between a run's folder and its worker


@dataclass(frozen=True)
class Run:
    """A training run as it was when asked for. `created` is in seconds since the epoch."""

    id: str
    name: str
    model: str
    folder: Path
    created: float
    status: Status

    @property
    def is_over(self) -> bool:
        return self.status in ("succeeded", "stopped", "failed")


class Runs:
    """The runs in the folder `root`. Every process that looks there sees the same."""

    def __init__(
        self,
        root: Path,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._root = root
        self._clock = clock
        self._sleep = sleep
        self._starting = threading.Lock()

    def start(
        self,
        name: str,
        dataset: Dataset,
        config: TrainConfig,
        *,
        files: ModelFiles,
        adapters_dir: Path,
        device: str = "auto",
        dtype: str = "auto",
        start_from: Adapter | None = None,
        overwrite: bool = False,
    ) -> Run:
        """Start to train the adapter `name`, for the model in `files`, in a worker process.

        With `start_from`, what that adapter has learned is where it begins.

        Raises:
            AdapterNameInvalid, AdapterNameTaken: choose another name.
            AdapterError: `start_from` does not fit the model or `config`.
            TrainingBusy: another training is going on.
            WorkerUnstartable: the disk or the system does not allow it.
        """
        check_name(name)
        if not overwrite and (adapters_dir / name).exists():
            raise AdapterNameTaken(name=name, free=_free_name(adapters_dir, name))
        if start_from:
            check_start(start_from, files.name, config)
        job = Job(
            name=name,
            files=_absolute(files),
            config=config,
            adapters_dir=adapters_dir.absolute(),
            file=dataset.file,
            shape=dataset.shape,
            device=device,
            dtype=dtype,
            created=self._clock(),
            start_from=start_from and start_from.path.absolute(),
        )
        with self._starting:
            self._check_idle()
            try:
                folder = self._make_folder(job)
                job.save(folder, dataset.rows)
                worker.spawn(folder)
            except OSError as error:
                reason = f"{error.strerror or error}."
                raise WorkerUnstartable(reason=reason, folder=self._root) from error
        return self.get(folder.name)

    def list(self) -> tuple[Run, ...]:
        """All runs, the latest first."""
        folders = [file.parent for file in self._root.glob(f"*/{JOB_FILE}")]
        runs = [self.get(folder.name) for folder in folders]
        return tuple(sorted(runs, key=lambda run: run.created, reverse=True))

    def get(self, id: str) -> Run:
        """The run `id`. Raises UnknownName if there is none."""
        folder = self._folder(id)
        job = Job.load(folder)
        return Run(id, job.name, job.files.name, folder, job.created, self.status(id))

    def status(self, id: str) -> Status:
        """What has become of the run `id`."""
        events = self.events(id)
        if not events:
            return "queued"
        last = events[-1]
        if isinstance(last, Finished):
            return "succeeded"
        if isinstance(last, Stopped):
            return "stopped"
        return "failed" if isinstance(last, Failed) else "running"

    def events(self, id: str, after: int = 0) -> tuple[Event, ...]:
        """What the run `id` has said, without the first `after` events.

        A worker that is gone without a last word is given one: Failed.
        """
        folder = self._folder(id)
        was_alive = self._is_alive(folder)  # asked first: a last word may come in between
        events = read_events(folder / EVENTS_FILE)
        if not was_alive and not (events and isinstance(events[-1], END)):
            error = WorkerDied(log=folder / LOG_FILE)
            events += (Failed(error.text("en"), error.text("zh")),)
        return events[after:]

    def follow(self, id: str, *, poll_seconds: float = 0.3) -> Iterator[Event]:
        """All events of the run `id`, as they come, until it ends."""
        seen = 0
        while True:
            for event in self.events(id, seen):
                seen += 1
                yield event
                if isinstance(event, END):
                    return
            self._sleep(poll_seconds)

    def stop(self, id: str) -> None:
        """Ask the run `id` to stop after its present step and keep what it has learned."""
        (self._folder(id) / STOP_FILE).touch()

    def _check_idle(self) -> None:
        for run in self.list():
            if not run.is_over:
                raise TrainingBusy(name=run.name)

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
        folders = {file.parent.name: file.parent for file in self._root.glob(f"*/{JOB_FILE}")}
        if id not in folders:
            raise UnknownName(kind="run", name=id, available=", ".join(sorted(folders)) or "-")
        return folders[id]

    def _is_alive(self, folder: Path) -> bool:
        is_young = self._clock() - Job.load(folder).created < _SPAWN_SECONDS
        alive = worker.is_alive(folder)
        return is_young if alive is None else alive


def _absolute(files: ModelFiles) -> ModelFiles:
    """The worker runs in another folder."""
    path = Path(files.path)
    return replace(files, path=str(path.absolute())) if path.exists() else files


def _free_name(adapters_dir: Path, name: str) -> str:
    stem = name[:60].rstrip(".")
    numbers = itertools.count(2)
    return next(n for i in numbers if not (adapters_dir / (n := f"{stem}-{i}")).exists())
