"""How often answers were right, by where in what was read the answer stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playground.charts import Dot, over_places
from playground.evaluation import PLACES, Marked, Place, Share, by_place
from playground.modes import EXAM_MODES
from playground.reports.blocks import Block, Chart, Note, Section, Table
from playground.reports.figures import dot_of
from playground.reports.numbers import share
from playground.reports.words import mode_name, word
from playground.types import Language

_READ = PLACES[:3]  # in their order


def positions(answers: Sequence[Marked], language: Language) -> list[Section]:
    """A section, if there are modes that looked for the answer in something."""
    found = {
        mode: shares
        for mode, shares in by_place(answers).items()
        if not EXAM_MODES[mode].needs_gold and set(shares) & set(_READ)
    }
    if not found:
        return []
    heads = (
        word("measure.mode", language),
        *(word(f"place.{place}", language) for place in PLACES),
    )
    rows = [
        (mode_name(mode, language), *(share(shares.get(place)) for place in PLACES))
        for mode, shares in found.items()
    ]
    blocks: list[Block] = [_chart(found, language), Table(heads, rows)]
    blocks.append(Note(word("note.positions", language)))
    return [Section("positions", word("section.positions", language), blocks)]


def _chart(found: Mapping[str, Mapping[Place, Share]], language: Language) -> Chart:
    title, colon = word("section.positions", language), word("colon", language)
    names = [word(f"place.{place}", language) for place in _READ]
    series = [_dots(mode, shares, language) for mode, shares in found.items()]
    drawn = over_places(title, series, names=names, x_label=word("place.x", language))
    told = word("semicolon", language).join(
        f"{dots[0].name} "
        + word("comma", language).join(f"{names[int(dot.x)]} {dot.value}" for dot in dots)
        for dots in series
    )
    return Chart(drawn, title + colon + told)


def _dots(mode: str, shares: Mapping[Place, Share], language: Language) -> list[Dot]:
    return [
        dot_of(mode, f"{of.count}/{of.total}", place, of.value, *of.interval, language)
        for place, name in enumerate(_READ)
        if (of := shares.get(name))
    ]
