"""Which column holds what, said by the user, and what to suggest where nobody said it yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from playground.dataset.formats import ANSWERS, BOOKKEEPING, QUESTIONS, Pair, PlainText, Shape
from playground.dataset.parsing import parse
from playground.dataset.raw_rows import RawRow
from playground.errors import MappingIncomplete

_SAMPLE_ROWS = 200
_TEXTS = ("text", "文本", "content", "正文")


@dataclass(frozen=True)
class Mapping:
    """The columns of the question, the answer and maybe a system text; or of plain text alone.

    Names are as the file has them; "" stands for none.
    """

    prompt: str = ""
    completion: str = ""
    system: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        is_pair = bool(self.prompt and self.completion) and self.prompt != self.completion
        is_text = bool(self.text) and not (self.prompt or self.completion or self.system)
        if not is_text and not (is_pair and not self.text):
            raise MappingIncomplete

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names."""
        return tuple(filter(None, (self.prompt, self.completion, self.system, self.text)))

    def shape(self) -> Shape:
        """The shape of rows that are written that way."""
        if self.text:
            return PlainText(self.text)
        return Pair(self.prompt, self.completion, system=self.system, history="")


@dataclass(frozen=True)
class Columns:
    """The columns of a file, and what they may mean; `suggested` is None if none holds text."""

    names: tuple[str, ...]
    suggested: Mapping | None


def columns_of(name: str, data: bytes) -> Columns:
    """The columns of the file called `name`, whether or not its shape is understood.

    Raises:
        DatasetError: the file as a whole cannot be read, or is empty.
    """
    rows = parse(name, data).rows
    names = column_names(rows)
    return Columns(names, _suggest(names, rows))


def column_names(rows: Sequence[RawRow]) -> tuple[str, ...]:
    """The columns of the first rows that have a name, in their order."""
    readable = islice((row for row in rows if row.error is None), _SAMPLE_ROWS)
    return tuple(dict.fromkeys(name for row in readable for name in row.fields if name))


def _suggest(names: Sequence[str], rows: Sequence[RawRow]) -> Mapping | None:
    """By their names, else the two with the longest texts, in their order."""
    lengths = {name: _characters(name, rows) for name in names}
    texts = [n for n in names if lengths[n] and n.strip().casefold() not in BOOKKEEPING]
    longest = sorted(texts, key=lambda name: -lengths[name])
    prompt, completion = _named(texts, QUESTIONS), _named(texts, ANSWERS)
    text = _named(texts, _TEXTS) or (texts[0] if len(texts) == 1 else "")
    if not prompt and not completion and (text or not texts):
        return Mapping(text=text) if text else None
    if not prompt and not completion:
        prompt, completion = sorted(longest[:2], key=texts.index)
    others = [name for name in longest if name not in (prompt, completion)]
    if not (prompt and completion) and not others:
        return Mapping(text=prompt or completion)
    system = _named(others, ("system", "系统"))
    return Mapping(prompt or others[0], completion or others[0], system)


def _named(columns: Sequence[str], names: Sequence[str]) -> str:
    """The column that is called like the first of `names` that there is, "" without one."""
    by_name = {column.strip().casefold(): column for column in columns}
    return next((by_name[name] for name in names if name in by_name), "")


def _characters(column: str, rows: Sequence[RawRow]) -> int:
    """How much text the first rows have in `column`."""
    values = (row.fields.get(column) for row in islice(rows, _SAMPLE_ROWS))
    return sum(len(value.strip()) for value in values if isinstance(value, str))
