"""A deterministic engine without weights: for quick tests, and as an example of an engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from playground.engines.base import check_window
from playground.types import Adapter, Delta, Finish, Message, Sampling, Score, Streamed

_TOKEN = re.compile(r"[\u3400-\u9fff]|\s*[^\s\u3400-\u9fff]+")


class FakeEngine:
    """Repeats the last line of the last message, and says which adapter it used.

    A token is a word or one Han character. Nothing is random, nothing is kept.
    """

    def __init__(self, *, model: str = "fake", context_window: int = 8192) -> None:
        self.model = model
        self.context_window = context_window

    def count_tokens(self, messages: Sequence[Message]) -> int:
        return sum(len(_TOKEN.findall(message.content)) for message in messages)

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, adapter: Adapter | None = None
    ) -> Iterator[Streamed]:
        prompt_tokens = self.count_tokens(messages)
        check_window(self, prompt_tokens, sampling.max_tokens)
        name = adapter.name if adapter else "base"
        last_line = messages[-1].content.strip().rsplit("\n", 1)[-1]
        tokens = _TOKEN.findall(f"[{name}] {last_line}")
        for token in tokens[: sampling.max_tokens]:
            yield Delta(token)
        cut = len(tokens) > sampling.max_tokens
        produced = min(len(tokens), sampling.max_tokens)
        yield Finish("length" if cut else "stop", prompt_tokens, produced)

    def score(
        self,
        messages: Sequence[Message],
        continuations: Sequence[str],
        adapter: Adapter | None = None,
    ) -> tuple[Score, ...]:
        """A token that stands in `messages` has log-probability -1, any other -4."""
        prompt = "\n".join(message.content for message in messages)
        texts = [[token.strip() for token in _TOKEN.findall(text)] for text in continuations]
        check_window(self, self.count_tokens(messages), max(map(len, texts), default=0))
        return tuple(
            Score(sum(-1.0 if token in prompt else -4.0 for token in tokens), len(tokens))
            for tokens in texts
        )

    def close(self) -> None:
        """There is nothing to give back."""
