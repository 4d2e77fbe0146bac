"""An adapter's files: their names, and what tells one training of it from another."""

from __future__ import annotations

from playground.errors import AdapterMismatch
from playground.types import Adapter

CONFIG_FILE = "adapter_config.json"
WEIGHTS_FILE = "adapter_model.safetensors"


def check_base(adapter: Adapter, model: str) -> None:
    """Raise AdapterMismatch unless `adapter` was made for the model called `model`."""
    if adapter.base_model != model:
        raise AdapterMismatch(adapter=adapter.name, base_model=adapter.base_model, model=model)


def key_of(adapter: Adapter) -> str:
    """Changes when the adapter is trained again under the same name."""
    weights = adapter.path / WEIGHTS_FILE
    stamp = weights.stat().st_mtime_ns if weights.is_file() else 0
    return f"{adapter.path}@{stamp}"
