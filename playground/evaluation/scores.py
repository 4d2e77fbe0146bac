"""Scores of one answer against accepted ones.

Exact match and F1 are those of SQuAD in English and of CMRC 2018 in Chinese, so that they compare
with what is published. `contains` is more lenient, and the same in both: as SQuAD's it lowers the
case and drops punctuation and English articles. Chinese has no spaces between words, so there all
of them go, and full-width forms become plain ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from playground.evaluation import cmrc, squad
from playground.language import language_of
from playground.modes.prompts import NOT_FOUND
from playground.types import Language

_SCRIPTS = {"en": squad, "zh": cmrc}
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalised(text: str) -> str:
    """`text` as it is compared: words between single spaces; in Chinese, characters alone."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(c for c in plain if not unicodedata.category(c).startswith(("P", "S")))
    space = "" if language_of(text) == "zh" else " "
    return space.join(_ARTICLES.sub(" ", plain).split())


_NOT_FOUND = tuple(map(normalised, NOT_FOUND.values()))


def exact_match(answer: str, accepted: Sequence[str], language: Language) -> bool:
    """Whether `answer` is one of the accepted ones, by SQuAD's or CMRC's script."""
    return any(_SCRIPTS[language].exact_match(answer, right) for right in accepted)


def f1(answer: str, accepted: Sequence[str], language: Language) -> float:
    """The best F1 to an accepted answer, by SQuAD's or CMRC's script; 0 to 1."""
    return max((_SCRIPTS[language].f1(answer, right) for right in accepted), default=0.0)


def contains(answer: str, accepted: Sequence[str]) -> bool:
    """Whether one of the accepted ones stands in `answer`; English ones and numbers as a whole."""
    return any(_holds(answer, right) for right in accepted)


def _holds(answer: str, right: str) -> bool:
    if not normalised(right):  # a sign or an article alone
        return bool(right) and right in answer
    if language_of(answer + right) == "zh":
        inner = re.escape("".join(normalised(right).split()))
        before = r"(?<!\d)" if inner[:1].isdigit() else ""
        after = r"(?!\d)" if inner[-1:].isdigit() else ""
        return bool(re.search(before + inner + after, "".join(normalised(answer).split())))
    return f" {normalised(right)} " in f" {normalised(answer)} "


def is_refusal(answer: str) -> bool:
    """Whether `answer` says that the sources do not hold it, in the words it was asked to use."""
    return normalised(answer).startswith(_NOT_FOUND)
