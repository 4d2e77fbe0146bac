"""Rows as a model's input: packed behind the beginning that they share, or padded."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from itertools import chain, takewhile

import torch
from torch.nn.functional import pad
from transformers import PreTrainedModel

from playground.finetune.encoding import IGNORED, Example
from playground.finetune.loss import loss_of

Batch = dict[str, torch.Tensor]

_ANY_TOKEN = 0  # for padding, which is masked
_SAME_LOSS = 1e-3  # relative; what bfloat16 makes of one sum in two orders is less


class Collator:
    """Makes batches for one model: `packed` where it computes the same loss of them, else `padded`.

    That is asked of the model itself, with `examples`, since attention of another kind (windows,
    states, ALiBi) does not show in a signature.
    """

    def __init__(self, model: PreTrainedModel, examples: Sequence[Example]) -> None:
        takes = inspect.signature(model.forward).parameters
        self._can_keep = "logits_to_keep" in takes
        self._dtype = model.dtype
        self.packs = False
        if "position_ids" in takes:
            self.packs = self._same_loss(model, examples)

    def __call__(self, examples: Sequence[Example]) -> Batch:
        """See `packed` and `padded`."""
        batch = packed(examples, self._dtype) if self.packs else padded(examples)
        if not self._can_keep:
            del batch["logits_to_keep"]
        return batch

    def _same_loss(self, model: PreTrainedModel, examples: Sequence[Example]) -> bool:
        few = sorted(examples, key=lambda example: len(example.input_ids))[-3:]
        losses = []
        for self.packs in (True, False):
            try:
                losses.append(float(summed_loss(model, self(few))))
            except (RuntimeError, ValueError, TypeError, KeyError, AttributeError):
                return False
        return abs(losses[0] - losses[1]) <= _SAME_LOSS * abs(losses[1])


@torch.no_grad()
def summed_loss(model: torch.nn.Module, batch: Batch) -> torch.Tensor:
    """The loss of all labelled tokens of `batch` together."""
    device = next(model.parameters()).device
    batch = {name: tensor.to(device) for name, tensor in batch.items()}
    labels = batch.pop("labels")
    return loss_of(model(**batch), labels, torch.tensor(1.0, device=device))


def padded(examples: Sequence[Example]) -> Batch:
    """Tensors of shape (rows, longest), padded on the right."""
    length = max(len(example.input_ids) for example in examples)

    def filled(lists: Sequence[Sequence[int]], value: int) -> torch.Tensor:
        return torch.tensor([[*ids, *[value] * (length - len(ids))] for ids in lists])

    labels = filled([example.labels for example in examples], IGNORED)
    return {
        "input_ids": filled([example.input_ids for example in examples], _ANY_TOKEN),
        "attention_mask": filled([[1] * len(example.input_ids) for example in examples], 0),
        "labels": labels,
        "logits_to_keep": _wanted(labels),
    }


def packed(examples: Sequence[Example], dtype: torch.dtype = torch.float32) -> Batch:
    """One sequence of shape (1, tokens): what all rows begin with, then the rest of each row.

    A row's tokens see that beginning and what stands before them in their own row, at the
    positions that they would have alone. So nothing is padded, and a chat template's system
    message is computed once for all.
    """
    shared = _shared(examples)
    rests = [example.input_ids[shared:] for example in examples]
    owner = torch.repeat_interleave(
        torch.tensor([-1, *range(len(rests))]), torch.tensor([shared, *map(len, rests)])
    )
    order = torch.arange(len(owner))
    sees = (owner[:, None] == owner) | (owner == -1)
    sees &= order[:, None] >= order
    mask = torch.zeros(sees.shape, dtype=dtype).masked_fill(~sees, torch.finfo(dtype).min)
    positions = [*range(shared)]
    labels = [IGNORED] * shared
    for example in examples:
        positions += range(shared, len(example.input_ids))
        labels += [IGNORED, *example.labels[shared + 1 :]]  # nothing of its row precedes the first
    wanted = torch.tensor([labels])
    return {
        "input_ids": torch.tensor([[*examples[0].input_ids[:shared], *chain(*rests)]]),
        "attention_mask": mask[None, None],
        "position_ids": torch.tensor([positions]),
        "labels": wanted,
        "logits_to_keep": _wanted(wanted),
    }


def _shared(examples: Sequence[Example]) -> int:
    """How many tokens all rows begin with; none that tells a token to be learned."""
    columns = zip(*(example.input_ids for example in examples), strict=False)
    alike = (len(set(column)) == 1 for column in columns)
    common = sum(takewhile(bool, alike))
    for example in examples:
        first = next(i for i, label in enumerate(example.labels) if i and label != IGNORED)
        common = min(common, first - 1)
    return common


def _wanted(labels: torch.Tensor) -> torch.Tensor:
    """Where the model's logits tell a token to be learned: all others need not be computed."""
    return pad(labels[:, 1:] != IGNORED, (0, 1), value=False)
