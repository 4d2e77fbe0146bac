"""An adapter that changes nothing is told, whatever its weights are written in."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import load_file, save_file

from playground.adapters.effect import check_effect
from playground.errors import AdapterIdle
from tests.tiny import make_adapter, make_model


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_an_adapter_whose_lora_b_are_all_zero_is_told(tmp_path, dtype):
    adapter = make_adapter(tmp_path, make_model(tmp_path / "model"), "idle")
    file = adapter.path / "adapter_model.safetensors"
    weights = {name: tensor.to(dtype) for name, tensor in load_file(file).items()}
    save_file(weights, file)
    check_effect(adapter)
    idle = {name: tensor * ("lora_B" not in name) for name, tensor in weights.items()}
    save_file(idle, file)
    with pytest.raises(AdapterIdle, match="'idle' changes nothing"):
        check_effect(adapter)
    last = max(name for name in idle if "lora_B" in name)
    idle[last][-1, -1] = 1e-5
    save_file(idle, file)
    check_effect(adapter)
