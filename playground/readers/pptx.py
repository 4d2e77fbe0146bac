"""Presentations (PPTX), slide by slide, with python-pptx."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pptx
from pptx.slide import Slide

from playground.decoding import clean
from playground.readers.limits import bounded
from playground.readers.packed import open_packed
from playground.readers.tables import markdown_rows
from playground.types import Document

_SLIDE_BREAK = "\n\n"


def read_pptx(title: str, data: bytes) -> Document:
    """The slides with their notes. Slides are pages, their titles headings.

    Raises:
        UnpacksToTooMuch, TooMuchText: it is too large.
    """
    open_packed(title, data).close()
    slides = map(_slide, pptx.Presentation(BytesIO(data)).slides)
    starts: list[int] = []
    texts: list[str] = []
    offset = 0
    for text in bounded(title, slides):
        starts.append(offset)
        texts.append(text)
        offset += len(text) + len(_SLIDE_BREAK)
    return Document(title, _SLIDE_BREAK.join(texts), tuple(starts), format="markdown")


def _slide(slide: Slide) -> str:
    title = slide.shapes.title
    heading = " ".join(title.text_frame.text.split()) if title is not None else ""
    blocks = [f"## {heading}" if heading else ""]
    blocks += _blocks(shape for shape in slide.shapes if shape != title)
    if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame):
        blocks.append(notes.text)
    return clean("\n\n".join(block.strip() for block in blocks if block.strip()))


def _blocks(shapes: Iterable[Any]) -> Iterator[str]:
    for shape in shapes:
        if hasattr(shape, "shapes"):  # a group
            yield from _blocks(shape.shapes)
        elif shape.has_text_frame:
            yield shape.text_frame.text
        elif getattr(shape, "has_table", False):
            rows = shape.table.rows
            yield markdown_rows(["" if c.is_spanned else c.text for c in row.cells] for row in rows)
