"""What the model will see of the training rows, before anything is trained."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from playground.dataset.rows import Problem, Row
from playground.models.names import ModelFiles
from playground.types import Progress


@dataclass(frozen=True)
class Segment:
    """A piece of text that is learned (`is_supervised`) or only read."""

    text: str
    is_supervised: bool


@dataclass(frozen=True)
class PreviewRow:
    """A row as the model sees it; `number` is where it stood in the file."""

    number: int
    segments: tuple[Segment, ...]
    tokens: int
    supervised_tokens: int


@dataclass(frozen=True)
class Preview:
    """All rows in figures, some in full; `problems` are the rows that training will refuse.

    `uses_fallback_template` warns: the model has no chat template of its own, so its rows are
    written in plain words, and answers end at stop strings as well.
    """

    rows: tuple[PreviewRow, ...]
    usable_rows: int
    tokens: int
    supervised_tokens: int
    problems: tuple[Problem, ...]
    uses_fallback_template: bool


def preview(
    rows: Sequence[Row], *, max_length: int, files: ModelFiles, limit: int = 3
) -> Generator[Progress, None, Preview]:
    """Encode all rows as training will; `limit` of them are returned in full.

    Of many rows, it says in between how far it is.

    Raises:
        ModelError: the model's tokenizer cannot be loaded.
    """
    # Imported here since they take seconds, which whoever only lists adapters need not wait.
    from playground.finetune.encoding import (
        BATCH_ROWS,
        IGNORED,
        Encoded,
        Example,
        encode_batches,
        end_tokens,
    )
    from playground.models.loading import load_tokenizer

    tokenizer = load_tokenizer(files)
    ends = end_tokens(tokenizer, files)
    batches: list[Encoded] = []
    for batch in encode_batches(tokenizer, rows, ends=ends, max_length=max_length):
        batches.append(batch)
        if (done := len(batches) * BATCH_ROWS) < len(rows):
            yield Progress("encode", files.name, done, len(rows))
    examples = [example for batch in batches for example in batch.examples]

    def segments(example: Example) -> Iterator[Segment]:
        start = 0
        supervised = [label != IGNORED for label in example.labels]
        for end in range(1, len(supervised) + 1):
            if end == len(supervised) or supervised[end] != supervised[start]:
                text = str(tokenizer.decode(list(example.input_ids[start:end])))
                yield Segment(text, supervised[start])
                start = end

    return Preview(
        rows=tuple(
            PreviewRow(e.row, tuple(segments(e)), len(e.input_ids), e.supervised_tokens)
            for e in examples[:limit]
        ),
        usable_rows=len({example.row for example in examples}),
        tokens=sum(len(example.input_ids) for example in examples),
        supervised_tokens=sum(example.supervised_tokens for example in examples),
        problems=tuple(problem for batch in batches for problem in batch.problems),
        uses_fallback_template=not tokenizer.chat_template,
    )
