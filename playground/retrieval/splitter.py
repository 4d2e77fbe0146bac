"""Documents to chunks: at headings, paragraphs, sentence ends and table rows, without overlap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from semantic_text_splitter import MarkdownSplitter, TextSplitter

from playground.retrieval.outline import Outline, Span, outline_of, records
from playground.types import Document

CHUNK_SIZE = 200
# Longer texts are cut into pieces before they are split: the splitter and the tokenizer take
# quadratic time where nothing tells them where to cut, as in one line of 50 MB.
PIECE_CHARACTERS = 8_000
_PIECE_ENDS = ("\n#", "\n\n", "\n", "。", "！", "？", ". ", "! ", "? ", " ")  # best first
_HEADING = re.compile(r"#{1,6}[ \t]+\S.*")

CountTokens = Callable[[str], int]


@dataclass(frozen=True)
class Chunk:
    """A passage: document.text[start:end], and the page on which it begins.

    `headings` are those it stands under, outermost first, joined by " › ". `table_head` names the
    columns of the table in whose rows it begins, if it does not hold that itself.
    """

    start: int
    end: int
    text: str
    tokens: int
    page: int | None = None
    headings: str = ""
    table_head: str = ""

    @property
    def passage(self) -> str:
        """The text as it is read: rows of a table behind what their columns are."""
        return f"{self.table_head}\n{self.text}" if self.table_head else self.text


def split(
    document: Document, *, count_tokens: CountTokens, chunk_size: int = CHUNK_SIZE
) -> tuple[Chunk, ...]:
    """The document's chunks in order, each of at most `chunk_size` tokens.

    A heading stands in the chunk of what it announces, never at the end of the one before. Rows
    of a table stay whole if they fit.
    """
    text, outline = document.text, outline_of(document)
    if document.format == "csv":
        spans = list(_rows(text, count_tokens, chunk_size))
    else:
        splitter = MarkdownSplitter if document.format == "markdown" else TextSplitter
        spans = _split_text(text, count_tokens, (chunk_size, chunk_size), splitter)
    if document.format == "markdown":
        spans = _with_headings(text, spans, count_tokens, chunk_size)
    return tuple(
        Chunk(
            start=start,
            end=end,
            text=text[start:end],
            tokens=count_tokens(text[start:end]),
            page=document.page_of(start),
            headings=outline.headings_at(_after_headings(text, start, end)),
            table_head=_table_head(text, outline, start, count_tokens, chunk_size),
        )
        for start, end in spans
    )


def _after_headings(text: str, start: int, end: int) -> int:
    """Where the first line begins that is no heading: what a passage is about is said before."""
    at = start
    while at < end:
        line_end = text.find("\n", at, end)
        line = text[at : line_end if line_end >= 0 else end].strip()
        if line and not _HEADING.fullmatch(line):
            return at
        if line_end < 0:
            break
        at = line_end + 1
    return end - 1


def _table_head(
    text: str, outline: Outline, start: int, count_tokens: CountTokens, chunk_size: int
) -> str:
    """None is repeated that would outweigh the rows."""
    table = outline.table_at(start)
    head = text[table.start : table.body].strip() if table else ""
    return head if head and count_tokens(head) <= chunk_size // 2 else ""


def _rows(text: str, count_tokens: CountTokens, chunk_size: int) -> Iterator[Span]:
    """As many rows as fit; a row that does not is cut like text."""
    start: int | None = None
    tokens = end = 0
    for row_start, row_end in records(text):
        row = text[row_start:row_end].strip()
        if not row:
            continue
        count = count_tokens(row) + 1  # for the line end
        if start is not None and tokens + count > chunk_size:
            yield start, end
            start = None
        if count > chunk_size:
            yield from _shifted(
                _split_text(row, count_tokens, (chunk_size, chunk_size), TextSplitter), row_start
            )
            continue
        if start is None:
            start, tokens = row_start, 0
        tokens += count
        end = row_start + len(text[row_start:row_end].rstrip())
    if start is not None:
        yield start, end


def _split_text(
    text: str,
    count_tokens: CountTokens,
    capacity: tuple[int, int],
    splitter: type[MarkdownSplitter] | type[TextSplitter] = MarkdownSplitter,
) -> list[Span]:
    cut = splitter.from_callback(count_tokens, capacity)
    spans: list[Span] = []
    for start, end in _pieces(text):
        found = [(at, at + len(chunk)) for at, chunk in cut.chunk_indices(text[start:end])]
        spans.extend(_shifted(found, start))
    return spans


def _shifted(spans: list[Span], offset: int) -> list[Span]:
    return [(start + offset, end + offset) for start, end in spans]


def _pieces(text: str) -> Iterator[Span]:
    """Stretches of at most PIECE_CHARACTERS, ended where it matters least."""
    start = 0
    while len(text) - start > PIECE_CHARACTERS:
        limit = start + PIECE_CHARACTERS
        middle = start + PIECE_CHARACTERS // 2
        ends = ((mark, text.rfind(mark, middle, limit)) for mark in _PIECE_ENDS)
        end = next((at + (1 if mark == "\n#" else len(mark)) for mark, at in ends if at > 0), limit)
        yield start, end
        start = end
    yield start, len(text)


def _with_headings(
    text: str, spans: list[Span], count_tokens: CountTokens, chunk_size: int
) -> list[Span]:
    """`spans` with every heading at the end of one moved to the start of the next."""
    moved: list[Span] = []
    waiting = list(reversed(spans))
    while waiting:
        start, end = waiting.pop()
        heading = _closing_headings(text, start, end)
        if heading == end or not waiting:
            moved.append((start, end))
            continue
        if heading > start:
            moved.append((start, start + len(text[start:heading].rstrip())))
        body = waiting.pop()
        joined = _join(text, heading, body, count_tokens, chunk_size)
        if joined:
            waiting.extend(reversed(joined))
        else:
            moved.append((heading, end))
            waiting.append(body)
    return moved


def _closing_headings(text: str, start: int, end: int) -> int:
    """Where the headings that close text[start:end] begin; `end` if it closes with none."""
    first = at = end
    while at > start:
        line_start = text.rfind("\n", start, at) + 1 or start
        line = text[line_start:at].strip()
        if _HEADING.fullmatch(line):
            first = line_start
        elif line:
            break
        at = line_start - 1
    return first


def _join(
    text: str, heading: int, body: Span, count_tokens: CountTokens, chunk_size: int
) -> list[Span]:
    """`body` with the heading that begins at `heading`: whole if it fits, else in even parts.

    Empty if the heading is too long to stand with a body.
    """
    start, end = body
    if count_tokens(text[heading:end]) <= chunk_size:
        return [(heading, end)]
    room = chunk_size - count_tokens(text[heading:start])
    if room < chunk_size // 2:
        return []
    half = min(room, count_tokens(text[start:end]) // 2 + 1)
    spans = _shifted(_split_text(text[start:end], count_tokens, (half, room)), start)
    return [(heading, spans[0][1]), *spans[1:]]
