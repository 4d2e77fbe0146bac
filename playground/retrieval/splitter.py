"""Documents to chunks: at headings, paragraphs and sentence ends, without overlap."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from semantic_text_splitter import MarkdownSplitter

from playground.types import Document

CHUNK_SIZE = 200
_HEADING = re.compile(r"#{1,6}[ \t]+\S.*")

Span = tuple[int, int]


@dataclass(frozen=True)
class Chunk:
    """A passage: document.text[start:end], and the page on which it begins."""

    start: int
    end: int
    text: str
    tokens: int
    page: int | None = None


def split(
    document: Document, *, count_tokens: Callable[[str], int], chunk_size: int = CHUNK_SIZE
) -> tuple[Chunk, ...]:
    """The document's chunks in order, each of at most `chunk_size` tokens.

    A heading stands in the chunk of what it announces, never at the end of the one before.
    """
    text = document.text
    spans = _split_text(text, count_tokens, (chunk_size, chunk_size))
    return tuple(
        Chunk(
            start=start,
            end=end,
            text=text[start:end],
            tokens=count_tokens(text[start:end]),
            page=document.page_of(start),
        )
        for start, end in _with_headings(text, spans, count_tokens, chunk_size)
    )


def _split_text(
    text: str, count_tokens: Callable[[str], int], capacity: tuple[int, int]
) -> list[Span]:
    splitter = MarkdownSplitter.from_callback(count_tokens, capacity)
    return [(start, start + len(chunk)) for start, chunk in splitter.chunk_indices(text)]


def _with_headings(
    text: str, spans: list[Span], count_tokens: Callable[[str], int], chunk_size: int
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
    text: str, heading: int, body: Span, count_tokens: Callable[[str], int], chunk_size: int
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
    parts = _split_text(text[start:end], count_tokens, (half, room))
    spans = [(start + a, start + b) for a, b in parts]
    return [(heading, spans[0][1]), *spans[1:]]
