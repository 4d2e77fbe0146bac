"""An adapter merged for good: the answers of base and adapter, from one ordinary folder."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoTokenizer, GenerationConfig, LlamaForCausalLM

from playground.engines.transformers import TransformersEngine
from playground.errors import (
    MergeDiffers,
    MergeTargetTaken,
    ModelNotFound,
    ModelUnusable,
    OutputUnwritable,
)
from playground.models import ModelFiles
from playground.models.chat import FALLBACK_TEMPLATE
from playground.models.merging import merge_adapter
from playground.types import Adapter, Delta, Message, Sampling
from tests.tiny import byte_tokenizer, make_adapter, make_model


@pytest.fixture
def base(tmp_path):
    return make_model(tmp_path / "base")


def merged(adapter, tmp_path, name="out"):
    target = tmp_path / name
    list(merge_adapter(adapter, target, models_dir=tmp_path / "models"))
    return target


def answers(folder, adapter=None):
    engine = TransformersEngine(ModelFiles(str(folder), str(folder)), dtype="float32")
    sampling = Sampling(max_tokens=24)
    for question in ("Hello", "Which is 3?", "你好"):
        events = engine.stream((Message("user", question),), sampling, adapter)
        yield "".join(event.text for event in events if isinstance(event, Delta))


def test_merged_is_unmerged_under_greedy(base, tmp_path):
    adapter = make_adapter(tmp_path / "adapters", base, "mine")
    tuned = list(answers(base, adapter))
    assert list(answers(merged(adapter, tmp_path))) == tuned
    assert list(answers(base)) != tuned


def test_the_folder_is_an_ordinary_model(base, tmp_path):
    GenerationConfig(eos_token_id=[7, 8], pad_token_id=7).save_pretrained(base)
    target = merged(make_adapter(tmp_path / "adapters", base, "mine"), tmp_path)
    assert {file.name for file in target.iterdir()} == {
        *("config.json", "generation_config.json", "model.safetensors"),
        *("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"),
    }
    assert AutoTokenizer.from_pretrained(target).chat_template
    assert GenerationConfig.from_pretrained(target).eos_token_id == [7, 8]
    assert LlamaForCausalLM.from_pretrained(target).dtype == torch.float32


def test_the_weights_keep_the_dtype_of_the_base(base, tmp_path):
    LlamaForCausalLM.from_pretrained(base, dtype=torch.bfloat16).save_pretrained(base)
    target = merged(make_adapter(tmp_path / "adapters", base, "mine"), tmp_path)
    assert LlamaForCausalLM.from_pretrained(target).dtype == torch.bfloat16


def test_the_template_is_the_one_of_the_training(tmp_path):
    base = make_model(tmp_path / "base", chat_template=None)
    adapter = make_adapter(tmp_path / "adapters", base, "mine")
    byte_tokenizer(FALLBACK_TEMPLATE).save_pretrained(adapter.path)
    target = merged(adapter, tmp_path)
    assert AutoTokenizer.from_pretrained(target).chat_template == FALLBACK_TEMPLATE


def test_what_is_there_stays(base, tmp_path):
    adapter = make_adapter(tmp_path / "adapters", base, "mine")
    with pytest.raises(MergeTargetTaken, match="base"):
        merged(adapter, tmp_path, "base")
    (tmp_path / "file").touch()
    with pytest.raises(OutputUnwritable, match="file"):
        merged(adapter, tmp_path, "file/out")


def test_what_goes_wrong_leaves_nothing_behind(base, tmp_path):
    adapter = make_adapter(tmp_path / "adapters", base, "mine")
    steps = merge_adapter(adapter, tmp_path / "made" / "out", models_dir=tmp_path)
    next(steps)
    steps.close()
    assert not list((tmp_path / "made").iterdir())
    with pytest.raises(ModelNotFound, match="gone"):
        merged(replace(adapter, base_model=str(tmp_path / "gone")), tmp_path)


def test_a_base_of_another_size_is_told_by_both_names(tmp_path, base):
    adapter = make_adapter(tmp_path / "adapters", base, "mine")
    config = LlamaForCausalLM.from_pretrained(base).config
    config.hidden_size = 64
    LlamaForCausalLM(config).save_pretrained(base)
    with pytest.raises(ModelUnusable, match=r"base.*adapters.mine.*size mismatch"):
        merged(adapter, tmp_path)


def test_a_pickle_beside_missing_weights_is_never_opened(tmp_path, base, monkeypatch):
    monkeypatch.chdir(tmp_path)

    class Bomb:
        def __reduce__(self):
            return (open, ("exploded", "w"))

    adapter = make_adapter(tmp_path / "adapters", base, "mine")
    (adapter.path / "adapter_model.safetensors").unlink()
    (adapter.path / "adapter_model.bin").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ModelUnusable, match=r"adapter_model\.safetensors"):
        merged(adapter, tmp_path)
    assert not (tmp_path / "exploded").exists()


@pytest.mark.filterwarnings("ignore:Model (has|with) `tie_word")  # PEFT only warns
def test_weights_that_two_layers_share_are_not_changed_for_both(tmp_path, base):
    config = LlamaForCausalLM.from_pretrained(base).config
    config.tie_word_embeddings = True
    model = LlamaForCausalLM(config)
    model.save_pretrained(base)
    lora = LoraConfig(r=4, target_modules=["lm_head"], task_type="CAUSAL_LM")
    tuned = get_peft_model(model, lora)
    for name, weight in tuned.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.2)
    tuned.save_pretrained(tmp_path / "mine", save_embedding_layers=False)
    with pytest.raises(MergeDiffers, match="'mine'"):
        merged(Adapter("mine", tmp_path / "mine", str(base), 4), tmp_path)
    assert not (tmp_path / "out").exists()
