"""The process that reads files with other people's libraries, one after another.

A process of its own, since a crafted file may make a library hang, crash or take all memory.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading

from playground.errors import DocumentError
from playground.readers import wire
from playground.readers.registry import read_file_named
from playground.types import Document


def main() -> None:
    """Answer each file with its document or its error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, whose end ends us
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer
    files: queue.SimpleQueue[wire.Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(files,), daemon=True).start()
    while True:
        wire.send(answers, wire.from_result(_read(files.get())))


def _listen(files: queue.SimpleQueue[wire.Message]) -> None:
    """In a thread, so that the end of the parent is noticed in the midst of a file."""
    while message := wire.receive(sys.stdin.buffer):
        files.put(message)
    os._exit(0)


def _read(message: wire.Message) -> Document | DocumentError:
    try:
        return read_file_named(wire.to_file(message))
    except DocumentError as error:
        return error


if __name__ == "__main__":
    main()
