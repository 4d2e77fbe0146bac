"""Rows to token ids and labels, under the same chat template that answers questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jinja2 import TemplateError
from transformers import GenerationConfig, PreTrainedTokenizerBase

from playground.dataset.rows import Problem, Reason, Row
from playground.errors import DatasetError, RowNotTemplated, RowTooLong, RowWithoutEnd
from playground.models.chat import encode, render
from playground.models.names import ModelFiles
from playground.types import Message

IGNORED = -100  # a label that PyTorch's cross entropy passes over


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


class _Piece(NamedTuple):
    ids: list[int]
    is_supervised: bool


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
    examples: list[Example] = []
    problems: list[Problem] = []
    for row in rows:
        try:
            if row.text:
                examples += _windows(tokenizer, row, max_length)
            else:
                examples += _examples(tokenizer, row, ends, max_length)
        except DatasetError as error:
            problems.append(Problem(row.number, Reason.of(error)))
        except TemplateError as error:
            problems.append(Problem(row.number, Reason.of(RowNotTemplated(reason=str(error)))))
    return Encoded(tuple(examples), tuple(problems))


def _examples(
    tokenizer: PreTrainedTokenizerBase, row: Row, ends: frozenset[int], max_length: int
) -> list[Example]:
    """One example, or one an answer where the template renders past answers in another way."""
    answers = [i for i, message in enumerate(row.messages) if message.role == "assistant"]
    whole = _conversation(tokenizer, row.messages, answers, ends)
    singly = (_turn(tokenizer, row.messages[: i + 1], ends) for i in answers)
    examples = []
    for pieces in [whole] if whole else singly:
        ids = tuple(token for piece in pieces for token in piece.ids)
        if len(ids) > max_length:
            raise RowTooLong(tokens=len(ids), limit=max_length)
        labels = tuple(t if piece.is_supervised else IGNORED for piece in pieces for t in piece.ids)
        if labels[-1] not in ends:
            raise RowWithoutEnd
        examples.append(Example(row.number, ids, labels))
    return examples


def _windows(tokenizer: PreTrainedTokenizerBase, row: Row, max_length: int) -> Iterator[Example]:
    """A plain text as it stands, all of it learned; a long one in windows, so that none is lost."""
    tokens, end = tokenizer.encode(row.text), tokenizer.eos_token_id
    if isinstance(end, int) and tokens[-1:] != [end]:
        tokens.append(end)
    for start in range(0, len(tokens), max_length):
        ids = tuple(tokens[start : start + max_length])
        if len(ids) > 1:  # one token alone has nothing before it to be told from
            yield Example(row.number, ids, ids)


def _conversation(
    tokenizer: PreTrainedTokenizerBase,
    messages: tuple[Message, ...],
    answers: Sequence[int],
    ends: frozenset[int],
) -> list[_Piece] | None:
    """The pieces of a whole conversation, None if its beginnings are not what serving sends.

    Some templates render an answer differently once another question follows (they drop its
    reasoning, say).
    """
    pieces: list[_Piece] = []
    for i in answers:
        seen = [token for piece in pieces for token in piece.ids]
        prompt, answer = _turn(tokenizer, messages[: i + 1], ends)
        if prompt.ids[: len(seen)] != seen:
            return None
        pieces += [_Piece(prompt.ids[len(seen) :], False), answer]
    return pieces


def _turn(
    tokenizer: PreTrainedTokenizerBase, messages: tuple[Message, ...], ends: frozenset[int]
) -> tuple[_Piece, _Piece]:
    """The prompt as serving sends it, and the last answer up to the token that ends it."""
    prompt = render(tokenizer, messages[:-1], add_generation_prompt=True)
    whole = render(tokenizer, messages, add_generation_prompt=False)
    # Where the prompt already opens a reasoning block, the answer alone follows it.
    content = messages[-1].content.strip()
    start = len(prompt) if whole.startswith(prompt) else whole.rfind(content)
    if start < 0:
        raise RowWithoutEnd
    answer = tokenizer.encode(whole[start:], add_special_tokens=False)
    last = max((i for i, token in enumerate(answer) if token in ends), default=-1)
    prompt_ids = encode(tokenizer, messages[:-1], add_generation_prompt=True)
    return _Piece(prompt_ids, False), _Piece(answer[: last + 1], True)
