"""What to look at before a training starts: rows that repeat, contradict, leak or tell secrets."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from playground.dataset.personal import SORTS, sorts_in
from playground.dataset.reasons import Reason, listed
from playground.dataset.rows import Row

FEW_ROWS = 10
# What parts digits is no punctuation: 3.5 is not 35, and 1/2 not 12.
_AFTER_WORDS = re.compile(r"[.,:/-](?![0-9])")
Kind = Literal["tiny", "duplicate", "conflict", "leak", "personal"]


@dataclass(frozen=True)
class Finding:
    """Something to look at, and in which rows; none of it stops a training."""

    kind: Kind
    rows: tuple[int, ...]
    reason: Reason


def check_rows(rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Too few rows, the same row twice, two answers to one question, personal data."""
    return (*_tiny(rows), *_duplicates(rows), *_conflicts(rows), *_personal(rows))


def check_leaks(training: Sequence[Row], validation: Sequence[Row]) -> tuple[Finding, ...]:
    """Questions that are learned and held back too, which makes an exam too easy."""
    learned, held_back = _groups(training, _question), _groups(validation, _question)
    return tuple(
        Finding(
            "leak",
            (*learned[question], *numbers),
            Reason(
                f"rows {listed(learned[question])}, to learn, ask the same as "
                f"{listed(numbers)}, held back to test with; remove one side, or trust the "
                "test less",
                f"用于训练的第 {listed(learned[question])} 行与留作验证的第 {listed(numbers)} 行"
                "问题相同；请删除其中一方，否则验证结果会偏高",
            ),
        )
        for question, numbers in held_back.items()
        if question in learned
    )


def _tiny(rows: Sequence[Row]) -> Iterator[Finding]:
    count = len(rows)
    if count < FEW_ROWS:
        reason = Reason(
            f"there are only {count} rows; a model learns their words by heart rather than what "
            f"they have in common. Add some, {FEW_ROWS} at least",
            f"只有 {count} 行；模型会死记硬背，而不是学到规律。请至少补充到 {FEW_ROWS} 行",
        )
        yield Finding("tiny", tuple(row.number for row in rows), reason)


def _duplicates(rows: Sequence[Row]) -> Iterator[Finding]:
    for numbers in _groups(rows, lambda row: (row.messages, row.text)).values():
        if len(numbers) > 1:
            reason = Reason(
                f"rows {listed(numbers)} are the same and are learned {len(numbers)} times; "
                "keep one",
                f"第 {listed(numbers)} 行完全相同，会重复学习 {len(numbers)} 次；请只保留一行",
            )
            yield Finding("duplicate", numbers, reason)


def _conflicts(rows: Sequence[Row]) -> Iterator[Finding]:
    """Under the same system text and the same turns before: else, answers may well differ."""
    groups: dict[Hashable, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        if row.messages:
            *before, answer = [(m.role, normalised(m.content)) for m in row.messages]
            groups[tuple(before)].append((row.number, answer[1]))
    for group in groups.values():
        if len({answer for _, answer in group}) > 1:
            numbers = tuple(number for number, _ in group)
            reason = Reason(
                f"rows {listed(numbers)} give different answers to the same question; "
                "keep the right one",
                f"第 {listed(numbers)} 行对同一问题给出了不同的回答；请只保留正确的",
            )
            yield Finding("conflict", numbers, reason)


def _personal(rows: Sequence[Row]) -> Iterator[Finding]:
    """One finding a sort. What was found is not repeated, for reports are passed on."""
    found: dict[Reason, list[int]] = {sort.name: [] for sort in SORTS}
    for row in rows:
        texts = [row.text, *(message.content for message in row.messages)]
        for name in {sort.name for text in texts for sort in sorts_in(text)}:
            found[name].append(row.number)
    for name, numbers in found.items():
        if numbers:
            reason = Reason(
                f"rows {listed(numbers)} seem to hold {name.en}, which the model may tell to "
                "anyone; replace what is real",
                f"第 {listed(numbers)} 行似乎含有{name.zh}，模型可能会泄露给任何人；"
                "如果是真实信息，请替换",
            )
            yield Finding("personal", tuple(numbers), reason)


def _groups(rows: Sequence[Row], key: Callable[[Row], Hashable]) -> dict[Hashable, tuple[int, ...]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row.number)
    return {name: tuple(numbers) for name, numbers in groups.items()}


def _question(row: Row) -> Hashable:
    """All that the user says, or the plain text."""
    turns = tuple(normalised(m.content) for m in row.messages if m.role == "user")
    return turns or normalised(row.text)


def normalised(text: str) -> str:
    """`text` without what two ways to write the same differ in: case, width, spaces, punctuation.

    Signs that mean something (+, #, %) stay, and a text of punctuation alone stays as it is.
    """
    kept = _AFTER_WORDS.sub("", _ignored().sub("", text)) or text.strip()
    # Punctuation goes first, for without it most texts need not be normalised, which is slow.
    return kept.casefold() if kept.isascii() else unicodedata.normalize("NFKC", kept).casefold()


@cache
def _ignored() -> re.Pattern[str]:
    """Spaces and punctuation, full-width ones too."""
    ignored = "".join(
        re.escape(character)
        for character in map(chr, range(0x10000))
        if character not in "#%&@*.,:/-＃％＆＠＊"
        and (character.isspace() or unicodedata.category(character)[0] in "PZ")
    )
    return re.compile(f"[{ignored}]+")
