"""The loss of a batch, computed only where there is something to learn."""

from __future__ import annotations

import torch
from torch.nn.functional import cross_entropy
from transformers.modeling_outputs import CausalLMOutputWithPast

from playground.finetune.encoding import IGNORED


def loss_of(
    outputs: CausalLMOutputWithPast, labels: torch.Tensor, num_items_in_batch: torch.Tensor
) -> torch.Tensor:
    """The negative log-likelihood of the labelled tokens over `num_items_in_batch`, in float32."""
    needed = labels[:, 1:] != IGNORED
    logits = outputs.logits
    assert logits is not None
    if logits.ndim == 3:  # the model gave all of them
        logits = logits[:, :-1][needed]
    total = cross_entropy(logits.float(), labels[:, 1:][needed], reduction="sum")
    return total / num_items_in_batch
