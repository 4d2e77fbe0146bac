"""The engine for models of other servers: whatever answers OpenAI's /chat/completions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import httpx2
import openai

from playground.engines.remote import Remote
from playground.engines.text import StopFilter
from playground.errors import (
    RemoteAdapterUnknown,
    RemoteBusy,
    RemoteFailed,
    RemoteKeyRefused,
    RemoteModelUnknown,
    RemoteRefused,
    RemoteUnreachable,
)
from playground.types import Adapter, Delta, Finish, FinishReason, Message, Sampling

_WINDOW_NAMES = ("max_model_len", "context_length", "max_context_length", "context_window")
_USUAL_WINDOW = 8192
_CONNECT_SECONDS, _SILENT_SECONDS = 10.0, 120.0
_RETRIES = 4  # on 429 and 5xx, each after a longer pause, or the one that the server names
_NO_KEY = "none"
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTERS_PER_TOKEN = 3.5


class OpenAiEngine:
    """One model of a server. A tuned one is asked by its id, which is the adapter's name."""

    def __init__(self, remote: Remote, *, retries: int = _RETRIES) -> None:
        self._remote = remote
        self._loaded: set[str] = set()  # adapters that the server is known to have
        self._client = openai.OpenAI(
            base_url=remote.base_url,
            api_key=remote.api_key or _NO_KEY,
            max_retries=retries,
            timeout=openai.Timeout(_SILENT_SECONDS, connect=_CONNECT_SECONDS),
        )

    @property
    def model(self) -> str:
        return self._remote.model

    @property
    def context_window(self) -> int:
        return self._remote.context_window or self._told_window

    @cached_property
    def _told_window(self) -> int:
        """What the server says of the model, if it says anything."""
        with self._errors(self.model):
            cards = [card.model_dump() for card in self._client.models.list()]
        card = next((card for card in cards if card["id"] == self.model), {})
        told = (card.get(name) for name in _WINDOW_NAMES)
        return next((size for size in told if isinstance(size, int) and size > 0), _USUAL_WINDOW)

    def models(self) -> tuple[str, ...]:
        """The ids that the server lists.

        Raises:
            RemoteUnreachable, RemoteKeyRefused, RemoteFailed.
        """
        with self._errors(self.model):
            return tuple(sorted(card.id for card in self._client.models.list()))

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """About so many: only the server has the tokenizer. What it counts is in the Finish."""
        return sum(_about(message.content) for message in messages)

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, adapter: Adapter | None = None
    ) -> Iterator[Delta | Finish]:
        model = self._ready(adapter) if adapter else self.model
        counted = self.count_tokens(messages)
        stops = StopFilter(sampling.stop)
        written: list[str] = []
        reason: FinishReason | None = None
        usage: Any = None
        with self._errors(model):
            stream = self._client.chat.completions.create(
                model=model,
                messages=[{"role": m.role, "content": m.content} for m in messages],  # type: ignore[misc]
                stream=True,
                stream_options={"include_usage": True},
                **{self._limit_name: sampling.max_tokens},  # type: ignore[arg-type]
                temperature=sampling.temperature,
                top_p=sampling.top_p,
                seed=sampling.seed,
                stop=list(sampling.stop) or openai.omit,
            )
            with stream:
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
        yield _finish(reason, usage, counted, "".join(written))

    def _ready(self, adapter: Adapter) -> str:
        """The id of the tuned model. vLLM is asked to load what was trained here.

        It must see our folders, and be started with VLLM_ALLOW_RUNTIME_LORA_UPDATING=True.
        """
        if not adapter.is_local or adapter.name in self._loaded:
            return adapter.name
        if adapter.name not in self.models():
            body = {"lora_name": adapter.name, "lora_path": str(adapter.path.absolute())}
            try:
                self._client.post("/load_lora_adapter", cast_to=str, body=body)
            except openai.APIStatusError as error:
                raise RemoteAdapterUnknown(
                    base_url=self._remote.base_url,
                    adapter=adapter.name,
                    reason=self._without_key(error),
                ) from None
        self._loaded.add(adapter.name)
        return adapter.name

    @property
    def _limit_name(self) -> str:
        """OpenAI's own models refuse the name that all others know."""
        host = self._client.base_url.host
        return "max_completion_tokens" if host.endswith("openai.com") else "max_tokens"

    def close(self) -> None:
        self._client.close()

    @contextmanager
    def _errors(self, model: str) -> Iterator[None]:
        """What the client raises, as what a user can do about it. No key is ever in it."""
        told: dict[str, object] = {"base_url": self._remote.base_url, "model": model}
        try:
            yield
        except openai.APITimeoutError as error:
            reason = f"no answer within {_SILENT_SECONDS:.0f} s."
            raise RemoteUnreachable(**told, reason=reason) from error
        except openai.APIConnectionError as error:
            cause = error.__cause__ or error
            broke_off = isinstance(cause, httpx2.RemoteProtocolError | httpx2.ReadError)
            kind = RemoteFailed if broke_off else RemoteUnreachable
            raise kind(**told, reason=f"{cause}.") from error
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise RemoteKeyRefused(**told, reason=self._without_key(error)) from None
        except openai.NotFoundError as error:
            raise RemoteModelUnknown(**told, reason=self._without_key(error)) from None
        except openai.RateLimitError as error:
            raise RemoteBusy(**told, reason=self._without_key(error)) from None
        except openai.APIStatusError as error:
            kind = RemoteFailed if error.status_code >= 500 else RemoteRefused
            raise kind(**told, reason=self._without_key(error)) from None
        except openai.OpenAIError as error:  # one in the middle of a stream
            raise RemoteFailed(**told, reason=self._without_key(error)) from None
        except ValueError as error:  # the client lets through what is no JSON
            raise RemoteFailed(**told, reason=f"it sends no JSON ({error}).") from error

    def _without_key(self, error: openai.OpenAIError) -> str:
        """What the server said. Some repeat the key."""
        body = getattr(error, "body", None)
        said = body.get("message") if isinstance(body, dict) else None
        text = str(said or error)
        key = self._remote.api_key
        return (text.replace(key, "…") if key else text)[:500]


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
