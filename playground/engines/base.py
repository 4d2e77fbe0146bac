"""The seam between us and whatever runs a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable

from playground.errors import OverWindow
from playground.types import Adapter, Message, Sampling, Score, Streamed


class Engine(Protocol):
    """One loaded model. Calls from several threads are safe; they may wait for one another."""

    @property
    def model(self) -> str:
        """The model's name, as the user gave it."""
        ...

    @property
    def context_window(self) -> int:
        """Tokens that a prompt and its answer may have together."""
        ...

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of `messages` as a prompt, chat template included."""
        ...

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, adapter: Adapter | None = None
    ) -> Iterator[Streamed]:
        """Deltas of text as they come, then exactly one Finish.

        While a long prompt is read, an engine may say with Readings how far it is. Closing the
        iterator stops the model. Deltas never hold half a character.

        Raises:
            OverWindow: prompt and answer do not fit the window.
            AdapterError: the adapter is missing, damaged or made for another model.
        """
        ...

    def close(self) -> None:
        """Give back memory and processes. An engine that is asked again loads again."""
        ...


@runtime_checkable
class Scorer(Protocol):
    """What also says how likely given texts are; `transformers` does.

    OpenVINO GenAI tells log-probabilities of a prompt (`echo`) only for the part that is not in
    its prefix cache, which is what makes it fast, so `openvino` does not.
    """

    def score(
        self,
        messages: Sequence[Message],
        continuations: Sequence[str],
        adapter: Adapter | None = None,
    ) -> tuple[Score, ...]:
        """A Score of each of `continuations` as the beginning of the answer to `messages`.

        Its tokens alone count, and no end of the answer, as in lm-evaluation-harness.

        Raises:
            OverWindow: the prompt and a continuation do not fit the window.
            AdapterError: the adapter is missing, damaged or made for another model.
        """
        ...


def check_window(engine: Engine, prompt_tokens: int, max_tokens: int) -> None:
    """Raise OverWindow if a prompt and its answer may not fit `engine`'s window."""
    if prompt_tokens + max_tokens > engine.context_window:
        raise OverWindow(
            model=engine.model,
            prompt_tokens=prompt_tokens,
            max_tokens=max_tokens,
            context_window=engine.context_window,
        )
