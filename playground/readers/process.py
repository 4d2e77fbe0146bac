"""Reading in a process of its own, which may take only so long and so much memory."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from playground.errors import DocumentError, FileTooComplex, ReadingTookTooLong
from playground.readers import wire
from playground.readers.archive import NamedFile, files_in
from playground.readers.limits import READ_MEMORY_BYTES, READ_SECONDS
from playground.readers.registry import read_file_named, reader_of
from playground.readers.titles import title_of
from playground.types import Document

_PACKAGE_PARENT = Path(__file__).resolve().parents[2]
_WORKER = ("-m", "playground.readers.worker")
_LOOK_SECONDS = 0.1  # between two looks at the memory


class ReadingProcess:
    """Reads files one after another. Used as a context manager, by one thread at a time.

    Text is decoded here, for that is linear work. What takes a library is read in a process, which
    starts with the first such file; after a file that was too much for it, the next starts anew.
    """

    def __init__(
        self,
        *,
        seconds: float = READ_SECONDS,
        memory_bytes: int = READ_MEMORY_BYTES,
        worker: Sequence[str] = _WORKER,
    ) -> None:
        """A file may take `seconds`, and the process `memory_bytes`. `worker` is what Python runs,
        so that tests can put one that hangs in its place."""
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._worker = worker
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, name: str, data: bytes) -> Iterator[Document | DocumentError]:
        """The document in `data`, or each of those inside if it is a zip archive.

        `name` gives the title and hints at the format; it is no path.
        """
        yield from self.read_titled(title_of(name), data)

    def read_titled(self, title: str, data: bytes) -> Iterator[Document | DocumentError]:
        """As `read`, under a title that is known to be safe and may be a path."""
        for file in files_in(title, data):
            yield file if isinstance(file, DocumentError) else self._read(file)

    def close(self) -> None:
        """End the process; the next file would start another."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):  # what was not yet written cannot be any more
                if pipe is not None:
                    pipe.close()
        self._process = None

    def _read(self, file: NamedFile) -> Document | DocumentError:
        try:
            return read_file_named(file) if reader_of(file) is None else self._ask(file)
        except DocumentError as error:
            return error

    def _ask(self, file: NamedFile) -> Document | DocumentError:
        process = self._started()
        answers: queue.SimpleQueue[wire.Message | None] = queue.SimpleQueue()
        talk = threading.Thread(
            target=_talk, args=(process, file, answers), name="reading", daemon=True
        )
        talk.start()
        try:
            answer = self._wait(process, file.title, answers)
        except BaseException:  # also when we are told to stop meanwhile: its answer has no taker
            process.kill()
            talk.join()
            self.close()
            raise
        talk.join()
        if _memory_of(process) > self._memory_bytes // 4:  # it keeps what the next file may need
            self.close()
        return wire.to_result(answer)

    def _wait(
        self,
        process: subprocess.Popen[bytes],
        title: str,
        answers: queue.SimpleQueue[wire.Message | None],
    ) -> wire.Message:
        end = time.monotonic() + self._seconds
        too_complex = FileTooComplex(title=title, megabytes=self._memory_bytes // 1_000_000)
        while time.monotonic() < end:
            try:
                answer = answers.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                if _memory_of(process) > self._memory_bytes:
                    raise too_complex from None
                continue
            if answer is None:
                raise too_complex
            return answer
        raise ReadingTookTooLong(title=title, seconds=self._seconds)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None:
            if self._process.poll() is None:
                return self._process
            self.close()  # it died meanwhile, through no fault of the next file
        self._process = subprocess.Popen(
            [sys.executable, *self._worker],
            cwd=_PACKAGE_PARENT,  # so that it finds this package, installed or not
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what libraries say of broken files
        )
        return self._process


def _talk(
    process: subprocess.Popen[bytes],
    file: NamedFile,
    answers: queue.SimpleQueue[wire.Message | None],
) -> None:
    """In a thread, since both ends of a pipe may block for ever. None: the process died."""
    answer = None
    with contextlib.suppress(OSError, ValueError):
        assert process.stdin is not None
        assert process.stdout is not None
        wire.send(process.stdin, wire.from_file(file))
        answer = wire.receive(process.stdout)
    answers.put(answer)


def _memory_of(process: subprocess.Popen[bytes]) -> int:
    """In all systems alike, unlike the limits that a process may set itself."""
    try:
        return psutil.Process(process.pid).memory_info().rss
    except psutil.Error:  # it died; its pipe will tell
        return 0
