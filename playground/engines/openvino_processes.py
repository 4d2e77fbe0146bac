"""Which weights are loaded: a process for the model as it is, and few for tuned ones."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from playground.engines.openvino_client import OpenVinoProcess
from playground.engines.openvino_prepared import Prepared
from playground.engines.openvino_record import PromptRecord
from playground.errors import EngineStopped
from playground.models.adapter_files import key_of
from playground.types import Adapter

# Prompts are read in steps of these: a reader who leaves is noticed after one. Half as many are
# 4 % slower, twice as many no faster.
_STEP_TOKENS = 128
_LOWEST_KV_TOKENS = 8192
_KV_BYTES = 256 << 20


@dataclass
class Loaded:
    """A process with one set of weights. `readers` says how many answers it is giving."""

    process: OpenVinoProcess | None = None
    record: PromptRecord = field(default_factory=lambda: PromptRecord(0))
    readers: int = 0
    loading: threading.Lock = field(default_factory=threading.Lock)


class Processes:
    """One for the untuned weights, and those of the last adapters within a budget of bytes."""

    def __init__(
        self,
        prepared: Prepared,
        *,
        model: str,
        draft_tokens: int = 0,
        adapter_bytes: int = 1 << 30,
    ) -> None:
        self.prepared = prepared
        self._draft_tokens = draft_tokens
        self._model = model
        self._adapter_bytes = adapter_bytes
        affordable = _KV_BYTES // max(prepared.kv_bytes, 1)
        self.kv_tokens = min(2 * prepared.window, max(affordable, _LOWEST_KV_TOKENS))
        self._loaded: OrderedDict[str | None, Loaded] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def running(self, adapter: Adapter | None) -> Iterator[tuple[OpenVinoProcess, PromptRecord]]:
        """The process with the weights of `adapter`, loaded if it is not, for one answer."""
        key = key_of(adapter) if adapter else None
        with self._lock:
            loaded = self._loaded.setdefault(key, Loaded())
            self._loaded.move_to_end(key)
            loaded.readers += 1
        try:
            with loaded.loading:
                if loaded.process is None or not loaded.process.is_alive:
                    loaded.process, loaded.record = self._start(adapter)
            yield loaded.process, loaded.record
        finally:
            with self._lock:
                loaded.readers -= 1
                self._forget()

    def begin(self) -> None:
        """Load the untuned weights while the caller does something else."""

        def load() -> None:
            with contextlib.suppress(EngineStopped), self.running(None):
                pass  # who asks next tries again, and hears of it

        threading.Thread(target=load, name="load openvino", daemon=True).start()

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            all_loaded = list(self._loaded.values())
            self._loaded.clear()
        for loaded in all_loaded:
            with loaded.loading:  # what is being loaded ends, too
                if loaded.process:
                    loaded.process.close()

    def _start(self, adapter: Adapter | None) -> tuple[OpenVinoProcess, PromptRecord]:
        # The process starts up while the weights are being made.
        process = OpenVinoProcess(
            model=self._model,
            kv_tokens=self.kv_tokens,
            step_tokens=_STEP_TOKENS,
            draft_tokens=self._draft_tokens,
        )
        try:
            process.load(self._folder(adapter))
        except BaseException:
            process.close()
            raise
        return process, PromptRecord(self.kv_tokens)

    def _folder(self, adapter: Adapter | None) -> Path:
        if adapter is None:
            return self.prepared.base
        from playground.engines.openvino_prepare import with_adapter

        return with_adapter(self.prepared, adapter)

    def _forget(self) -> None:
        """The least recently used tuned weights that nobody is reading go, while over budget."""
        tuned = [(key, loaded) for key, loaded in self._loaded.items() if key and loaded.process]
        sizes = {key: _resident(loaded.process) for key, loaded in tuned if loaded.process}
        for key, loaded in tuned[:-1]:
            if sum(sizes.values()) <= self._adapter_bytes:
                return
            if loaded.readers == 0 and loaded.process:
                loaded.process.close()
                del self._loaded[key], sizes[key]


def _resident(process: OpenVinoProcess) -> int:
    try:
        return psutil.Process(process.pid).memory_info().rss
    except psutil.Error:  # it has ended
        return 0
