"""The fast engine for CPUs: OpenVINO GenAI, with prompts reused and readers batched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from playground.engines.answer import answer
from playground.engines.base import check_window
from playground.engines.openvino_processes import Processes
from playground.models.adapter_files import check_base
from playground.models.chat import count_tokens, encode
from playground.models.loading import load_tokenizer
from playground.models.names import ModelFiles
from playground.types import Adapter, Message, Sampling, Streamed


class OpenVinoEngine:
    """One model; answers of several threads are computed together."""

    def __init__(self, files: ModelFiles, processes: Processes) -> None:
        self.model = files.name
        self._processes = processes
        self._tokenizer = load_tokenizer(files)
        self._ends = processes.prepared.ends
        self.context_window = min(processes.prepared.window, processes.kv_tokens)

    def count_tokens(self, messages: Sequence[Message]) -> int:
        return count_tokens(self._tokenizer, messages)

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, adapter: Adapter | None = None
    ) -> Iterator[Streamed]:
        tokens = encode(self._tokenizer, messages, add_generation_prompt=True)
        check_window(self, len(tokens), sampling.max_tokens)
        if adapter:
            check_base(adapter, self.model)
        with self._processes.running(adapter) as (process, record):
            cached = record.cached(tokens)
            with closing(process.generate(tokens, sampling, self._ends, cached)) as generated:
                yield from answer(
                    record.following(tokens, generated),
                    self._tokenizer,
                    sampling,
                    ends=self._ends,
                    prompt_tokens=len(tokens),
                    cached_tokens=cached,
                )

    def close(self) -> None:
        self._processes.close()
