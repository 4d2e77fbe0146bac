"""Multiple choice: which of a question's options a model finds likeliest."""

from __future__ import annotations

from collections.abc import Sequence

from playground.types import Score


def chosen(scores: Sequence[Score]) -> int:
    """The place of the likeliest option, the first of equals."""
    return max(range(len(scores)), key=lambda place: scores[place].per_token)
