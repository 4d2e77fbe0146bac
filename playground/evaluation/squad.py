"""Exact match and F1 as SQuAD's own script computes them (Rajpurkar et al., 2016; version 2.0)."""

from __future__ import annotations

import re
import string
from collections import Counter

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def words(text: str) -> list[str]:
    """The words that are compared: lower case, no ASCII punctuation, no English articles."""
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def exact_match(answer: str, right: str) -> bool:
    """Whether both have the same words in the same order."""
    return words(answer) == words(right)


def f1(answer: str, right: str) -> float:
    """Harmonic mean of precision and recall over the words, as bags; 0 to 1."""
    said, wanted = words(answer), words(right)
    if not said or not wanted:
        return float(said == wanted)
    common = (Counter(said) & Counter(wanted)).total()
    return 2 * common / (len(said) + len(wanted))
