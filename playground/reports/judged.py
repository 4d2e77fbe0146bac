"""What models that were asked as judges took for right."""

from __future__ import annotations

from collections.abc import Sequence

from playground.evaluation import Judged
from playground.reports.blocks import Section, Table
from playground.reports.numbers import share
from playground.reports.words import mode_name, word
from playground.types import Language


def judged(found: Sequence[Judged], language: Language) -> list[Section]:
    """A section, if there was a judge."""
    if not found:
        return []
    heads = [word(name, language) for name in ("judged.judge", "measure.mode", "measure.right")]
    rows = [
        (one.judge, mode_name(one.mode, language), share(one.right), f"{one.unscored:,}")
        for one in found
    ]
    table = Table((*heads, word("judged.unscored", language)), rows)
    return [Section("judged", word("judged.title", language), [table])]
