"""An adapter into the weights of its base model, as a standard Hugging Face folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch
from peft import PeftModel
from safetensors import SafetensorError
from transformers import AutoConfig, PreTrainedModel, PreTrainedTokenizerBase

from playground.errors import MergeDiffers, MergeTargetTaken, ModelUnusable, OutputUnwritable
from playground.models.adapter_files import WEIGHTS_FILE
from playground.models.loading import load_model, load_tokenizer
from playground.models.lora import tensors_in_use
from playground.models.names import ModelFiles, locate
from playground.models.quiet import no_progress_bars
from playground.types import Adapter, Progress

_TOKENIZER = "tokenizer_config.json"
_SAME = 1e-3  # of the largest logit; float32 differs by less than a hundredth of that


def merge(base: Path, adapter: Path, target: Path, *, name: str) -> Iterator[Progress]:
    """Write `base` with `adapter` added to its weights to the folder `target`, in bfloat16.

    Raises:
        ModelUnusable: the adapter is missing, or not all of it fits the model.
        MergeDiffers: what came of it gives other answers than base and adapter.
    """
    files = ModelFiles(name, str(base))
    yield from _write(files, adapter, target, name=name, dtype=torch.bfloat16)


def merge_adapter(adapter: Adapter, target: Path, *, models_dir: Path) -> Iterator[Progress]:
    """Write the base of `adapter` with it in its weights to the new folder `target`.

    The weights keep the base's dtype. The folder appears when it is complete.

    Raises:
        MergeTargetTaken, OutputUnwritable: choose another folder.
        ModelError: the base cannot be had. Others as for `merge`.
    """
    files = locate(adapter.base_model, models_dir)
    if target.exists():
        raise MergeTargetTaken(path=target)
    dtype = _dtype_of(files)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as work:
            made = Path(work) / "made"
            made.mkdir()
            yield from _write(files, adapter.path, made, name=adapter.name, dtype=dtype)
            made.rename(target)
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputUnwritable(path=target, reason=reason) from error


def _write(
    files: ModelFiles, adapter: Path, target: Path, *, name: str, dtype: torch.dtype
) -> Iterator[Progress]:
    yield Progress("convert", name, 0, 2)
    with no_progress_bars():
        model = load_model(files, dtype=torch.float32, device=torch.device("cpu"))
        try:
            if not (
                adapter / WEIGHTS_FILE
            ).is_file():  # else PEFT would open a pickle that is there
                raise FileNotFoundError(f"{WEIGHTS_FILE} is missing")
            tuned = PeftModel.from_pretrained(model, str(adapter))
            tensors_in_use(tuned, adapter)
            beside = _logits(tuned)
            merged = tuned.merge_and_unload(safe_merge=True)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            reason = f"the adapter in {adapter}: {' '.join(str(error).split())[:300]}"
            raise ModelUnusable(model=files.name, reason=reason) from error
        if not (_logits(merged) - beside).abs().max() <= _SAME * beside.abs().max():
            raise MergeDiffers(adapter=adapter.name, model=files.name)
        yield Progress("convert", name, 1, 2)
        _unmark(merged)
        merged.to(dtype).save_pretrained(target)
    _tokenizer(files, adapter).save_pretrained(target)
    yield Progress("convert", name, 2, 2)


def _logits(model: torch.nn.Module) -> torch.Tensor:
    """What `model` says to some tokens: enough to tell one set of weights from another."""
    with torch.inference_mode():
        return model(torch.arange(16)[None]).logits


def _unmark(model: PreTrainedModel) -> None:
    """What was unpacked from a GGUF file still calls itself quantised."""
    if hasattr(model.config, "quantization_config"):
        delattr(model.config, "quantization_config")
        model.hf_quantizer = None  # type: ignore[assignment]


def _tokenizer(files: ModelFiles, adapter: Path) -> PreTrainedTokenizerBase:
    """The adapter's own where it has one, for its chat template is what it was trained under."""
    has_own = (adapter / _TOKENIZER).is_file()
    return load_tokenizer(ModelFiles(adapter.name, str(adapter)) if has_own else files)


def _dtype_of(files: ModelFiles) -> torch.dtype:
    """What the base's weights are kept in; the scales of a GGUF file are float16."""
    if files.gguf_file:
        return torch.float16
    try:
        config = AutoConfig.from_pretrained(files.path)
    except (OSError, ValueError) as error:
        raise ModelUnusable(model=files.name, reason=" ".join(str(error).split())[:300]) from error
    dtype = getattr(config.get_text_config(), "dtype", None) or getattr(config, "dtype", None)
    return dtype or torch.float32
