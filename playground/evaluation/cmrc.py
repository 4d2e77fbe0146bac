"""Exact match and F1 as the script of CMRC 2018 computes them (Cui et al., 2019).

Its F1 is no bag of words: it counts the longest run of tokens that both have, unbroken. A Han
character is a token. Runs of anything else go there through nltk's `word_tokenize`; here a word or
number is a token with the points, commas, hyphens and apostrophes inside it, any other mark is one.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

# As in the script: neither the ASCII full stop and comma nor inner spaces are among them.
_DROPPED = str.maketrans("", "", "-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
_TOKEN = re.compile(r"[\u4e00-\u9fa5]|[^\W\u4e00-\u9fa5]+(?:[.,'-][^\W\u4e00-\u9fa5]+)*|[^\w\s]")


def tokens(text: str) -> list[str]:
    """Han characters one by one, words and numbers, and what marks are left."""
    return _TOKEN.findall(_plain(text))


def exact_match(answer: str, right: str) -> bool:
    """Whether both are the same but for case and the marks that are dropped."""
    return _plain(answer) == _plain(right)


def f1(answer: str, right: str) -> float:
    """Harmonic mean of the longest common run over both lengths; 0 to 1."""
    said, wanted = tokens(answer), tokens(right)
    run = SequenceMatcher(None, said, wanted, autojunk=False).find_longest_match().size
    return 2 * run / (len(said) + len(wanted)) if run else 0.0


def _plain(text: str) -> str:
    return text.lower().strip().translate(_DROPPED)
