"""Rows of what a model says anyway: trained among others, they keep it from forgetting to chat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch

from playground.models.chat import render
from playground.models.hardware import choose_device, choose_dtype
from playground.models.loading import load_model, load_tokenizer
from playground.models.names import ModelFiles
from playground.types import Message

_BATCH = 16


def own_answers(
    files: ModelFiles, prompts: Sequence[str], *, max_tokens: int = 320
) -> Iterator[tuple[Message, ...]]:
    """Each prompt with the model's greedy answer, if that ends within `max_tokens` tokens.

    Raises:
        ModelError: the model cannot be loaded.
    """
    tokenizer = load_tokenizer(files)
    tokenizer.padding_side = "left"
    device = choose_device("auto")
    model: Any = load_model(files, dtype=choose_dtype(device, "auto"), device=device)
    # Of like length together, so that little is padded.
    ordered = sorted(prompts, key=len)
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        texts = [
            render(tokenizer, [Message("user", prompt)], add_generation_prompt=True)
            for prompt in batch
        ]
        encoded = tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=False)
        with torch.inference_mode():
            output = model.generate(
                **encoded.to(device),
                max_new_tokens=max_tokens,
                do_sample=False,
                pad_token_id=tokenizer.pad_token_id,
            )
        for prompt, tokens in zip(batch, output[:, encoded["input_ids"].shape[1] :], strict=True):
            answer = str(tokenizer.decode(tokens, skip_special_tokens=True)).strip()
            if answer and (tokens == tokenizer.eos_token_id).any():
                yield Message("user", prompt), Message("assistant", answer)
