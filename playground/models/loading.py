"""Tokenizers and causal language models, ready to use, from whatever a model name meant."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils.logging import disable_progress_bar

from playground.errors import ModelNotFound, ModelUnusable
from playground.models.names import ModelFiles
from playground.models.quiet import no_progress_bars

_TOO_LONG = "sequence-length-is-longer-than-the-specified-maximum"
_DEFAULT_WINDOW = 4096  # for the few models whose config does not say


def load_tokenizer(files: ModelFiles) -> PreTrainedTokenizerBase:
    """The tokenizer of a model, with a pad token.

    Raises:
        ModelNotFound: the files cannot be had. ModelUnusable: they hold no usable tokenizer.
    """
    tokenizer = _from_pretrained(AutoTokenizer, files)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    # What is longer than the window is counted too, and refused by ourselves.
    tokenizer.deprecation_warnings[_TOO_LONG] = True
    return tokenizer


def load_model(files: ModelFiles, *, dtype: torch.dtype, device: torch.device) -> PreTrainedModel:
    """The model's weights on `device`, in evaluation mode.

    Raises:
        ModelNotFound: the files cannot be had. ModelUnusable: they are damaged, of an unknown
        architecture, or not safetensors.
    """
    model = _from_pretrained(AutoModelForCausalLM, files, dtype=dtype, use_safetensors=True)
    return model.to(device).eval()


def window_of(config: PreTrainedConfig) -> int:
    """Tokens that a prompt and its answer may have together."""
    text = config.get_text_config()
    return getattr(text, "max_position_embeddings", None) or _DEFAULT_WINDOW


def _from_pretrained(auto_class: Any, files: ModelFiles, **options: Any) -> Any:
    if files.gguf_file:
        options["gguf_file"] = files.gguf_file
        options.pop("use_safetensors", None)
    disable_progress_bar()
    try:
        with no_progress_bars() if files.gguf_file else nullcontext():
            return auto_class.from_pretrained(files.path, **options)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:300]
        if Path(files.path).exists():
            raise ModelUnusable(model=files.name, reason=reason) from error
        raise ModelNotFound(model=files.name, reason=reason) from error
