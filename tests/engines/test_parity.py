"""Whether the check tells a damaged engine from one that only rounds."""

from __future__ import annotations

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from playground.engines.parity import TOKENS, check


def greedy_of(model):
    def greedy(tokens, count):
        ids = torch.tensor([tokens])
        mask = torch.ones_like(ids)
        whole = model.generate(ids, attention_mask=mask, max_new_tokens=count, do_sample=False)
        return whole[0, len(tokens) :].tolist()

    return greedy


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder).eval()


def test_a_model_is_on_par_with_itself_and_not_with_a_damaged_one(model):
    tokenizer = AutoTokenizer.from_pretrained(model)
    whole, damaged = load(model), load(model)
    found = check(greedy_of(whole), whole, tokenizer)
    assert found.equal == found.of == 12
    assert found.holds
    with torch.no_grad():
        for weights in damaged.model.layers.parameters():
            weights.mul_(1 + 0.5 * torch.randn_like(weights))
    assert not check(greedy_of(damaged), whole, tokenizer).holds


def test_an_answer_of_other_tokens_is_not_equal(model):
    tokenizer = AutoTokenizer.from_pretrained(model)
    assert check(lambda *_: [7] * TOKENS, load(model), tokenizer).equal == 0
