"""The transformers engine on a CUDA device: run where there is one."""

from __future__ import annotations

import pytest
import torch

from playground.engines.transformers import TransformersEngine
from tests.engines.conftest import ask, files_of
from tests.tiny import make_adapter

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
QUESTIONS = ("hello", "what is it? " * 30, "你好，世界")


def test_the_weights_are_bfloat16_and_attention_is_scaled_dot_product(model):
    engine = TransformersEngine(files_of(model))
    assert engine._model.device.type == "cuda"
    expected = torch.bfloat16 if torch.cuda.is_bf16_supported(False) else torch.float32
    assert engine._model.dtype == expected
    assert engine._model.config._attn_implementation == "sdpa"


def test_answers_in_float32_are_those_of_the_processor(model, tmp_path):
    on_gpu = TransformersEngine(files_of(model), device="cuda", dtype="float32")
    on_cpu = TransformersEngine(files_of(model), device="cpu", dtype="float32")
    adapter = make_adapter(tmp_path, model, "mine")
    for tuned in (None, adapter):
        for question in QUESTIONS:
            expected, _ = ask(on_cpu, question, adapter=tuned)
            assert ask(on_gpu, question, adapter=tuned)[0] == expected


def test_a_prompt_is_reused_and_the_answer_stays_the_same(model):
    engine = TransformersEngine(files_of(model))
    prompt = "the same long beginning " * 20
    cold, first = ask(engine, prompt)
    warm, second = ask(engine, prompt)
    assert first.cached_tokens == 0 < second.cached_tokens
    assert warm == cold
