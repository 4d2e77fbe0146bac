"""The reference engine: any causal language model that transformers loads, on any device."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from transformers import DynamicCache, GenerationConfig, StoppingCriteria, StoppingCriteriaList
from transformers.generation.streamers import BaseStreamer

from playground.engines import scoring
from playground.engines.adapters import AdapterWeights
from playground.engines.answer import answer
from playground.engines.base import check_window
from playground.engines.prefix_cache import PrefixCache, piece_ends
from playground.models.chat import count_tokens, encode, end_tokens
from playground.models.hardware import choose_device, choose_dtype
from playground.models.loading import load_model, load_tokenizer, window_of
from playground.models.names import ModelFiles
from playground.types import Adapter, Message, Reading, Sampling, Score, Streamed


class TransformersEngine:
    """One model in memory; adapters are switched per call. One answer is computed at a time."""

    def __init__(self, files: ModelFiles, *, device: str = "auto", dtype: str = "auto") -> None:
        self.model = files.name
        self._tokenizer = load_tokenizer(files)
        chosen = choose_device(device)
        self._model = load_model(files, dtype=choose_dtype(chosen, dtype), device=chosen)
        self._adapters = AdapterWeights(self._model, files.name)
        self._prefixes = PrefixCache()
        self._lock = threading.Lock()

    @property
    def context_window(self) -> int:
        return window_of(self._model.config)

    def count_tokens(self, messages: Sequence[Message]) -> int:
        return count_tokens(self._tokenizer, messages)

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, adapter: Adapter | None = None
    ) -> Iterator[Streamed]:
        tokens = encode(self._tokenizer, messages, add_generation_prompt=True)
        check_window(self, len(tokens), sampling.max_tokens)
        with self._lock, self._adapters.active(adapter) as weights:
            cache = self._prefixes.match(weights, tokens, self._model.config)
            cached = cache.get_seq_length()
            generation = _Generation(self._model, self._config(sampling), tokens, cache)
            try:
                with generation:
                    yield from answer(
                        generation,
                        self._tokenizer,
                        sampling,
                        ends=self._end_tokens,
                        prompt_tokens=len(tokens),
                        cached_tokens=cached,
                    )
            finally:
                if generation.prompt_is_read:
                    self._prefixes.keep(weights, tokens, cache)

    def score(
        self,
        messages: Sequence[Message],
        continuations: Sequence[str],
        adapter: Adapter | None = None,
    ) -> tuple[Score, ...]:
        prompt = encode(self._tokenizer, messages, add_generation_prompt=True)
        # By themselves, as answers are in training (finetune/encoding.py).
        texts = [self._tokenizer.encode(text, add_special_tokens=False) for text in continuations]
        check_window(self, len(prompt), max(map(len, texts), default=0))
        with self._lock, self._adapters.active(adapter) as weights:
            cache = self._prefixes.match(weights, prompt, self._model.config)
            scores = scoring.score(self._model, prompt, texts, cache)
            self._prefixes.keep(weights, prompt, cache)
        return scores

    def close(self) -> None:
        """Forget the prompts; the weights go with the engine itself."""
        with self._lock:
            self._prefixes = PrefixCache()

    @property
    def _end_tokens(self) -> list[int]:
        return end_tokens(self._model.generation_config, self._tokenizer)

    def _config(self, sampling: Sampling) -> GenerationConfig:
        torch.manual_seed(sampling.seed)
        chance: dict[str, Any] = {"do_sample": False}
        if sampling.temperature > 0:
            chance = {
                "do_sample": True,
                "temperature": sampling.temperature,
                "top_p": sampling.top_p,
                "top_k": 0,
            }
        return GenerationConfig(
            max_new_tokens=sampling.max_tokens,
            eos_token_id=self._end_tokens,
            pad_token_id=self._tokenizer.pad_token_id,
            **chance,
        )


class _Generation(StoppingCriteria, BaseStreamer):
    """`generate()` in a thread of its own, as an iterator that can be left early: of Readings while
    the prompt is read, then of token ids."""

    def __init__(
        self, model: Any, config: GenerationConfig, tokens: list[int], cache: DynamicCache
    ) -> None:
        self.prompt_is_read = False
        self._model, self._config, self._tokens, self._cache = model, config, tokens, cache
        self._cancelled = threading.Event()
        self._queue: queue.SimpleQueue[Reading | int | BaseException | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="generate", daemon=True)

    def __enter__(self) -> _Generation:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._cancelled.set()
        self._thread.join()

    def __iter__(self) -> Iterator[Reading | int]:
        while (item := self._queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> Any:
        """As a stopping criterion: whether the reader has gone (bool [1])."""
        return torch.full((1,), self._cancelled.is_set(), device=input_ids.device)

    def put(self, value: torch.Tensor) -> None:
        """As a streamer: one new token (the first call brings the prompt and is passed over)."""
        if self.prompt_is_read:
            self._queue.put(int(value))
        self.prompt_is_read = self.prompt_is_read or value.numel() == len(self._tokens)

    def end(self) -> None: ...

    def _run(self) -> None:
        try:
            self._generate()
            self._queue.put(None)
        except BaseException as error:  # handed to the reader's thread, which raises it
            self._queue.put(error)

    @torch.no_grad()
    def _generate(self) -> None:
        input_ids = torch.tensor([self._tokens], device=self._model.device)
        start = cached = self._cache.get_seq_length()
        for end in piece_ends(len(self._tokens)):
            if self._cancelled.is_set():
                return
            if end > start:
                piece = input_ids[:, start:end]
                self._model(piece, cache=self._cache, use_cache=True, logits_to_keep=1)
                start = end
                self._queue.put(Reading(end, len(self._tokens), cached))
        self._model.generate(
            input_ids,
            attention_mask=torch.ones_like(input_ids),
            cache=self._cache,
            generation_config=self._config,
            streamer=self,
            stopping_criteria=StoppingCriteriaList([self]),
        )
