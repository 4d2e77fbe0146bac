"""Plain transformers, as its documentation says: `generate()` in a thread, with a streamer."""

from __future__ import annotations

import gc
import queue
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from transformers.generation.streamers import BaseStreamer

from playground.models import locate
from playground.models.chat import encode
from playground.models.hardware import choose_device, choose_dtype
from playground.models.loading import load_model, load_tokenizer
from playground.settings import Settings
from playground.types import Delta, Finish, Message


class PlainTransformers:
    """The same weights on the same device, in the format that the machine is fast with."""

    def __init__(self, settings: Settings) -> None:
        files = locate(settings.model, settings.models_dir)
        device = choose_device(settings.device)
        self._tokenizer = load_tokenizer(files)
        dtype = choose_dtype(device, settings.dtype)
        self._model: Any = load_model(files, dtype=dtype, device=device)

    def stream(
        self, messages: Sequence[Message], max_tokens: int, *, ignore_end: bool = False
    ) -> Iterator[Delta | Finish]:
        ids = encode(self._tokenizer, messages, add_generation_prompt=True)
        inputs = torch.tensor([ids], device=self._model.device)
        options = {"do_sample": False, "max_new_tokens": max_tokens}
        if ignore_end:
            options["min_new_tokens"] = max_tokens
        tokens = _Tokens()
        thread = threading.Thread(
            target=self._generate, args=(inputs, tokens, options), name="generate", daemon=True
        )
        thread.start()
        produced = 0
        for token in tokens:
            produced += 1
            yield Delta(str(self._tokenizer.decode([token], skip_special_tokens=True)))
        thread.join()
        yield Finish("length" if produced == max_tokens else "stop", len(ids), produced)

    def _generate(self, inputs: torch.Tensor, tokens: _Tokens, options: dict[str, Any]) -> None:
        try:
            mask = torch.ones_like(inputs)
            self._model.generate(inputs, attention_mask=mask, streamer=tokens, **options)
        except BaseException as error:  # handed to the reader's thread, which raises it
            tokens.queue.put(error)

    def close(self) -> None:
        self._model = None
        gc.collect()


class _Tokens(BaseStreamer):
    """Token ids as they come. The first call brings the prompt."""

    def __init__(self) -> None:
        self.queue: queue.SimpleQueue[int | BaseException | None] = queue.SimpleQueue()
        self._prompt_is_read = False

    def put(self, value: torch.Tensor) -> None:
        if self._prompt_is_read:
            self.queue.put(int(value))
        self._prompt_is_read = True

    def end(self) -> None:
        self.queue.put(None)

    def __iter__(self) -> Iterator[int]:
        while (item := self.queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
