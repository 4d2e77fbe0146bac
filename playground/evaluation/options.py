"""Multiple choice: which of a question's options a model finds likeliest."""

from __future__ import annotations

from collections.abc import Sequence

from playground.types import Score


def chosen(scores: Sequence[Score]) -> int:
    """The place of the option with the likeliest tokens on average, the first of equals.

    The sum favours short options. Of the built-in facts, asked with no passage, with those found
    and with the right one, the embedded model chose 76 of 104 rightly by the mean, 70 by the sum.
    """
    return max(range(len(scores)), key=lambda place: scores[place].per_token)
