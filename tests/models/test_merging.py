"""Merged models, on a tiny real one: the same answers, made again when the adapter changes."""

from __future__ import annotations

import shutil

import pytest
import torch
from peft import PeftModel
from transformers import AutoTokenizer, LlamaForCausalLM

from playground.errors import ModelUnusable
from playground.models.embedded import EmbeddedModel, MergedModel
from playground.models.fetch import pull
from tests.tiny import make_adapter, make_model

COMMON = {"kind": "chat", "licence": "MIT", "en": "tiny", "zh": "小", "megabytes": 1}


@pytest.fixture
def merged(tmp_path):
    models_dir = tmp_path / "models"
    make_model(models_dir / "base")
    adapter = make_adapter(tmp_path / "adapters", models_dir / "base", "reader")
    base = EmbeddedModel(name="base", **COMMON)
    return MergedModel(name="merged", base=base, adapter=adapter.path, **COMMON), models_dir


def logits(model):
    with torch.inference_mode():
        return model(torch.arange(1, 30)[None]).logits


def test_a_merged_model_answers_as_base_and_adapter_do(merged):
    model, models_dir = merged
    steps = list(pull(model, models_dir))
    assert steps[-1].done == steps[-1].total
    plain = LlamaForCausalLM.from_pretrained(models_dir / "base")
    alone = logits(plain)
    tuned = logits(PeftModel.from_pretrained(plain, str(model.adapter)))
    made = LlamaForCausalLM.from_pretrained(model.folder(models_dir), dtype=torch.float32)
    assert torch.allclose(logits(made), tuned, atol=0.05, rtol=0.05)
    assert (tuned - alone).abs().max() > 10 * (logits(made) - tuned).abs().max()
    assert AutoTokenizer.from_pretrained(model.folder(models_dir)).chat_template


def test_it_is_made_once_and_again_when_the_adapter_changes(merged):
    model, models_dir = merged
    assert not model.is_ready(models_dir)
    assert list(pull(model, models_dir))
    assert model.is_ready(models_dir)
    assert not list(pull(model, models_dir))
    before = (model.folder(models_dir) / "model.safetensors").read_bytes()
    make_adapter(model.adapter.parent, models_dir / "base", "reader", seed=2)
    assert not model.is_ready(models_dir)
    assert list(pull(model, models_dir))
    assert (model.folder(models_dir) / "model.safetensors").read_bytes() != before
    assert not list(models_dir.glob(".merged-*"))


def test_it_stays_when_the_adapter_is_deleted(merged):
    model, models_dir = merged
    list(pull(model, models_dir))
    shutil.rmtree(model.adapter)
    assert model.is_ready(models_dir)


def test_a_missing_adapter_is_said_and_leaves_nothing_behind(merged):
    model, models_dir = merged
    shutil.rmtree(model.adapter)
    with pytest.raises(ModelUnusable, match="reader"):
        list(pull(model, models_dir))
    assert not model.folder(models_dir).exists()
    assert not list(models_dir.glob(".merged-*"))


def test_an_adapter_of_which_a_part_finds_no_place_is_refused(merged, tmp_path):
    from safetensors.torch import load_file, save_file

    model, models_dir = merged
    weights = model.adapter / "adapter_model.safetensors"
    tensors = load_file(weights)
    save_file(
        {**tensors, "base_model.model.model.nowhere.lora_A.weight": torch.ones(2, 2)}, weights
    )
    with pytest.raises(ModelUnusable, match="tensors"):
        list(pull(model, models_dir))
