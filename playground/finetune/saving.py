"""A trained adapter into the adapters' folder, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from peft import PeftModel
from transformers import PreTrainedTokenizerBase

from playground.models.chat import FALLBACK_TEMPLATE


def save_adapter(
    model: PeftModel,
    tokenizer: PreTrainedTokenizerBase,
    target: Path,
    *,
    base_model: str,
    write_papers: Callable[[Path], None],
) -> None:
    """PEFT's files, the tokenizer with its chat template, and the papers, renamed to `target`.

    What was at `target` before is replaced.
    """
    # Beside the target, since a rename between two disks is not possible.
    draft = target.with_name(f".{target.name}.new")
    old = target.with_name(f".{target.name}.old")
    for leftover in (draft, old):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        draft.mkdir(parents=True)
        model.peft_config["default"].base_model_name_or_path = base_model
        # PEFT would ask the hub whether the vocabulary has grown.
        model.save_pretrained(str(draft), save_embedding_layers=False)
        tokenizer.chat_template = tokenizer.chat_template or FALLBACK_TEMPLATE
        tokenizer.save_pretrained(draft)
        write_papers(draft)
        if target.exists():
            target.replace(old)
        draft.replace(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
