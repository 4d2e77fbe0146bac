"""Scores of one answer against accepted ones, after the normalisation of SQuAD.

SQuAD (Rajpurkar et al., 2016) lowers the case and drops punctuation and English articles. Chinese
has no spaces between words, so there all of them go, and full-width forms become plain ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from playground.language import language_of
from playground.modes.prompts import NOT_FOUND

_ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalised(text: str) -> str:
    """`text` as it is compared: words between single spaces; in Chinese, characters alone."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(c for c in plain if not unicodedata.category(c).startswith(("P", "S")))
    space = "" if language_of(text) == "zh" else " "
    return space.join(_ARTICLES.sub(" ", plain).split())


def exact_match(answer: str, accepted: Sequence[str]) -> bool:
    """Whether `answer` is one of the accepted ones."""
    return any(normalised(answer) == normalised(right) for right in accepted)


def contains(answer: str, accepted: Sequence[str]) -> bool:
    """Whether one of the accepted ones stands in `answer`; English ones and numbers as a whole."""
    return any(_holds(answer, right) for right in accepted)


def _holds(answer: str, right: str) -> bool:
    if language_of(answer + right) == "zh":
        inner = re.escape("".join(normalised(right).split()))
        before = r"(?<!\d)" if inner[:1].isdigit() else ""
        after = r"(?!\d)" if inner[-1:].isdigit() else ""
        return bool(re.search(before + inner + after, "".join(normalised(answer).split())))
    return f" {normalised(right)} " in f" {normalised(answer)} "


def is_refusal(answer: str) -> bool:
    """Whether `answer` says that the sources do not hold it, in the words it was asked to use."""
    return any(normalised(answer).startswith(normalised(words)) for words in NOT_FOUND.values())
