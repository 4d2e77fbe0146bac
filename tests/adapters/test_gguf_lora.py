"""The GGUF file of an adapter, as llama.cpp's own converter would write it.

That llama.cpp answers with it as transformers does was measured by hand: tests/measurements.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace

import gguf
import numpy as np
import pytest
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

from playground.adapters.gguf_lora import write_gguf
from playground.errors import (
    AdapterNotPlain,
    AdapterUnreadable,
    ArchitectureNotInGguf,
    ModelNotFound,
)
from playground.types import Adapter
from tests.tiny import make_adapter, make_model

HEADS = {"q_proj": 4, "k_proj": 2}
NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def make(folder, kind=LlamaConfig, tied=False, **options):
    """A tiny model of two layers, and an adapter of random weights for it."""
    torch.manual_seed(0)
    config = kind(
        vocab_size=64,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        tie_word_embeddings=tied,
    )
    base = AutoModelForCausalLM.from_config(config)
    base.save_pretrained(folder / "base")
    lora = {"r": 4, "lora_alpha": 6, "target_modules": "all-linear", "task_type": "CAUSAL_LM"}
    tuned = get_peft_model(base, LoraConfig(**{**lora, **options}))
    for name, weight in tuned.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weight)
    tuned.save_pretrained(folder / "mine", save_embedding_layers=False)
    return Adapter("mine", folder / "mine", str(folder / "base"), r=4)


def written(adapter, tmp_path):
    target = tmp_path / "mine.gguf"
    write_gguf(adapter, target, models_dir=tmp_path / "models")
    reader = gguf.GGUFReader(target)
    fields = {name: field.contents() for name, field in reader.fields.items()}
    # GGUF names the sizes from the last to the first.
    return fields, {t.name: t.data.reshape(*reversed(t.shape.tolist())) for t in reader.tensors}


def undone(rows, heads):
    """llama.cpp's neighbours back to the two halves of a head."""
    return rows.reshape(heads, -1, 2, rows.shape[1]).swapaxes(1, 2).reshape(rows.shape)


@pytest.mark.parametrize(
    ("kind", "name", "reorders"),
    [
        (LlamaConfig, "llama", True),
        (MistralConfig, "llama", True),
        (Qwen2Config, "qwen2", False),
        (Qwen3Config, "qwen3", False),
    ],
)
def test_every_tensor_is_there_under_llama_cpps_name_and_in_its_order(
    tmp_path, kind, name, reorders
):
    adapter = make(tmp_path, kind)
    fields, tensors = written(adapter, tmp_path)
    assert fields["general.architecture"] == name
    assert (fields["general.type"], fields["adapter.type"]) == ("adapter", "lora")
    assert fields["adapter.lora.alpha"] == 6
    given = load_file(adapter.path / "adapter_model.safetensors")
    assert len(tensors) == len(given)
    for layer in range(2):
        for module, short in NAMES.items():
            for half in "AB":
                key = f"base_model.model.model.layers.{layer}.{module}.lora_{half}.weight"
                tensor = tensors[f"blk.{layer}.{short}.weight.lora_{half.lower()}"]
                heads = HEADS.get(module.rpartition(".")[2])
                if half == "B" and heads and reorders:
                    assert not np.array_equal(tensor, given[key].numpy())
                    tensor = undone(tensor, heads)
                np.testing.assert_array_equal(tensor, given[key].numpy())


def test_rows_are_reordered_as_the_weights_they_are_added_to(tmp_path):
    """q as llama.cpp's convert_hf_to_gguf.py orders it, its formula word for word."""
    adapter = make(tmp_path)
    _, tensors = written(adapter, tmp_path)
    given = load_file(adapter.path / "adapter_model.safetensors")
    key = "base_model.model.model.layers.1.self_attn.q_proj.lora_"
    added = (given[f"{key}B.weight"] @ given[f"{key}A.weight"]).numpy()
    n_head, shape = 4, added.shape
    ordered = (
        added.reshape(n_head, 2, shape[0] // n_head // 2, *shape[1:]).swapaxes(1, 2).reshape(shape)
    )
    name = "blk.1.attn_q.weight.lora_"
    np.testing.assert_allclose(tensors[f"{name}b"] @ tensors[f"{name}a"], ordered, atol=1e-5)


def test_rank_stabilised_lora_is_scaled_as_llama_cpp_divides(tmp_path):
    ranks = {"o_proj": 9}
    adapter = make(tmp_path, use_rslora=True, rank_pattern=ranks)
    fields, tensors = written(adapter, tmp_path)
    given = load_file(adapter.path / "adapter_model.safetensors")
    for module, r in (("self_attn.o_proj", 9), ("mlp.up_proj", 4)):
        key = f"base_model.model.model.layers.0.{module}.lora_B.weight"
        tensor = tensors[f"blk.0.{NAMES[module]}.weight.lora_b"]
        scaled = tensor * fields["adapter.lora.alpha"] / r
        np.testing.assert_allclose(scaled, given[key].numpy() * 6 / math.sqrt(r), rtol=1e-5)


def test_bfloat16_is_written_exactly(tmp_path):
    from safetensors.torch import save_file

    adapter = make(tmp_path)
    file = adapter.path / "adapter_model.safetensors"
    save_file({name: tensor.bfloat16() for name, tensor in load_file(file).items()}, file)
    _, tensors = written(adapter, tmp_path)
    key = "base_model.model.model.layers.0.mlp.up_proj.lora_A.weight"
    np.testing.assert_array_equal(
        tensors["blk.0.ffn_up.weight.lora_a"], load_file(file)[key].float().numpy()
    )


@pytest.mark.filterwarnings("ignore:Model (has|with) `tie_word")  # PEFT only warns
def test_a_head_of_its_own_is_a_layer_and_one_that_is_the_embeddings_is_not(tmp_path):
    modules = ["q_proj", "lm_head"]
    _, tensors = written(make(tmp_path / "own", target_modules=modules), tmp_path)
    assert "output.weight.lora_b" in tensors
    tied = make(tmp_path / "tied", tied=True, target_modules=modules)
    with pytest.raises(AdapterNotPlain, match="lm_head"):
        written(tied, tmp_path)


@pytest.mark.parametrize(
    "option", [{"use_dora": True}, {"alpha_pattern": {"q_proj": 2}}, {"bias": "lora_only"}]
)
def test_more_than_plain_lora_is_refused_by_its_option(tmp_path, option):
    adapter = make(tmp_path, **option)
    with pytest.raises(AdapterNotPlain, match=next(iter(option))):
        written(adapter, tmp_path)
    assert not list(tmp_path.glob("mine.gguf*"))


def test_an_architecture_that_was_not_tried_is_named(tmp_path):
    adapter = make_adapter(tmp_path, make_model(tmp_path / "model"), "mine")
    config = tmp_path / "model" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "model_type": "gemma2"}))
    with pytest.raises(ArchitectureNotInGguf, match=r"'gemma2'.*llama, mistral, qwen2, qwen3"):
        written(adapter, tmp_path)


def test_a_base_that_is_gone_and_half_a_layer_are_told(tmp_path):
    adapter = make(tmp_path)
    with pytest.raises(ModelNotFound, match="gone"):
        written(replace(adapter, base_model=str(tmp_path / "gone")), tmp_path)
    from safetensors.torch import save_file

    file = adapter.path / "adapter_model.safetensors"
    tensors = load_file(file)
    tensors.pop("base_model.model.model.layers.0.mlp.up_proj.lora_B.weight")
    save_file(tensors, file)
    with pytest.raises(AdapterUnreadable, match="ffn_up"):
        written(adapter, tmp_path)
