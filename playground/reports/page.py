"""A report as one HTML file that needs nothing else: no script, no font, no picture from outside.

Everything is escaped where it is written down here; charts come as HTML and escape their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from playground.reports.blocks import Asked, Block, Chart, Note, Said, Section, Table, Terms
from playground.reports.report import Report
from playground.reports.sections import glance, made, sections, title
from playground.reports.words import word
from playground.types import Language

_LANG = {"en": "en", "zh": "zh-CN"}
# Should anything slip through all the same, the browser neither runs nor fetches it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(report: Report, language: Language) -> str:
    """The whole file."""
    parts = sections(report, language)
    name = escape(title(report, language))
    body = "".join(_section(part, language) for part in parts)
    return (
        f"<!doctype html>\n<html lang='{_LANG[language]}'>\n<head>\n<meta charset='utf-8'>\n"
        f"<meta http-equiv='Content-Security-Policy' content=\"{_POLICY}\">\n"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        "<meta name='color-scheme' content='light dark'>\n"
        f"<title>{name}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
        f"<header><h1>{name}</h1>{_terms(glance(report, language))}</header>\n"
        f"{_contents(parts, language)}<main>\n{body}</main>\n"
        f"<footer>{escape(made(report, language))}</footer>\n</body>\n</html>\n"
    )


@cache
def _style() -> str:
    return files("playground.reports").joinpath("style.css").read_text(encoding="utf-8")


def _contents(parts: Sequence[Section], language: Language) -> str:
    links = "".join(f"<a href='#{part.key}'>{escape(part.title)}</a>" for part in parts)
    return f"<nav aria-label='{word('report.contents', language)}'>{links}</nav>\n"


def _section(part: Section, language: Language) -> str:
    told = "".join(_block(block, language) for block in part.blocks)
    choice = _only_disputed(part, language)
    return f"<section id='{part.key}'>\n<h2>{escape(part.title)}</h2>\n{choice}{told}</section>\n"


def _only_disputed(part: Section, language: Language) -> str:
    """A box that hides the questions that all modes agree on, where there are some of either."""
    kinds = {block.disputed for block in part.blocks if isinstance(block, Asked)}
    if len(kinds) < 2:
        return ""
    label = word("report.disagree", language)
    return f"<label class='only'><input type='checkbox' id='disputed'> {label}</label>\n"


def _block(block: Block, language: Language) -> str:
    match block:
        case Note(text=text):
            return f"<p class='note'>{escape(text)}</p>\n"
        case Terms():
            return _terms(block)
        case Table():
            return _table(block)
        case Chart(figure=figure):
            return f"{figure}\n"
        case Asked():
            return _asked(block, language)


def _terms(terms: Terms) -> str:
    pairs = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in terms.pairs
    )
    return f"<dl>{pairs}</dl>\n"


def _table(table: Table) -> str:
    heads = "".join(f"<th scope='col'>{escape(head)}</th>" for head in table.heads)
    rows = "".join(
        f"<tr><th scope='row'>{_cell(first)}</th>"
        + "".join(
            f"<td data-head='{escape(head)}'>{_cell(cell)}</td>"
            for head, cell in zip(table.heads[1:], cells, strict=True)
        )
        + "</tr>\n"
        for first, *cells in table.rows
    )
    kind = "wide" if table.wide else "scroll"
    return (
        f"<div class='{kind}'><table><thead><tr>{heads}</tr></thead>\n"
        f"<tbody>{rows}</tbody></table></div>\n"
    )


def _cell(text: str) -> str:
    first, *others = text.split("\n")
    return escape(first) + "".join(f"<small>{escape(line)}</small>" for line in others)


def _asked(asked: Asked, language: Language) -> str:
    css = "asked" if asked.disputed else "asked agreed"
    return (
        f"<article class='{css}' id='q{asked.number}'>"
        f"<h3><span>{asked.number}</span> {escape(asked.question)}</h3>"
        f"<p>{_joined(asked.notes)}</p>"
        f"<div class='answers'>{''.join(_said(said, language) for said in asked.answers)}</div>"
        "</article>\n"
    )


def _said(said: Said, language: Language) -> str:
    sign, css = {True: ("✓", "right"), False: ("✗", "wrong"), None: ("·", "open")}[said.right]
    css = "failed" if said.failed else css
    verdict = escape(said.verdict)
    told = f"{word('answer.sources', language)}{word('colon', language)}{said.sources}"
    sources = f"<small>{escape(told)}</small>" if said.sources else ""
    return (
        f"<div class='{css}'><b>{escape(said.mode)}</b>"
        f"<i role='img' aria-label='{verdict}' title='{verdict}'>{'!' if said.failed else sign}</i>"
        f"<p>{escape(said.text) or '–'}</p><small>{_joined(said.notes)}</small>{sources}</div>"
    )


def _joined(notes: Iterable[str]) -> str:
    return escape(" · ".join(notes))
