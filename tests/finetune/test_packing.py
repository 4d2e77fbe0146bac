"""Packed rows give the loss and the gradients that they give alone."""

from __future__ import annotations

import pytest
import torch
from transformers import (
    BloomConfig,
    BloomForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
)

from playground.finetune.encoding import IGNORED, Example
from playground.finetune.loss import loss_of
from playground.finetune.packing import Collator, packed, padded

N = IGNORED
SIZES = {"vocab_size": 50, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2}
HEADS = {"num_attention_heads": 4, "num_key_value_heads": 2}


def llama():
    torch.manual_seed(0)
    return LlamaForCausalLM(LlamaConfig(**SIZES, **HEADS))


def example(row, ids, labels):
    return Example(row, tuple(ids), tuple(labels))


ROWS = [  # one beginning, a conversation of two answers among them
    example(1, [1, 2, 3, 4, 5, 6], [N, N, N, N, 5, 6]),
    example(2, [1, 2, 3, 7, 8, 9, 10, 11], [N, N, N, N, 8, N, 10, 11]),
    example(3, [1, 2, 3, 12, 13], [N, N, N, N, 13]),
]
OTHERS = {
    "a shared beginning": ROWS,
    "nothing in common": [example(1, [5, 6, 7], [N, N, 7]), example(2, [8, 9], [N, 9])],
    "plain text": [example(1, [1, 2, 3], [1, 2, 3]), example(2, [1, 2, 4], [1, 2, 4])],
    "the same row twice": [ROWS[0], ROWS[0]],
    "one row": ROWS[:1],
    "learned from the start": [example(1, [1, 2], [N, 2]), example(2, [1, 2, 3], [N, 2, 3])],
}


def loss_and_gradient(model, batch):
    model.zero_grad()
    labels = batch.pop("labels")
    loss = loss_of(model(**batch), labels, torch.tensor(1.0))
    loss.backward()
    return loss.detach(), model.model.layers[0].self_attn.q_proj.weight.grad.clone()


@pytest.mark.parametrize("rows", OTHERS.values(), ids=OTHERS)
def test_a_pack_has_the_loss_and_the_gradients_of_its_rows(rows):
    model = llama()
    alone = [loss_and_gradient(model, padded([row])) for row in rows]
    for collate in (packed, padded):
        loss, gradient = loss_and_gradient(model, collate(rows))
        torch.testing.assert_close(loss, sum(loss for loss, _ in alone))
        torch.testing.assert_close(gradient, sum(g for _, g in alone), rtol=1e-4, atol=1e-5)


def test_what_all_rows_begin_with_is_computed_once():
    assert packed(ROWS)["input_ids"].tolist() == [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]]
    assert packed(ROWS)["position_ids"].tolist() == [[0, 1, 2, 3, 4, 5, 3, 4, 5, 6, 7, 3, 4]]


def test_models_that_see_all_that_came_before_are_packed():
    torch.manual_seed(0)
    for model in (llama(), Qwen2ForCausalLM(Qwen2Config(**SIZES, **HEADS))):
        assert Collator(model, ROWS).packs


def test_a_model_that_sees_otherwise_gets_padded_rows():
    torch.manual_seed(0)
    narrow = MistralForCausalLM(MistralConfig(**SIZES, **HEADS, sliding_window=2))
    biased = BloomForCausalLM(BloomConfig(vocab_size=50, hidden_size=32, n_layer=2, n_head=4))
    for model in (narrow, biased):
        collate = Collator(model.eval(), ROWS)
        assert not collate.packs
        assert collate(ROWS)["input_ids"].shape == (3, 8)
