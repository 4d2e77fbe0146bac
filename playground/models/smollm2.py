"""SmolLM2-135M-Instruct's 4-bit GGUF file, unpacked into a standard Hugging Face folder.

Unpacked once, it loads in under a second; as GGUF, transformers unpacks it at every start.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
from tokenizers import pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    GenerationConfig,
    LlamaConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from playground.models.quiet import no_progress_bars
from playground.types import Progress

NAME = "smollm2-135m-instruct"
_STEPS = 3
_LEFTOVERS = ("quantization_config", "_model_name_or_path", "transformers_version")


def convert(source: Path, target: Path) -> Iterator[Progress]:
    """Write `source` (a GGUF file) to the folder `target`: tokenizer, loading, saving."""
    yield Progress("convert", NAME, 0, _STEPS)
    tokenizer = _tokenizer(source)
    yield Progress("convert", NAME, 1, _STEPS)
    with no_progress_bars():
        unpacked = AutoModelForCausalLM.from_pretrained(
            source.parent, gguf_file=source.name, dtype=torch.float32
        )
    yield Progress("convert", NAME, 2, _STEPS)
    with no_progress_bars():
        _plain(unpacked).save_pretrained(target)
    tokenizer.model_max_length = unpacked.config.max_position_embeddings
    tokenizer.save_pretrained(target)
    yield Progress("convert", NAME, _STEPS, _STEPS)


def _plain(unpacked: PreTrainedModel) -> PreTrainedModel:
    """A model with the weights of `unpacked`, which still calls itself quantised."""
    config = LlamaConfig.from_dict(
        {k: v for k, v in unpacked.config.to_dict().items() if k not in _LEFTOVERS}
    )
    plain = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    plain.load_state_dict(unpacked.state_dict())
    plain.generation_config = GenerationConfig(
        bos_token_id=config.bos_token_id,
        eos_token_id=config.eos_token_id,
        pad_token_id=config.pad_token_id,
    )
    return plain


def _tokenizer(source: Path) -> PreTrainedTokenizerFast:
    loaded = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
    backend = loaded.backend_tokenizer
    # The GGUF file only says "smollm", which means: digits one by one, then GPT-2's pattern.
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token=loaded.bos_token,
        eos_token=loaded.eos_token,
        pad_token=loaded.pad_token,
        unk_token=loaded.unk_token,
        chat_template=loaded.chat_template,
        clean_up_tokenization_spaces=False,
    )
