"""The process of a training run: started apart from ours, and found again by any other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from playground.finetune.job import LOG_FILE, QUEUED_FILE, Job
from playground.finetune.processes import PARENT
from playground.settings import SHARED_PROCESSOR

_FILE = "worker.json"
_LOCK = "worker.lock"
_SPAWN_SECONDS = 20.0  # until a new Python has its lock, on a busy machine
_PACKAGE_PARENT = Path(__file__).resolve().parents[2]


def spawn(folder: Path) -> bool:
    """Start the worker of the run in `folder`, and wait until it has begun. It outlives us.

    False if it ended, or did nothing for long, before it began.

    Raises:
        OSError: the system refuses.
    """
    with (folder / LOG_FILE).open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "playground.finetune", str(folder.absolute())],
            cwd=_PACKAGE_PARENT,  # so that it finds this package, installed or not
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**SHARED_PROCESSOR, **os.environ},
        )
    # Waiting keeps the ended process from staying a zombie.
    threading.Thread(target=process.wait, name="training worker", daemon=True).start()
    deadline = time.monotonic() + _SPAWN_SECONDS
    while (folder / QUEUED_FILE).exists():
        if process.poll() is not None or time.monotonic() > deadline:
            return not (folder / QUEUED_FILE).exists()
        time.sleep(0.02)
    return True


def is_alive(folder: Path) -> bool:
    """Whether the worker of the run in `folder` goes on; one that has signed out does not."""
    try:
        known = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        if known.get("done"):
            return False
        process = psutil.Process(known["pid"])
        same = process.create_time() == known["create_time"]  # else the pid was used again
        return same and process.status() != psutil.STATUS_ZOMBIE
    except (FileNotFoundError, psutil.Error):
        return False


def kill(folder: Path) -> None:
    """End the worker of the run in `folder` at once, with all that it started."""
    if not is_alive(folder):
        return
    with suppress(psutil.Error):
        process = psutil.Process(json.loads((folder / _FILE).read_text(encoding="utf-8"))["pid"])
        for one in (*process.children(recursive=True), process):
            one.kill()


def has_begun(folder: Path) -> bool:
    """Whether the run in `folder` ever had a worker."""
    return (folder / _FILE).exists()


def sign_in(folder: Path) -> None:
    """This process is the worker of the run in `folder`, which waits no more."""
    _tell(folder, done=False)
    (folder / QUEUED_FILE).unlink(missing_ok=True)


def sign_out(folder: Path) -> None:
    """This process has done its work; what it takes to end keeps nobody waiting."""
    _tell(folder, done=True)


def _tell(folder: Path, *, done: bool) -> None:
    process = psutil.Process()
    draft = folder / f"{_FILE}.tmp"
    who = {"pid": process.pid, "create_time": process.create_time(), "done": done}
    draft.write_text(json.dumps(who), encoding="utf-8")
    draft.replace(folder / _FILE)


def main(folder: Path) -> int:
    """Train the run in `folder`, unless another process does. Returns the exit status."""
    try:
        with FileLock(folder / _LOCK, timeout=0):
            sign_in(folder)
            try:
                return _train(folder)
            finally:
                sign_out(folder)
    except Timeout:
        return 0


def _train(folder: Path) -> int:
    processes = Job.load(folder).processes
    if processes == 1:
        from playground.finetune import train  # takes seconds, after `sign_in`

        return train.main(folder)
    command = [
        *(sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu"),
        *("--num_processes", str(processes), "--num_machines", "1", "--mixed_precision", "no"),
        *("--dynamo_backend", "no", "-m", "playground.finetune.train", str(folder)),
    ]
    if not _has_gpus(processes):
        command[command.index("--multi_gpu")] = "--cpu"
    return subprocess.call(command, env={**os.environ, PARENT: str(os.getpid())})


def _has_gpus(count: int) -> bool:
    import torch

    return torch.cuda.device_count() >= count
