"""What the machine allows at best."""

from __future__ import annotations

import pytest

from playground.bench.figures import Machine
from playground.bench.machine import ModelSize, decode_limits, prefill_limits, size_of
from playground.models import locate
from tests.tiny import make_model

SIZE = ModelSize(
    layers=10, heads_width=100, cache_width=40, body_parameters=1_000_000, head_parameters=500_000
)


def test_reading_a_prompt_takes_two_operations_a_parameter_and_attention():
    machine = Machine("p", 2, 1.0, 4.0, 1.0, 0)
    slow, fast = prefill_limits(machine, SIZE, 1000)
    assert slow.value == pytest.approx((2 * 1e6 * 1000 + 2 * 10 * 100 * 1000**2) / 1e9)
    assert fast.value == pytest.approx(slow.value / 4)
    assert len(prefill_limits(Machine("p", 2, 1.0, None, 1.0, 0), SIZE, 1000)) == 1


def test_a_token_reads_all_weights_and_the_keys_and_values_before_it():
    limits = decode_limits(Machine("p", 2, 1.0, None, 1.0, 0), SIZE, 100, llama_bytes=750_000)
    cache = 2 * 10 * 40 * 100
    assert [round(1e9 / limit.value) for limit in limits] == [
        *(1_500_000 + cache, 3_000_000 + cache, 750_000 + cache),
    ]
    assert "0.50 bytes a weight" in limits[2].reckoning


def test_the_size_of_a_model_comes_from_its_config(tmp_path):
    folder = make_model(tmp_path / "model")
    size = size_of(locate(str(folder), tmp_path))
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(folder)
    total = sum(weights.numel() for weights in model.parameters())
    outer = {
        w.data_ptr(): w.numel() for w in (model.get_input_embeddings().weight, model.lm_head.weight)
    }
    assert size.body_parameters == total - sum(outer.values())
    assert size.head_parameters == model.lm_head.weight.numel()
