"""LoRA weights inside a loaded model: loaded once, switched per call."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from peft import PeftConfig, PeftModel
from transformers import PreTrainedModel

from playground.errors import AdapterUnreadable
from playground.models.adapter_files import WEIGHTS_FILE, check_base, key_of
from playground.models.lora import tensors_in_use
from playground.types import Adapter

_log = logging.getLogger(__name__)
_MOST_LOADED = 8


class AdapterWeights:
    """The adapters that one model carries. The caller holds the engine's lock.

    PEFT puts LoRA layers into the model in place; with them disabled, each is its base layer
    alone, so that base answers are the ones of the untouched model.
    """

    def __init__(self, model: PreTrainedModel, model_name: str) -> None:
        self._model = model
        self._model_name = model_name
        self._peft: PeftModel | None = None
        self._loaded: dict[str, str] = {}  # weights key -> PEFT's name, least recently used first
        self._counter = 0

    @contextmanager
    def active(self, adapter: Adapter | None) -> Iterator[str]:
        """Answer with `adapter` (None: the base model) inside the block; yields the weights' key.

        Raises:
            AdapterMismatch: made for another model, or its tensors do not fit.
            AdapterUnreadable: files are missing or damaged.
        """
        if adapter is None:
            if self._peft is None:
                yield "base"
                return
            with self._peft.disable_adapter():
                yield "base"
            return
        key = key_of(adapter)
        name = self._loaded.pop(key, None) or self._load(adapter)
        self._loaded[key] = name
        assert self._peft is not None
        self._peft.set_adapter(name, inference_mode=True)
        yield key
        self._forget_oldest()

    def _load(self, adapter: Adapter) -> str:
        check_base(adapter, self._model_name)
        weights = adapter.path / WEIGHTS_FILE
        if not weights.is_file():  # else PEFT would open a pickle that lies there
            raise AdapterUnreadable(adapter=adapter.name, reason=f"{WEIGHTS_FILE} is missing.")
        self._counter += 1
        name = f"adapter{self._counter}"
        try:
            self._put_in(adapter.path, name)
            self._check(adapter, name)
        except Exception as error:
            self._take_out(name)
            reason = " ".join(str(error).split())[:300]
            raise AdapterUnreadable(adapter=adapter.name, reason=reason) from error
        return name

    def _put_in(self, path: Path, name: str) -> None:
        if self._peft is None:
            config = PeftConfig.from_pretrained(str(path))
            self._peft = PeftModel(self._model, config, name, autocast_adapter_dtype=False)
            self._peft.eval()
        self._peft.load_adapter(str(path), adapter_name=name, autocast_adapter_dtype=False)

    def _take_out(self, name: str) -> None:
        if self._peft is None or name not in self._peft.peft_config:
            return
        if self._loaded:
            self._peft.delete_adapter(name)
        else:  # PEFT cannot disable what it has none of
            self._peft.unload()
            self._peft = None

    def _check(self, adapter: Adapter, name: str) -> None:
        """Every tensor of the file is in use, and they change something (else only a warning)."""
        assert self._peft is not None
        used = tensors_in_use(self._peft, adapter.path, name)
        if not any(torch.any(w).item() for key, w in used.items() if "lora_B" in key):
            _log.warning("adapter %r changes nothing: all its lora_B weights are 0", adapter.name)

    def _forget_oldest(self) -> None:
        while len(self._loaded) > _MOST_LOADED:
            key = next(iter(self._loaded))
            assert self._peft is not None
            self._peft.delete_adapter(self._loaded.pop(key))
