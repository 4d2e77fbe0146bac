"""A report as Markdown, as GitHub and most others read it: what is from outside is only text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from playground.reports.blocks import Asked, Block, Chart, Note, Said, Table, Terms
from playground.reports.report import Report
from playground.reports.sections import glance, made, sections, title
from playground.reports.words import word
from playground.types import Language

_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$!])")
_SIGNS = {True: "✓", False: "✗", None: "·"}


def markdown(report: Report, language: Language) -> str:
    """The whole file."""
    parts = [f"# {plain(title(report, language))}", _block(glance(report, language), language)]
    for section in sections(report, language):
        parts.append(f"## {plain(section.title)}")
        parts += [_block(block, language) for block in section.blocks]
    parts.append(plain(made(report, language)))
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """`text` as Markdown that shows it as it is, on one line."""
    lines = (_SPECIAL.sub(r"\\\1", escape(line, quote=False)) for line in text.strip().splitlines())
    return "<br>".join(lines)


def _block(block: Block, language: Language) -> str:
    match block:
        case Note(text=text):
            return plain(text)
        case Chart(told=told):
            return plain(told)
        case Terms(pairs=pairs):
            return "\n".join(f"- **{plain(name)}** {plain(value)}" for name, value in pairs)
        case Table(heads=heads, rows=rows):
            return _table(heads, rows)
        case Asked():
            return _asked(block, language)


def _asked(asked: Asked, language: Language) -> str:
    names = ("measure.mode", "answer.verdict", "answer.text", "answer.sources")
    head = [word(name, language) for name in names]
    return (
        f"### {asked.number}. {plain(asked.question)}\n\n{plain(' · '.join(asked.notes))}\n\n"
        + _table(head, map(_row, asked.answers))
    )


def _row(said: Said) -> tuple[str, str, str, str]:
    sign = "!" if said.failed else _SIGNS[said.right]
    notes = "\n".join((f"{sign} {said.verdict}", " · ".join(said.notes)))
    return said.mode, notes, said.text, said.sources


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_line(heads), _line(["---"] * len(heads), as_it_is=True)]
    return "\n".join([*lines, *map(_line, rows)])


def _line(cells: Iterable[str], *, as_it_is: bool = False) -> str:
    return "| " + " | ".join(cell if as_it_is else plain(cell) or " " for cell in cells) + " |"
