"""Questions answered by the model that is being trained, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from transformers import GenerationConfig, PreTrainedTokenizerBase

from playground.models.chat import encode, stops_of
from playground.types import Message

_BATCH = 8
MAX_TOKENS = 96


def greedy_answers(
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[Sequence[Message]],
    *,
    ends: frozenset[int],
    max_tokens: int = MAX_TOKENS,
    leave: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[str, bool]]:
    """Each prompt's answer, as serving would give it, and whether it ended by itself.

    `leave` is asked between batches.
    """
    was_training = model.training
    model.eval()
    try:
        for start in range(0, len(prompts), _BATCH):
            if leave():
                return
            yield from _answers(model, tokenizer, prompts[start : start + _BATCH], ends, max_tokens)
    finally:
        model.train(was_training)


@torch.no_grad()
def _answers(
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[Sequence[Message]],
    ends: frozenset[int],
    max_tokens: int,
) -> Iterator[tuple[str, bool]]:
    encoded = [encode(tokenizer, prompt, add_generation_prompt=True) for prompt in prompts]
    longest = max(map(len, encoded))
    pad = tokenizer.pad_token_id
    input_ids = torch.tensor([[pad] * (longest - len(ids)) + ids for ids in encoded])
    mask = torch.tensor([[0] * (longest - len(ids)) + [1] * len(ids) for ids in encoded])
    output = model.generate(
        input_ids=input_ids.to(model.device),
        attention_mask=mask.to(model.device),
        generation_config=GenerationConfig(
            max_new_tokens=max_tokens,
            do_sample=False,
            use_cache=True,
            eos_token_id=sorted(ends),
            pad_token_id=pad,
        ),
    )
    for tokens in output[:, longest:].tolist():
        end = next((i for i, token in enumerate(tokens) if token in ends), None)
        text = str(tokenizer.decode(tokens[:end], skip_special_tokens=True))
        yield _before_stop(text, stops_of(tokenizer)).strip(), end is not None


def _before_stop(text: str, stops: Sequence[str]) -> str:
    found = [at for at in map(text.find, stops) if at >= 0]
    return text[: min(found)] if found else text
