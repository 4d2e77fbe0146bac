"""The process of a training run: started apart from ours, and found again by any other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import psutil

from playground.finetune.job import LOG_FILE
from playground.settings import SHARED_PROCESSOR

_FILE = "worker.json"
_PACKAGE_PARENT = Path(__file__).resolve().parents[2]


def spawn(folder: Path) -> None:
    """Start the worker of the run in `folder`. It outlives this process.

    Raises:
        OSError: the system refuses.
    """
    with (folder / LOG_FILE).open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "playground.finetune.train", str(folder.absolute())],
            cwd=_PACKAGE_PARENT,  # so that it finds this package, installed or not
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**SHARED_PROCESSOR, **os.environ},
        )
    # Waiting keeps the ended process from staying a zombie.
    threading.Thread(target=process.wait, name="training worker", daemon=True).start()
    try:
        created = psutil.Process(process.pid).create_time()
    except psutil.NoSuchProcess:  # it has ended already
        created = 0.0
    draft = folder / f"{_FILE}.tmp"
    draft.write_text(json.dumps({"pid": process.pid, "create_time": created}), encoding="utf-8")
    draft.replace(folder / _FILE)


def is_alive(folder: Path) -> bool | None:
    """Whether the worker of the run in `folder` goes on, None if none is known yet."""
    try:
        known = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        process = psutil.Process(known["pid"])
        same = process.create_time() == known["create_time"]  # else the pid was used again
        return same and process.status() != psutil.STATUS_ZOMBIE
    except FileNotFoundError:
        return None
    except psutil.Error:
        return False
