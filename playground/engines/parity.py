"""Whether an engine says what the model says: its greedy tokens against transformers in float32."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from playground.models.chat import encode
from playground.types import Message

Greedy = Callable[[Sequence[int], int], Sequence[int]]

TOKENS = 16
# Rounding moves an engine to another token where two are about as likely. A model that was
# damaged in conversion disagrees nearly everywhere.
_SHARE = 0.75

_PROMPTS = (
    "Name three colours.",
    "What is the capital of France?",
    "Write one sentence about the sea.",
    "How many days does a week have?",
    "Explain in one sentence why the sky is blue.",
    "Translate into English: 早上好。",
    "用一句话介绍北京。",
    "一年有几个月？",
    "请列出三种水果。",
    "The bridge at Orrin was finished in 1884 by the engineer Mara Lind. It is 212 metres long and "
    "carries two tracks. In 1951 it was painted green.\n\nWho built the bridge at Orrin?",
    "The bridge at Orrin was finished in 1884 by the engineer Mara Lind. It is 212 metres long and "
    "carries two tracks. In 1951 it was painted green.\n\nHow long is the bridge?",
    "青石镇的钟楼建于1762年，高31米，由石匠陈望设计。钟声每天早晚各响一次。\n\n青石镇的钟楼有多高？",
)


@dataclass(frozen=True)
class Parity:
    """How many prompts of `of` had the same first tokens."""

    equal: int
    of: int

    @property
    def holds(self) -> bool:
        return self.equal >= _SHARE * self.of


def check(greedy: Greedy, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> Parity:
    """Compare `greedy(prompt tokens, how many)` with `model`'s own choices.

    One pass over prompt and answer tells whether each token of the answer is the model's choice
    after those before it, which is whether decoding by the model gives the same answer.
    """
    equal = 0
    for prompt in _PROMPTS:
        tokens = encode(tokenizer, (Message("user", prompt),), add_generation_prompt=True)
        answer = list(greedy(tokens, TOKENS))
        with torch.no_grad():
            whole = torch.tensor([tokens + answer])
            choices = model(whole, logits_to_keep=len(answer) + 1).logits[0].argmax(dim=-1)
        equal += choices[: len(answer)].tolist() == answer
    return Parity(equal, len(_PROMPTS))
