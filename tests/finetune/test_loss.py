"""The loss is that of transformers, though most logits are never computed."""

from __future__ import annotations

import pytest
import torch
from transformers import AutoModelForCausalLM

from playground.finetune.encoding import IGNORED, Example
from playground.finetune.loss import loss_of
from playground.finetune.packing import padded
from tests.tiny import make_model

EXAMPLES = [
    Example(1, (5, 6, 7, 8, 9), (IGNORED, IGNORED, 7, IGNORED, 9)),
    Example(2, (10, 11, 12), (IGNORED, 11, 12)),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return AutoModelForCausalLM.from_pretrained(make_model(tmp_path_factory.mktemp("m") / "tiny"))


@pytest.mark.parametrize("all_logits", [False, True])
def test_the_loss_is_the_one_of_the_model(model, all_logits):
    batch = padded(EXAMPLES)
    wanted = model(
        input_ids=batch["input_ids"],
        attention_mask=batch["attention_mask"],
        labels=batch["labels"],
    ).loss
    labels = batch.pop("labels")
    if all_logits:  # as a model answers that does not know `logits_to_keep`
        batch.pop("logits_to_keep")
    outputs = model(**batch)
    assert outputs.logits.ndim == (3 if all_logits else 2)
    loss = loss_of(outputs, labels, torch.tensor(4))
    torch.testing.assert_close(loss, wanted)
