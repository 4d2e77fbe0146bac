"""An adapter into the weights of its base model, as a standard Hugging Face folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from playground.errors import ModelUnusable
from playground.models.lora import tensors_in_use
from playground.models.quiet import no_progress_bars
from playground.types import Progress


def merge(base: Path, adapter: Path, target: Path, *, name: str) -> Iterator[Progress]:
    """Write `base` with `adapter` added to its weights to the folder `target`, in bfloat16.

    Raises:
        ModelUnusable: the adapter is missing, or not all of it fits the model.
    """
    yield Progress("convert", name, 0, 2)
    with no_progress_bars():
        model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
        try:
            tuned = PeftModel.from_pretrained(model, str(adapter))
            tensors_in_use(tuned, adapter)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            reason = f"the adapter in {adapter}: {' '.join(str(error).split())[:300]}"
            raise ModelUnusable(model=name, reason=reason) from error
        yield Progress("convert", name, 1, 2)
        merged = tuned.merge_and_unload(safe_merge=True)
        merged.to(torch.bfloat16).save_pretrained(target)
    AutoTokenizer.from_pretrained(base).save_pretrained(target)
    yield Progress("convert", name, 2, 2)
