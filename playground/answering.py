"""Asking, timed and counted: the only place that does either, for every mode alike."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace

from playground.engines.base import Engine
from playground.errors import (
    AdapterError,
    NoAdapterChosen,
    NoKnowledgeBaseChosen,
    PlaygroundError,
    Unexpected,
)
from playground.language import language_of
from playground.modes import Inquiry, Mode
from playground.modes.citations import Citations
from playground.modes.prompts import NOT_FOUND, says_not_found
from playground.pace import ReadingPace
from playground.types import (
    Adapter,
    Answer,
    Delta,
    Finish,
    Message,
    Metrics,
    Prompt,
    Reading,
    Sampling,
)

_log = logging.getLogger(__name__)
Clock = Callable[[], float]
Turn = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Failure:
    """A mode that gave no answer, and why. Never to be shown as an answer."""

    error: PlaygroundError


Event = Prompt | Reading | Delta | Answer | Failure


def answer(
    engine: Engine,
    mode: Mode,
    inquiry: Inquiry,
    sampling: Sampling,
    adapter: Adapter | AdapterError | None = None,
    *,
    turn: Turn = nullcontext,
    clock: Clock = time.perf_counter,
) -> Generator[Prompt | Reading | Delta | Answer, None, None]:
    """The Prompt that `mode` prepared, the Deltas of the answer, then the Answer with its cost.

    While a long prompt is read, Readings tell how far it is.

    `adapter` is used by tuned modes alone; in place of a broken one stands its error. The clock
    starts inside the `turn`: waiting for others is no cost of the mode.

    Raises:
        NoKnowledgeBaseChosen, NoAdapterChosen: the mode needs what was not given.
        Whatever the mode's preparation and the engine raise.
    """
    if mode.needs_knowledge and inquiry.knowledge is None:
        raise NoKnowledgeBaseChosen(mode=mode.id)
    if mode.tuned and adapter is None:
        raise NoAdapterChosen(mode=mode.id)
    if isinstance(adapter, AdapterError):
        if mode.tuned:
            raise adapter
        adapter = None
    with turn():
        yield from _answer(engine, mode, inquiry, sampling, adapter, clock)


def _answer(
    engine: Engine,
    mode: Mode,
    inquiry: Inquiry,
    sampling: Sampling,
    adapter: Adapter | None,
    clock: Clock,
) -> Iterator[Prompt | Reading | Delta | Answer]:
    start = clock()
    prompt = mode.prepare(inquiry, engine.count_tokens)
    prepared = clock()
    yield prompt
    if prompt.outcome == "not-in-knowledge":
        yield from _not_found(mode, inquiry, seconds=prepared - start)
        return

    pieces: list[str] = []
    thoughts: list[str] = []
    citations = Citations(len(prompt.sources)) if prompt.sources else None
    pace = ReadingPace()
    first: float | None = None
    finish: Finish | None = None
    end: float | None = None
    for event in engine.stream(prompt.messages, sampling, adapter if mode.tuned else None):
        if isinstance(event, Finish):
            finish, end = event, clock()
            continue
        if isinstance(event, Reading):
            left = pace.seconds_left(event.read_tokens, event.prompt_tokens, clock())
            yield replace(event, seconds_left=left)
            continue
        first = clock() if first is None else first
        text = citations.feed(event.text) if citations else event.text
        pieces.append(text)
        thoughts.append(event.reasoning)
        if text or event.reasoning:
            yield Delta(text, event.reasoning)
    if finish is None or end is None:
        raise Unexpected(reason=f"the engine of {engine.model!r} ended without a Finish")
    if citations and (held := citations.end()):
        pieces.append(held)
        yield Delta(held)

    metrics = _metrics(prompt, finish, start=start, prepared=prepared, first=first, end=end)
    text = "".join(pieces).strip()
    refused = bool(prompt.sources) and says_not_found(text)
    yield Answer(
        mode.id,
        text,
        finish.reason,
        prompt.sources,
        metrics,
        outcome="not-in-knowledge" if refused else "answered",
        removed_citations=citations.removed if citations else 0,
        reasoning="".join(thoughts),
    )


def _metrics(
    prompt: Prompt,
    finish: Finish,
    *,
    start: float,
    prepared: float,
    first: float | None,
    end: float,
) -> Metrics:
    first = end if first is None else first
    decode_seconds = end - first
    later_tokens = finish.completion_tokens - 1
    return Metrics(
        prompt_tokens=finish.prompt_tokens,
        completion_tokens=finish.completion_tokens,
        cached_tokens=finish.cached_tokens,
        left_out_tokens=prompt.left_out_tokens,
        prepare_seconds=prepared - start,
        time_to_first_token=first - start,
        tokens_per_second=later_tokens / decode_seconds
        if decode_seconds > 0 < later_tokens
        else None,
        total_seconds=end - start,
        is_estimated=finish.is_estimated,
    )


def _not_found(mode: Mode, inquiry: Inquiry, *, seconds: float) -> Iterator[Delta | Answer]:
    """Nothing fits the question, so the model is not asked: it would make something up."""
    text = NOT_FOUND[language_of(inquiry.question)]
    yield Delta(text)
    nothing = Metrics(
        prompt_tokens=0,
        completion_tokens=0,
        cached_tokens=0,
        left_out_tokens=0,
        prepare_seconds=seconds,
        time_to_first_token=seconds,
        tokens_per_second=None,
        total_seconds=seconds,
    )
    yield Answer(mode.id, text, "stop", (), nothing, outcome="not-in-knowledge")


def compare(
    engine: Engine,
    modes: Sequence[Mode],
    inquiry: Inquiry,
    sampling: Sampling,
    adapter: Adapter | AdapterError | None = None,
    *,
    histories: Mapping[str, Sequence[Message]] = {},
    turn: Turn = nullcontext,
    clock: Clock = time.perf_counter,
) -> Generator[tuple[str, Event], None, None]:
    """`answer` for each of `modes`, one after another so that none slows another down.

    `histories` are what was said before, by mode id. Yields (mode id, event). An error ends its
    own mode with a Failure; the others go on.
    """
    for mode in modes:
        try:
            asked = replace(inquiry, history=tuple(histories.get(mode.id, ())))
            events = answer(engine, mode, asked, sampling, adapter, turn=turn, clock=clock)
            with closing(events):  # who leaves gives up the turn at once
                for event in events:
                    yield mode.id, event
        except PlaygroundError as error:
            yield mode.id, Failure(error)
        except Exception as error:
            _log.exception("mode %r failed", mode.id)
            yield mode.id, Failure(Unexpected.of(error))


@dataclass(frozen=True)
class Budget:
    """How much of the window a question would take in one mode, before it is sent."""

    prompt_tokens: int
    max_tokens: int
    context_window: int
    left_out_tokens: int

    @property
    def fits(self) -> bool:
        return self.prompt_tokens + self.max_tokens <= self.context_window


def budget(engine: Engine, mode: Mode, inquiry: Inquiry, sampling: Sampling) -> Budget:
    """The Budget of `inquiry` in `mode`: prepares the prompt, asks nothing."""
    prompt = mode.prepare(inquiry, engine.count_tokens)
    return Budget(
        prompt_tokens=engine.count_tokens(prompt.messages),
        max_tokens=sampling.max_tokens,
        context_window=engine.context_window,
        left_out_tokens=prompt.left_out_tokens,
    )
