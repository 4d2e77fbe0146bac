"""Rows of what a model says anyway: trained among others, they keep it from forgetting to chat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playground.finetune.answers import greedy_answers
from playground.finetune.encoding import end_tokens
from playground.models.hardware import choose_device, choose_dtype
from playground.models.loading import load_model, load_tokenizer
from playground.models.names import ModelFiles
from playground.types import Message


def own_answers(
    files: ModelFiles, prompts: Sequence[str], *, max_tokens: int = 320
) -> Iterator[tuple[Message, ...]]:
    """Each prompt with the model's greedy answer, if that ends within `max_tokens` tokens.

    Raises:
        ModelError: the model cannot be loaded.
    """
    tokenizer = load_tokenizer(files)
    device = choose_device("auto")
    model = load_model(files, dtype=choose_dtype(device, "auto"), device=device)
    ordered = sorted(prompts, key=len)  # of like length together, so that little is padded
    asked = [(Message("user", prompt),) for prompt in ordered]
    answers = greedy_answers(
        model, tokenizer, asked, ends=end_tokens(tokenizer, files), max_tokens=max_tokens
    )
    for (question,), (answer, complete) in zip(asked, answers, strict=True):
        if answer and complete:
            yield question, Message("assistant", answer)
