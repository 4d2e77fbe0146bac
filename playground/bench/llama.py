"""llama.cpp as a contestant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playground.bench.llama_process import MODEL, LlamaProcess, gguf_file
from playground.bench.prompts import explain
from playground.bench.rounds import timed
from playground.models import locate
from playground.models.chat import encode
from playground.models.loading import load_tokenizer
from playground.settings import Settings
from playground.types import Delta, Finish, Message

_TRIES, _TRIED_TOKENS = 3, 16  # to find out how it is started best


class LlamaCpp:
    """llama.cpp, given the token ids that ours is given."""

    def __init__(self, settings: Settings, *, patient: bool) -> None:
        self._tokenizer = load_tokenizer(locate(MODEL, settings.models_dir))
        self._process = LlamaProcess(gguf_file(settings), patient=patient)

    def stream(
        self, messages: Sequence[Message], max_tokens: int, *, ignore_end: bool = False
    ) -> Iterator[Delta | Finish]:
        ids = encode(self._tokenizer, messages, add_generation_prompt=True)
        yield from self._process.ask(ids, max_tokens, ignore_end=ignore_end)

    def close(self) -> None:
        self._process.close()


def open_faster(settings: Settings) -> LlamaCpp:
    """llama.cpp in whichever way is faster now, so that we cannot win by how it was started.

    Waiting awake is a little faster on a quiet machine, and now and then many times slower on a
    busy one: their slowest tries are compared.
    """
    both = [LlamaCpp(settings, patient=patient) for patient in (False, True)]
    slowest = [0.0, 0.0]
    for number in range(_TRIES):
        for place, one in enumerate(both):
            events = one.stream(explain(number), _TRIED_TOKENS, ignore_end=True)
            slowest[place] = max(slowest[place], timed(events).total_seconds)
    both.pop(1 if slowest[0] <= slowest[1] else 0).close()
    return both[0]
