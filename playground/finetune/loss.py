"""Batches and their loss, computed only where there is something to learn."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import torch
from torch.nn.functional import cross_entropy, pad
from transformers import PreTrainedModel
from transformers.modeling_outputs import CausalLMOutputWithPast

from playground.finetune.encoding import IGNORED

_ANY_TOKEN = 0  # for padding, which is masked

Batch = dict[str, torch.Tensor]


class Collator:
    """Pads examples on the right and marks the positions whose logits the loss needs.

    The head is most of a small model's work, and only answers need it.
    """

    def __init__(self, model: PreTrainedModel) -> None:
        self._can_keep = "logits_to_keep" in inspect.signature(model.forward).parameters

    def __call__(self, examples: Sequence[dict[str, Any]]) -> Batch:
        """Tensors of shape (batch, length)."""
        length = max(len(example["input_ids"]) for example in examples)

        def padded(lists: Sequence[Sequence[int]], value: int) -> torch.Tensor:
            return torch.tensor([[*ids, *[value] * (length - len(ids))] for ids in lists])

        batch = {
            "input_ids": padded([e["input_ids"] for e in examples], _ANY_TOKEN),
            "attention_mask": padded([[1] * len(e["input_ids"]) for e in examples], 0),
            "labels": padded([e["labels"] for e in examples], IGNORED),
        }
        if self._can_keep:
            batch["logits_to_keep"] = pad(batch["labels"][:, 1:] != IGNORED, (0, 1), value=False)
        return batch


def loss_of(
    outputs: CausalLMOutputWithPast, labels: torch.Tensor, num_items_in_batch: torch.Tensor
) -> torch.Tensor:
    """The mean negative log-likelihood of the labelled tokens, in float32."""
    needed = labels[:, 1:] != IGNORED
    logits = outputs.logits
    assert logits is not None
    if logits.ndim == 3:  # the model gave all of them
        logits = logits[:, :-1][needed]
    total = cross_entropy(logits.float(), labels[:, 1:][needed], reduction="sum")
    return total / num_items_in_batch
