"""What stands over a place in a document: its headings, and the head of the table it is in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from playground.types import Document

SEPARATOR = " › "
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*)")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")  # str.splitlines() also ends lines at rarer marks
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")

Span = tuple[int, int]


@dataclass(frozen=True)
class Table:
    """The rows of a table are text[body:end], what they mean is said in text[start:body]."""

    start: int
    body: int
    end: int


@dataclass(frozen=True)
class Outline:
    """`paths` are the headings in force from each of `starts` on."""

    starts: tuple[int, ...]
    paths: tuple[str, ...]
    tables: tuple[Table, ...]

    def headings_at(self, offset: int) -> str:
        """The headings over the character at `offset`, outermost first; empty if there are none."""
        index = bisect_right(self.starts, offset) - 1
        return self.paths[index] if index >= 0 else ""

    def table_at(self, offset: int) -> Table | None:
        """The table in whose rows the character at `offset` stands."""
        index = bisect_right(self.tables, offset, key=lambda table: table.body) - 1
        return self.tables[index] if index >= 0 and offset < self.tables[index].end else None


def outline_of(document: Document) -> Outline:
    """Headings and tables of Markdown, or the one table that a CSV file is."""
    text = document.text
    if document.format == "csv":
        body = next((end for _, end in records(text)), len(text))
        return Outline((), (), (Table(0, body, len(text)),))
    if document.format == "plain":
        return Outline((), (), ())
    return _markdown(text)


def records(text: str) -> Iterator[Span]:
    """The rows of a CSV file with their line ends; a cell in quotes may go over several lines."""
    start = end = 0
    quotes = 0
    for line in _LINES.findall(text):
        end += len(line)
        quotes += line.count('"')
        if quotes % 2 == 0:
            yield start, end
            start, quotes = end, 0
    if start < end:
        yield start, end


def _markdown(text: str) -> Outline:
    starts, paths, tables = [], [], []
    stack: list[tuple[int, str]] = []
    fenced = False
    before: tuple[int, str] | None = None  # the line before, for the rule under a table's head
    open_table: Table | None = None
    offset = 0
    for line in text.split("\n"):
        end = min(offset + len(line) + 1, len(text))
        if _FENCE.match(line):
            fenced = not fenced
        heading = None if fenced else _HEADING.fullmatch(line)
        if heading:
            level = len(heading[1])
            stack = [*(entry for entry in stack if entry[0] < level), (level, heading[2].strip())]
            starts.append(offset)
            paths.append(SEPARATOR.join(title for _, title in stack))
        if open_table and "|" in line:
            open_table = Table(open_table.start, open_table.body, end)
            tables[-1] = open_table
        elif not fenced and before and _is_rule(line) and "|" in before[1]:
            open_table = Table(before[0], end, end)
            tables.append(open_table)
        else:
            open_table = None
        before, offset = (offset, line), end
    return Outline(tuple(starts), tuple(paths), tuple(tables))


def _is_rule(line: str) -> bool:
    return "|" in line and "-" in line and _RULE.fullmatch(line) is not None
