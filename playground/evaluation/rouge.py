"""ROUGE-L (Lin, 2004): how much of the right answer comes in its order, with gaps allowed."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOKEN = re.compile(r"[\u3400-\u9fff]|[a-z0-9]+")  # outside Chinese, as the package rouge-score


def tokens(text: str) -> list[str]:
    """Words and numbers in lower case; a Han character is a token by itself."""
    return _TOKEN.findall(text.lower())


def rouge_l(answer: str, right: str) -> float:
    """F-measure of the longest common subsequence of tokens; 0 to 1."""
    said, wanted = tokens(answer), tokens(right)
    common = _longest_common(said, wanted)
    return 2 * common / (len(said) + len(wanted)) if common else 0.0


def _longest_common(first: Sequence[str], second: Sequence[str]) -> int:
    """Length of the longest common subsequence, a row of the table at a time."""
    row = [0] * (len(second) + 1)
    for a in first:
        diagonal = 0
        for j, b in enumerate(second, start=1):
            above = row[j]
            row[j] = diagonal + 1 if a == b else max(above, row[j - 1])
            diagonal = above
    return row[-1]
