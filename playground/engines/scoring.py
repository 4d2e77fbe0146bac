"""How likely a model finds given texts: the prompt is read once, then each text behind it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from transformers import DynamicCache

from playground.engines.prefix_cache import piece_ends
from playground.types import Score


@torch.no_grad()
def score(
    model: Any, prompt: Sequence[int], texts: Sequence[Sequence[int]], cache: DynamicCache
) -> tuple[Score, ...]:
    """A Score of each of `texts` behind `prompt`, all as token ids.

    `cache` holds a beginning of the prompt, and afterwards all of it. Texts are read one after
    another, since a padded batch would need the prompt's keys and values once for each.
    """
    first = _read(model, prompt, cache)
    return tuple(_score(model, text, cache, first) for text in texts)


def _read(model: Any, prompt: Sequence[int], cache: DynamicCache) -> torch.Tensor:
    """Read what `cache` lacks of `prompt`; log-probabilities of the token after it, [vocabulary].

    In the pieces in which an answer reads it, so that what is kept of it is the same.
    """
    input_ids = torch.tensor([prompt], device=model.device)
    logits, start = None, cache.get_seq_length()
    for end in (*piece_ends(len(prompt)), len(prompt)):
        if end > start:
            piece = input_ids[:, start:end]
            logits = model(piece, cache=cache, use_cache=True, logits_to_keep=1).logits
            start = end
    assert logits is not None  # the last token is in no piece, so it is never in the cache
    return _log_probabilities(logits)[-1]


def _score(model: Any, text: Sequence[int], cache: DynamicCache, first: torch.Tensor) -> Score:
    rows = first[None]
    if len(text) > 1:
        input_ids = torch.tensor([text[:-1]], device=model.device)
        behind = copy.deepcopy(cache)  # not every kind of cache can be cut back
        logits = model(input_ids, cache=behind, use_cache=True).logits
        rows = torch.cat([rows, _log_probabilities(logits)])
    places = torch.tensor(text, dtype=torch.long, device=rows.device)[:, None]
    own = rows[: len(text)].gather(1, places)
    return Score(own.sum().item(), len(text))


def _log_probabilities(logits: torch.Tensor) -> torch.Tensor:
    """[tokens, vocabulary] in float32, from logits [1, tokens, vocabulary]."""
    return torch.log_softmax(logits[0].float(), dim=-1)
