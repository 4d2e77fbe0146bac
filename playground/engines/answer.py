"""From the tokens that an engine generates to the events of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from transformers import PreTrainedTokenizerBase

from playground.engines.text import StopFilter, TextDecoder
from playground.models.chat import stops_of
from playground.types import Delta, Finish, FinishReason, Reading, Sampling, Streamed


def answer(
    generated: Iterable[Reading | int],
    tokenizer: PreTrainedTokenizerBase,
    sampling: Sampling,
    *,
    ends: Sequence[int],
    prompt_tokens: int,
    cached_tokens: int,
) -> Iterator[Streamed]:
    """Deltas of whole characters up to a stop string or an end token, then the Finish.

    What is said of the reading of the prompt, before the first token, is passed on; the last word
    on how much of it was cached is there.
    """
    decoder = TextDecoder(tokenizer)
    stops = StopFilter((*sampling.stop, *stops_of(tokenizer)))
    produced, last = 0, None
    for item in generated:
        if isinstance(item, Reading):
            cached_tokens = item.cached_tokens
            yield item
            continue
        produced, last = produced + 1, item
        if text := stops.push(decoder.push(last)):
            yield Delta(text)
        if stops.stopped:
            break
    if text := stops.push(decoder.flush()) + stops.flush():
        yield Delta(text)
    ended = stops.stopped or last in ends
    reason: FinishReason = "stop" if ended or produced < sampling.max_tokens else "length"
    yield Finish(reason, prompt_tokens, produced, cached_tokens)
