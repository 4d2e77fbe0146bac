"""The engine for models of other servers: whatever answers OpenAI's /chat/completions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import openai

from playground.engines.text import StopFilter
from playground.errors import RemoteAdapterUnknown, RemoteFailed
from playground.remote.client import connect, explained, without_key
from playground.remote.server import Remote
from playground.types import Adapter, Delta, Finish, FinishReason, Message, Sampling

_WINDOW_NAMES = ("max_model_len", "context_length", "max_context_length", "context_window")
_USUAL_WINDOW = 8192
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTERS_PER_TOKEN = 3.5


class OpenAiEngine:
    """One model of a server. A tuned one is asked by its id, which is the adapter's name."""

    def __init__(self, remote: Remote, **given: Any) -> None:
        self._remote = remote
        self._client = connect(remote, **given)
        self._loaded: set[str] = set()  # adapters that the server is known to have

    @property
    def model(self) -> str:
        return self._remote.model

    @property
    def context_window(self) -> int:
        return self._remote.context_window or self._told_window

    @cached_property
    def _told_window(self) -> int:
        """What the server says of the model, if it says anything."""
        card = next((card for card in self._cards() if card["id"] == self.model), {})
        told = (card.get(name) for name in _WINDOW_NAMES)
        return next((size for size in told if isinstance(size, int) and size > 0), _USUAL_WINDOW)

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """About so many: only the server has the tokenizer. What it counts is in the Finish."""
        return sum(_about(message.content) for message in messages)

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, adapter: Adapter | None = None
    ) -> Iterator[Delta | Finish]:
        model = self._ready(adapter) if adapter else self.model
        stops = StopFilter(sampling.stop)
        written: list[str] = []
        reason: FinishReason | None = None
        usage: Any = None
        with (
            explained(self._remote, model),
            self._client.chat.completions.create(
                model=model,
                messages=[{"role": m.role, "content": m.content} for m in messages],  # type: ignore[misc]
                stream=True,
                stream_options={"include_usage": True},
                **{self._limit_name: sampling.max_tokens},  # type: ignore[arg-type]
                temperature=sampling.temperature,
                top_p=sampling.top_p,
                seed=sampling.seed,
                stop=list(sampling.stop) or openai.omit,
            ) as stream,
        ):
            for chunk in stream:
                usage = chunk.usage or usage
                if not chunk.choices:
                    continue
                choice = chunk.choices[0]
                thought = getattr(choice.delta, "reasoning_content", None) or ""
                content = choice.delta.content or ""
                written += [thought, content]
                text = stops.push(content)
                if text or thought:
                    yield Delta(text, reasoning=thought)
                if choice.finish_reason:
                    reason = "length" if choice.finish_reason == "length" else "stop"
        if reason is None:
            told = {"base_url": self._remote.base_url, "model": model}
            raise RemoteFailed(**told, reason="the answer broke off.")
        if text := stops.flush():
            yield Delta(text)
        yield _finish(reason, usage, self.count_tokens(messages), "".join(written))

    def close(self) -> None:
        self._client.close()

    def _cards(self) -> list[dict[str, Any]]:
        """All that the server says of its models."""
        with explained(self._remote):
            return [card.model_dump() for card in self._client.models.list()]

    def _ready(self, adapter: Adapter) -> str:
        """The id of the tuned model. vLLM is asked to load what was trained here.

        It must see our folders, and be started with VLLM_ALLOW_RUNTIME_LORA_UPDATING=True.
        """
        if not adapter.is_local or adapter.name in self._loaded:
            return adapter.name
        if adapter.name not in {card["id"] for card in self._cards()}:
            body = {"lora_name": adapter.name, "lora_path": str(adapter.path.absolute())}
            try:
                self._client.post("/load_lora_adapter", cast_to=str, body=body)
            except openai.APIStatusError as error:
                raise RemoteAdapterUnknown(
                    base_url=self._remote.base_url,
                    adapter=adapter.name,
                    reason=without_key(error, self._remote),
                ) from None
        self._loaded.add(adapter.name)
        return adapter.name

    @property
    def _limit_name(self) -> str:
        """OpenAI's own models refuse the name that all others know."""
        host = self._client.base_url.host
        return "max_completion_tokens" if host.endswith("openai.com") else "max_tokens"


def _finish(reason: FinishReason, usage: Any, counted: int, written: str) -> Finish:
    """With the server's own counts, or ours if it gives none."""
    if usage is None:
        return Finish(reason, counted, _about(written), is_estimated=True)
    details = getattr(usage, "prompt_tokens_details", None)
    cached = getattr(details, "cached_tokens", None) or 0
    return Finish(reason, usage.prompt_tokens, usage.completion_tokens, cached)


def _about(text: str) -> int:
    """Tokens of `text`, rather too many: a Han character is one, other letters are some."""
    han = len(_HAN.findall(text))
    return han + math.ceil((len(text) - han) / _LETTERS_PER_TOKEN)
