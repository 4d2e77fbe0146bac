"""LoRA in a graph's weights, and rounding."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import LlamaForCausalLM

from playground.models.openvino_weights import read_lora, round_to_int8
from playground.types import Adapter
from tests.tiny import make_adapter, make_model


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("tiny") / "model")


@pytest.mark.parametrize(
    "options",
    [{}, {"use_rslora": True}, {"alpha_pattern": {"q_proj": 3}}, {"rank_pattern": {"v_proj": 2}}],
)
def test_the_sum_is_what_peft_merges(model, tmp_path, options):
    config = LoraConfig(r=4, lora_alpha=7, target_modules=["q_proj", "v_proj"], **options)
    tuned = get_peft_model(LlamaForCausalLM.from_pretrained(model), config)
    for name, weights in tuned.named_parameters():
        if "lora_B" in name:
            weights.data.normal_(std=0.2)
    tuned.save_pretrained(tmp_path / "a")
    base = LlamaForCausalLM.from_pretrained(model)
    before = {name: weights.clone() for name, weights in base.state_dict().items()}
    merged = PeftModel.from_pretrained(base, str(tmp_path / "a")).merge_and_unload().state_dict()
    _, deltas = read_lora(Adapter("a", tmp_path / "a", str(model), r=4))
    assert len(deltas) == 4
    for name, delta in deltas.items():
        ours = delta.added_to(before[f"{name}.weight"])
        assert (ours - merged[f"{name}.weight"]).abs().max() < 1e-6
        assert not torch.equal(ours, before[f"{name}.weight"])


def test_tensors_in_bfloat16_are_read(model, tmp_path):
    from safetensors.torch import load_file, save_file

    adapter = make_adapter(tmp_path, model, "half")
    file = adapter.path / "adapter_model.safetensors"
    save_file({key: tensor.bfloat16() for key, tensor in load_file(file).items()}, file)
    _, deltas = read_lora(adapter)
    assert all(delta.a.dtype == torch.float32 for delta in deltas.values())


@pytest.mark.parametrize("width", [64, 96, 50])
def test_rounding_loses_at_most_half_a_step(width):
    torch.manual_seed(0)
    weights = torch.randn(7, width)
    weights[2] = 0
    quants, scales = round_to_int8(weights)
    back = (quants.float() * scales.float()).reshape(7, width)
    steps = scales.float().expand(quants.shape).reshape(7, width)
    assert ((back - weights).abs() <= 0.51 * steps + 1e-7).all()
    assert not back[2].any()


def test_openvino_reports_nothing_to_its_maker():
    code = (
        "from playground.models.openvino_runtime import ov; import sys, json; "
        "print(json.dumps(sorted(n for n in sys.modules if 'openvino_telemetry' in n "
        "and sys.modules[n] is not None)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert json.loads(said.stdout) == []
