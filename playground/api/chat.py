"""POST /chat/completions: a conversation, answered in the mode that the model id names."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from playground.answering import Event, Failure
from playground.api import model_ids
from playground.api.envelope import body_of, language_of_reader
from playground.api.schema import Lenient
from playground.api.slots import Slots
from playground.api.streaming import EventStream, nobody, unless_gone
from playground.app import Playground
from playground.errors import NoQuestionAsked, ParameterRefused
from playground.modes import AskOptions
from playground.types import Answer, Delta, Message, Metrics, Prompt, Reading, Source

_DEFAULT_MAX_TOKENS = 1024
_SEEDS = 2**31


class TextPart(Lenient):
    type: Literal["text"]
    text: str


class ChatMessage(Lenient):
    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[TextPart] | None = None

    @property
    def message(self) -> Message:
        parts = self.content if isinstance(self.content, list) else []
        text = self.content if isinstance(self.content, str) else "".join(p.text for p in parts)
        return Message("system" if self.role == "developer" else self.role, text)


class StreamOptions(Lenient):
    include_usage: bool = False


class ResponseFormat(Lenient):
    type: str = "text"


class ChatRequest(Lenient):
    """OpenAI's names. What would change the answer and is not done here is refused by its name."""

    model: str
    messages: list[ChatMessage] = Field(min_length=1, max_length=2048)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    n: int | None = 1
    logprobs: bool | None = None
    logit_bias: dict[str, float] | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    response_format: ResponseFormat | None = None

    def check(self) -> None:
        """Raises ParameterRefused for what is asked in vain."""
        given = {
            "n": self.n not in (None, 1),
            "logprobs": self.logprobs,
            "logit_bias": self.logit_bias,
            "presence_penalty": self.presence_penalty,
            "frequency_penalty": self.frequency_penalty,
            "tools": self.tools,
            "functions": self.functions,
            "response_format": self.response_format and self.response_format.type != "text",
        }
        for param, wanted in given.items():
            if wanted:
                raise ParameterRefused(param=param)

    @property
    def stops(self) -> list[str]:
        return [self.stop] if isinstance(self.stop, str) else self.stop or []

    def options(self, context_window: int) -> AskOptions:
        """Raises InvalidSetting for values out of bounds."""
        given: dict[str, Any] = {"temperature": self.temperature, "top_p": self.top_p}
        most = self.max_tokens if self.max_completion_tokens is None else self.max_completion_tokens
        seed = self.seed
        if seed is None:  # sampled answers differ, as they do elsewhere
            seed = secrets.randbelow(_SEEDS) if self.temperature else 0
        return AskOptions(
            max_tokens=min(_DEFAULT_MAX_TOKENS, context_window // 2) if most is None else most,
            seed=seed % _SEEDS,
            clock="shared",
            **{name: value for name, value in given.items() if value is not None},
        )


def router(playground: Playground, slots: Slots) -> APIRouter:
    """The route, over `playground`."""
    routes = APIRouter()

    @routes.post("/chat/completions", response_model=None)
    async def create_chat_completion(request: Request, body: ChatRequest) -> Response | dict:
        body.check()
        asked = model_ids.parse(body.model, playground)
        *history, last = (turn.message for turn in body.messages)
        if last.role != "user":
            raise NoQuestionAsked

        def answers() -> Iterator[Event]:
            events = playground.compare(
                last.content,
                modes=[asked.mode],
                knowledge=asked.base_for(last.content),
                adapter=asked.adapter or None,
                options=body.options(playground.engine.context_window),
                histories={asked.mode: history},
                stop=body.stops,
            )
            for _, event in events:
                yield event

        reply = _Reply(body)
        async with AsyncExitStack() as held:
            made = await unless_gone(request, _begin(held, slots, answers))
            if made is None:
                return nobody()
            if body.stream:
                language = language_of_reader(request)
                return EventStream(reply.chunks(made, language), held.pop_all())
            whole = await unless_gone(request, _whole(made))
            return reply.completion(whole) if whole else nobody()

    return routes


async def _begin(held: AsyncExitStack, slots: Slots, answers: Any) -> AsyncIterator[Event]:
    """The events up to the first of the answer itself, so that an error still has its status."""
    events = await held.enter_async_context(slots.stream(answers))
    first: list[Event] = []
    async for event in events:
        if isinstance(event, Failure):
            raise event.error
        first.append(event)
        if not isinstance(event, Prompt | Reading):
            break

    async def all_events() -> AsyncIterator[Event]:
        for event in first:
            yield event
        async for event in events:
            yield event

    return all_events()


async def _whole(events: AsyncIterator[Event]) -> Answer:
    answer: Answer | None = None
    async for event in events:
        if isinstance(event, Failure):
            raise event.error
        if isinstance(event, Answer):
            answer = event
    assert answer is not None
    return answer


class _Reply:
    """Answers in OpenAI's words; ours ride in `playground`, which clients pass over."""

    def __init__(self, request: ChatRequest) -> None:
        self._model = request.model
        self._usage = bool(request.stream_options and request.stream_options.include_usage)
        self._id = f"chatcmpl-{secrets.token_hex(12)}"
        self._created = int(time.time())

    def completion(self, answer: Answer) -> dict[str, Any]:
        message = {"role": "assistant", "content": answer.text, "refusal": None}
        if answer.reasoning:
            message["reasoning_content"] = answer.reasoning
        choice = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": answer.finish_reason,
        }
        return {
            **self._head("chat.completion"),
            "choices": [choice],
            "usage": _usage(answer.metrics),
            "playground": {"sources": _sources(answer.sources), **_told(answer)},
        }

    async def chunks(
        self, events: AsyncIterator[Event], language: Any
    ) -> AsyncIterator[dict[str, Any]]:
        """Chunks with one choice each, the sources with the first of them."""
        async for event in events:
            match event:
                case Reading():
                    pass
                case Prompt():
                    begun = self._chunk({"role": "assistant", "content": ""})
                    yield {**begun, "playground": {"sources": _sources(event.sources)}}
                case Delta():
                    thought = {"reasoning_content": event.reasoning} if event.reasoning else {}
                    yield self._chunk({"content": event.text, **thought})
                case Answer():
                    end = self._chunk({}, event.finish_reason)
                    yield {**end, "playground": _told(event)}
                    if self._usage:
                        last = {"choices": [], "usage": _usage(event.metrics)}
                        yield {**self._head("chat.completion.chunk"), **last}
                case Failure():
                    yield body_of(event.error, language)[1]

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        chunk = {**self._head("chat.completion.chunk"), "choices": [choice]}
        return {**chunk, "usage": None} if self._usage else chunk

    def _head(self, kind: str) -> dict[str, Any]:
        return {
            "id": self._id,
            "object": kind,
            "created": self._created,
            "model": self._model,
        }


def _usage(metrics: Metrics) -> dict[str, Any]:
    return {
        "prompt_tokens": metrics.prompt_tokens,
        "completion_tokens": metrics.completion_tokens,
        "total_tokens": metrics.prompt_tokens + metrics.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": metrics.cached_tokens},
    }


def _told(answer: Answer) -> dict[str, Any]:
    return {"outcome": answer.outcome, "metrics": asdict(answer.metrics)}


def _sources(sources: tuple[Source, ...]) -> list[dict[str, Any]]:
    """What was read: passages with their text, whole documents by their titles."""
    return [
        {
            "title": source.title,
            "text": None if source.score is None else source.text,
            "start": source.start,
            "end": source.end,
            "page": source.page,
            "score": source.score,
        }
        for source in sources
    ]
