"""Rows of what the model says anyway: learned among the others, they keep it from forgetting."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from transformers import PreTrainedModel, PreTrainedTokenizerBase

from playground.dataset.rows import Row
from playground.finetune.answers import greedy_answers
from playground.finetune.job import REPLAY_FILE, load_rows, save_rows
from playground.types import Message


def replay_rows(
    folder: Path,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[str],
    *,
    ends: frozenset[int],
    after: int,
) -> tuple[Row, ...]:
    """Each prompt with the untrained model's own answer; those that do not end are left out.

    They are numbered `after` those of the file, and made once a run.
    """
    file = folder / REPLAY_FILE
    if not file.is_file():
        asked = [(Message("user", prompt),) for prompt in prompts]
        answers = greedy_answers(model, tokenizer, asked, ends=ends)
        rows = [
            Row(after + number, (*prompt, Message("assistant", answer)))
            for number, (prompt, (answer, complete)) in enumerate(
                zip(asked, answers, strict=True), start=1
            )
            if complete and answer
        ]
        draft = file.with_suffix(".tmp")
        save_rows(draft, rows)
        draft.replace(file)
    return load_rows(file)
