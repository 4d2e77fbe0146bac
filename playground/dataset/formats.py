"""The shapes that training rows come in, and how each becomes messages, or text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from playground.dataset.fields import (
    Fields,
    history_in,
    optional_text_in,
    system_in,
    text_in,
    turns_in,
)
from playground.types import Message


class Shape(Protocol):
    """One way to write a training row: the columns it needs, and those it also knows.

    `read` gives a conversation, or a plain text to be learned whole. It raises DatasetError for a
    row that is not written that way; the order of the roles is checked elsewhere.
    """

    @property
    def name(self) -> str: ...
    @property
    def required(self) -> tuple[str, ...]: ...
    @property
    def optional(self) -> tuple[str, ...]: ...
    def read(self, row: Fields) -> tuple[Message, ...] | str: ...


@dataclass(frozen=True)
class Turns:
    """A list of turns: OpenAI's {"messages": [{"role": "user", "content": "..."}, ...]}, and
    ShareGPT's {"conversations": [{"from": "human", "value": "..."}, ...], "system": "..."}."""

    name: str
    field: str

    @property
    def required(self) -> tuple[str, ...]:
        return (self.field,)

    @property
    def optional(self) -> tuple[str, ...]:
        return ("system",)

    def read(self, row: Fields) -> tuple[Message, ...]:
        return system_in(row, "system") + turns_in(row, self.field)


@dataclass(frozen=True)
class Pair:
    """A question and an answer: text, or (as in TRL) lists of messages.

    With `input`, which is what the question is about, it is Alpaca's shape. `history` holds
    earlier turns as [[question, answer], ...]. "" stands for columns that there are not.
    """

    prompt: str
    completion: str
    input: str = ""
    system: str = "system"
    history: str = "history"
    label: str = ""

    @property
    def name(self) -> str:
        return self.label or f"{self.prompt}/{self.completion}"

    @property
    def required(self) -> tuple[str, ...]:
        return (self.prompt, self.completion)

    @property
    def optional(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.input, self.system, self.history)))

    def read(self, row: Fields) -> tuple[Message, ...]:
        before = system_in(row, self.system) + history_in(row, self.history)
        if isinstance(row.get(self.prompt), list) or isinstance(row.get(self.completion), list):
            return before + turns_in(row, self.prompt) + turns_in(row, self.completion)
        question = text_in(row, self.prompt)
        if about := optional_text_in(row, self.input):
            question += "\n" + about
        answer = Message("assistant", text_in(row, self.completion))
        return (*before, Message("user", question), answer)


@dataclass(frozen=True)
class PlainText:
    """Text that is nobody's question or answer: all of it is learned."""

    field: str = "text"
    name: str = "text"

    @property
    def required(self) -> tuple[str, ...]:
        return (self.field,)

    @property
    def optional(self) -> tuple[str, ...]:
        return ()

    def read(self, row: Fields) -> str:
        return text_in(row, self.field)


SHAPES: tuple[Shape, ...] = (  # the first that fits is it
    Turns("messages", "messages"),
    Turns("sharegpt", "conversations"),
    Turns("sharegpt", "conversation"),
    Pair("instruction", "output", input="input", label="alpaca"),
    Pair("指令", "输出", input="输入", label="alpaca"),
    Pair("prompt", "completion"),
    Pair("question", "answer"),
)
_TEXTS = (PlainText("text"), PlainText("文本"))
# Without the first of these, its column would be left out of the pairs below.
_PAIRS_WITH_INPUT = (
    Pair("instruction", "response", input="input"),
    Pair("instruction", "response", input="context"),
    Pair("prompt", "response", input="query"),
)
_PAIRS_OF_THEIR_OWN = (Pair("q", "a"), Pair("user", "assistant"), Pair("问", "答"))
QUESTIONS = ("question", "prompt", "instruction", "query", "input", "问题", "提问", "指令", "输入")
ANSWERS = ("answer", "completion", "response", "output", "reply", "回答", "答案", "回复", "输出")
BOOKKEEPING = frozenset({"id", "idx", "index", "uuid", "编号", "序号"})

SHAPES_SHOWN = "; ".join(
    (
        *("messages", "conversations[, system]"),
        "alpaca: instruction, output[, input, system, history]",
        f"{'|'.join(QUESTIONS)} + {'|'.join(ANSWERS)}",
        "text",
    )
)


def find_shape(columns: Collection[str]) -> Shape | None:
    """The shape of rows with `columns`, which are `folded`; None if it is not certain.

    A column of text is certain only by itself: beside a label, say, it may be a question.
    """
    for shape in (*SHAPES, *_PAIRS_OF_THEIR_OWN):
        if all(column in columns for column in shape.required):
            return shape
    for pair in _PAIRS_WITH_INPUT:
        if all(column in columns for column in (*pair.required, pair.input)):
            return pair
    question = next((name for name in QUESTIONS if name in columns), None)
    answer = next((name for name in ANSWERS if name in columns), None)
    if question and answer:
        return Pair(question, answer)
    alone = set(columns) - BOOKKEEPING
    return next((shape for shape in _TEXTS if alone == {shape.field}), None)


def folded(fields: Fields) -> dict[str, Any]:
    """`fields` under names without capitals, as shapes know them."""
    return {name.strip().casefold(): value for name, value in fields.items()}


def is_usual_column(name: str) -> bool:
    """True for the name of a column that some shape has."""
    shapes = (*SHAPES, *_PAIRS_OF_THEIR_OWN, *_TEXTS)
    known = {column for shape in shapes for column in shape.required}
    return name.strip().casefold() in known.union(QUESTIONS, ANSWERS)
