"""Our end of an OpenVINO process: started, asked by several threads, ended."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

from playground.errors import EngineStopped
from playground.types import Reading, Sampling

_PACKAGE_PARENT = Path(__file__).resolve().parents[2]


class OpenVinoProcess:
    """One loaded model in a process of its own. Requests of several threads are batched."""

    def __init__(
        self, *, model: str, kv_tokens: int, step_tokens: int, draft_tokens: int = 0
    ) -> None:
        """Starts the process, which waits for `load`. Lengths are those of `worker.load`."""
        self._model = model
        self._ids = itertools.count(1)
        self._readers: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        self._writing = threading.Lock()
        self._state: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "playground.engines.openvino_worker"),
                *(str(kv_tokens), str(step_tokens), str(draft_tokens)),
            ],
            cwd=_PACKAGE_PARENT,  # so that it finds this package, installed or not
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
        self._listener = threading.Thread(target=self._listen, name="openvino", daemon=True)
        self._listener.start()

    def load(self, folder: Path) -> None:
        """Let it load the graph in `folder`, and wait until it can answer.

        Raises:
            EngineStopped: it cannot be loaded, or the process ended.
        """
        self._say({"load": str(folder.absolute())})
        if reason := self._state.get():
            self.close()
            raise EngineStopped(model=self._model, reason=reason)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def generate(
        self, tokens: Sequence[int], sampling: Sampling, ends: Sequence[int], cached: int = 0
    ) -> Generator[Reading | int, None, None]:
        """New token ids as they come, and before them how far a long prompt is read.

        The process is taken to have `cached` tokens of it, until it shows that it has not. Leaving
        early cancels the request.

        Raises:
            EngineStopped: the process ended before the answer did.
        """
        id_ = next(self._ids)
        reader: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._readers[id_] = reader
        ended = False
        try:
            self._say(
                {
                    "id": id_,
                    "tokens": list(tokens),
                    "cached": cached,
                    "max_tokens": sampling.max_tokens,
                    "temperature": sampling.temperature,
                    "top_p": sampling.top_p,
                    "seed": sampling.seed,
                    "ends": list(ends),
                }
            )
            while "end" not in (said := reader.get()):
                if "read" in said:
                    yield Reading(said["read"], len(tokens), said["cached"])
                else:
                    yield from said["tokens"]
            ended = True
            if not self.is_alive:
                raise EngineStopped(model=self._model, reason=self._death())
        finally:
            self._readers.pop(id_, None)
            if not ended:
                with contextlib.suppress(EngineStopped):  # then there is nothing to cancel
                    self._say({"cancel": id_})

    def close(self) -> None:
        """End the process; its memory is free when this returns."""
        self._process.terminate()
        self._listener.join()

    def _say(self, message: Any) -> None:
        try:
            with self._writing:
                assert self._process.stdin is not None
                self._process.stdin.write(json.dumps(message) + "\n")
                self._process.stdin.flush()
        except (OSError, ValueError) as error:  # ValueError: closed already
            raise EngineStopped(model=self._model, reason=self._death()) from error

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message = json.loads(line)
            if "id" not in message:
                self._state.put(message.get("failed"))
            elif reader := self._readers.get(message["id"]):
                reader.put(message)
        self._process.stdout.close()
        self._process.wait()
        with self._writing, contextlib.suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        self._state.put(self._death())
        for reader in list(self._readers.values()):
            reader.put({"end": True})

    def _death(self) -> str:
        return f"its process ended with code {self._process.poll()}"
