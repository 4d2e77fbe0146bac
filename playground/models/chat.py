"""From messages to token ids: the one chat template that training and serving share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transformers import GenerationConfig, PreTrainedTokenizerBase

from playground.types import Message

# For base models without a template of their own. Plain words, so that any vocabulary has them.
FALLBACK_TEMPLATE = (
    "{% for m in messages %}"
    "{{ {'system': 'System', 'user': 'User', 'assistant': 'Assistant'}[m['role']] }}: "
    "{{ m['content'] }}{% if m['role'] == 'assistant' %}{{ eos_token }}{% endif %}{{ '\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}Assistant: {% endif %}"
)
FALLBACK_STOPS = ("\nUser:", "\nSystem:")


def render(
    tokenizer: PreTrainedTokenizerBase,
    messages: Sequence[Message],
    *,
    add_generation_prompt: bool,
) -> str:
    """`messages` as one text under the model's chat template (or the fallback)."""
    text = tokenizer.apply_chat_template(
        [{"role": m.role, "content": m.content} for m in messages],
        chat_template=None if tokenizer.chat_template else FALLBACK_TEMPLATE,
        add_generation_prompt=add_generation_prompt,
        tokenize=False,
    )
    return str(text)


def encode(
    tokenizer: PreTrainedTokenizerBase,
    messages: Sequence[Message],
    *,
    add_generation_prompt: bool,
) -> list[int]:
    """The token ids of what `render` makes of `messages`."""
    text = render(tokenizer, messages, add_generation_prompt=add_generation_prompt)
    return tokenizer.encode(text, add_special_tokens=False)


def count_tokens(tokenizer: PreTrainedTokenizerBase, messages: Sequence[Message]) -> int:
    """Tokens of `messages` as a prompt."""
    return len(encode(tokenizer, messages, add_generation_prompt=True))


def stops_of(tokenizer: PreTrainedTokenizerBase) -> tuple[str, ...]:
    """Strings that end an answer for a model whose template does not teach it to stop."""
    return () if tokenizer.chat_template else FALLBACK_STOPS


def end_tokens(config: GenerationConfig | None, tokenizer: PreTrainedTokenizerBase) -> list[int]:
    """The tokens that end an answer: the model's own, else the tokenizer's."""
    ends: Any = config.eos_token_id if config else None
    ends = tokenizer.eos_token_id if ends is None else ends
    listed = ends if isinstance(ends, list) else [ends]
    return [int(end) for end in listed if end is not None]
