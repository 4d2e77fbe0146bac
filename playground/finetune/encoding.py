"""Rows to token ids and labels, under the same chat template that answers questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jinja2 import TemplateError
from transformers import GenerationConfig, PreTrainedTokenizerBase

from playground.dataset.rows import Problem, Reason, Row
from playground.errors import DatasetError, RowNotTemplated, RowTooLong, RowWithoutEnd
from playground.models.chat import render
from playground.models.names import ModelFiles
from playground.types import Message

IGNORED = -100  # a label that PyTorch's cross entropy passes over
BATCH_ROWS = 500


@dataclass(frozen=True)
class Example:
    """One sequence to learn: `labels` are `input_ids`, IGNORED where the text is only read."""

    row: int
    input_ids: tuple[int, ...]
    labels: tuple[int, ...]

    @property
    def supervised_tokens(self) -> int:
        return sum(label != IGNORED for label in self.labels)


class Encoded(NamedTuple):
    """The examples, and the rows that make none."""

    examples: tuple[Example, ...]
    problems: tuple[Problem, ...]


class _Turn(NamedTuple):
    """The prompt as serving sends it, and the answer with what ends it."""

    prompt: str
    answer: str


class _Ids(NamedTuple):
    """The tokens of a _Turn: the answer up to the token that ends it."""

    prompt: list[int]
    answer: list[int]


def end_tokens(tokenizer: PreTrainedTokenizerBase, files: ModelFiles) -> frozenset[int]:
    """The tokens at which the model's answers end, as its files say."""
    ends = [tokenizer.eos_token_id]
    try:
        given = GenerationConfig.from_pretrained(files.path).eos_token_id
        ends += given if isinstance(given, list) else [given]
    except OSError:  # a GGUF file, or a folder without generation_config.json
        pass
    return frozenset(end for end in ends if isinstance(end, int))


def encode_rows(
    tokenizer: PreTrainedTokenizerBase,
    rows: Sequence[Row],
    *,
    ends: frozenset[int],
    max_length: int,
) -> Encoded:
    """Examples of all rows that fit into `max_length` tokens and end their answers.

    Plain texts are cut into windows of that length.
    """
    batches = list(encode_batches(tokenizer, rows, ends=ends, max_length=max_length))
    return Encoded(
        tuple(example for batch in batches for example in batch.examples),
        tuple(problem for batch in batches for problem in batch.problems),
    )


def encode_batches(
    tokenizer: PreTrainedTokenizerBase,
    rows: Sequence[Row],
    *,
    ends: frozenset[int],
    max_length: int,
) -> Iterator[Encoded]:
    """What `encode_rows` gives, for BATCH_ROWS rows after BATCH_ROWS rows."""
    for start in range(0, len(rows), BATCH_ROWS):
        yield _encode(tokenizer, rows[start : start + BATCH_ROWS], ends, max_length)


def _encode(
    tokenizer: PreTrainedTokenizerBase, rows: Sequence[Row], ends: frozenset[int], max_length: int
) -> Encoded:
    """All texts of the rows are tokenized at once, which a tokenizer does on all cores."""
    examples: list[Example] = []
    problems: list[Problem] = []
    rendered: list[tuple[Row, list[_Turn]]] = []
    for row in rows:
        try:
            rendered.append((row, _turns(tokenizer, row)))
        except DatasetError as error:
            problems.append(Problem(row.number, Reason.of(error)))
        except TemplateError as error:
            problems.append(Problem(row.number, Reason.of(RowNotTemplated(reason=str(error)))))
    texts = [text for _, turns in rendered for turn in turns for text in turn]
    tokens = iter(tokenizer(texts, add_special_tokens=False).input_ids if texts else ())
    for row, turns in rendered:
        if row.text:
            examples += _windows(tokenizer, row, max_length)
            continue
        encoded = [_Ids(next(tokens), _ended(next(tokens), ends)) for _ in turns]
        try:
            examples += _examples(row, encoded, max_length)
        except DatasetError as error:
            problems.append(Problem(row.number, Reason.of(error)))
    return Encoded(tuple(examples), tuple(sorted(problems, key=lambda problem: problem.row)))


def _turns(tokenizer: PreTrainedTokenizerBase, row: Row) -> list[_Turn]:
    """Each answer of the row, and all that stands before it."""
    answers = [i for i, message in enumerate(row.messages) if message.role == "assistant"]
    return [_turn(tokenizer, row.messages[: i + 1]) for i in answers]


def _turn(tokenizer: PreTrainedTokenizerBase, messages: Sequence[Message]) -> _Turn:
    prompt = render(tokenizer, messages[:-1], add_generation_prompt=True)
    whole = render(tokenizer, messages, add_generation_prompt=False)
    # Where the prompt already opens a reasoning block, the answer alone follows it.
    content = messages[-1].content.strip()
    start = len(prompt) if whole.startswith(prompt) else whole.rfind(content)
    if start < 0:
        raise RowWithoutEnd
    return _Turn(prompt, whole[start:])


def _ended(answer: list[int], ends: frozenset[int]) -> list[int]:
    last = max((i for i, token in enumerate(answer) if token in ends), default=-1)
    return answer[: last + 1]


def _examples(row: Row, turns: Sequence[_Ids], max_length: int) -> list[Example]:
    """One example, or one an answer where the template renders past answers in another way."""
    whole = _conversation(turns)
    parts = [whole] if whole else [[turn] for turn in turns]
    return [_example(row, part, max_length) for part in parts]


def _conversation(turns: Sequence[_Ids]) -> list[_Ids] | None:
    """The turns of a whole conversation, each prompt from where the one before ended.

    None if its beginnings are not what serving sends: some templates render an answer differently
    once another question follows (they drop its reasoning, say).
    """
    seen: list[int] = []
    parts: list[_Ids] = []
    for prompt, answer in turns:
        if prompt[: len(seen)] != seen:
            return None
        parts.append(_Ids(prompt[len(seen) :], answer))
        seen = prompt + answer
    return parts


def _example(row: Row, parts: Sequence[_Ids], max_length: int) -> Example:
    ids: list[int] = []
    labels: list[int] = []
    for prompt, answer in parts:
        ids += prompt + answer
        labels += [IGNORED] * len(prompt) + answer
    if len(ids) > max_length:
        raise RowTooLong(tokens=len(ids), limit=max_length)
    if not parts[-1].answer:
        raise RowWithoutEnd
    return Example(row.number, tuple(ids), tuple(labels))


def _windows(tokenizer: PreTrainedTokenizerBase, row: Row, max_length: int) -> Iterator[Example]:
    """A plain text as it stands, all of it learned; a long one in windows, so that none is lost."""
    tokens, end = tokenizer.encode(row.text), tokenizer.eos_token_id
    if isinstance(end, int) and tokens[-1:] != [end]:
        tokens.append(end)
    for start in range(0, len(tokens), max_length):
        ids = tuple(tokens[start : start + max_length])
        if len(ids) > 1:  # one token alone has nothing before it to be told from
            yield Example(row.number, ids, ids)
