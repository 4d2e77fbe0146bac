"""Word files (DOCX), opened with python-docx."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from playground.decoding import clean
from playground.readers.limits import bounded
from playground.readers.packed import open_packed
from playground.readers.tables import markdown_rows
from playground.types import Document

_HEADING = re.compile(r"(?:heading|标题)\s*([1-6])", re.IGNORECASE)
_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_RUN, _TEXT = qn("w:r"), qn("w:t")
# python-docx itself leaves out what is in these: form fields, insertions under review, and more
_CONTAINERS = [qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml")]
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_docx(title: str, data: bytes) -> Document:
    """Paragraphs, headings and tables in the order of the document, then its notes.

    Raises:
        UnpacksToTooMuch, TooMuchText: it is too large.
    """
    open_packed(title, data).close()
    blocks = bounded(title, _blocks(docx.Document(BytesIO(data))))
    text = clean("\n\n".join(block for block in blocks if block.strip()))
    return Document(title, text, format="markdown")


def _blocks(document: WordDocument) -> Iterator[str]:
    body: Any = document.element.body
    for twin in list(body.iter(_FALLBACK)):  # text boxes are there once more, for old programs
        twin.clear()
    styles = {style.style_id: style.name or "" for style in document.styles}
    for block in _nearest(body, _PARAGRAPH, _TABLE):
        yield _paragraph(block, styles) if block.tag == _PARAGRAPH else _table(block)
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")):
            yield from map(_text, parse_xml(relation.target_part.blob).iter(_PARAGRAPH))


def _nearest(parent: Any, *tags: str) -> Iterator[Any]:
    """The elements under `parent` with one of `tags`, whatever containers are around them."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag in _CONTAINERS:
            yield from _nearest(child, *tags)


def _paragraph(paragraph: Any, styles: dict[str, str]) -> str:
    text, style = _text(paragraph), styles.get(paragraph.style or "", "")
    heading = _HEADING.fullmatch(style)
    if not text:
        return ""
    if heading or style == "Title":
        level = int(heading[1]) if heading else 1
        return f"{'#' * level} {' '.join(text.split())}"
    return f"- {text}" if style.startswith("List") else text


def _text(element: Any) -> str:
    """The text inside `element`, with a new line for each further paragraph in it."""
    parts: list[str] = []
    for node in element.iter(_TEXT, _PARAGRAPH, *_SIGNS):
        if node.tag == _TEXT:
            parts.append(node.text or "")
        elif node.tag == _PARAGRAPH:
            parts.append("\n")
        elif node.getparent().tag == _RUN:  # elsewhere, w:tab is a tab stop
            parts.append(_SIGNS[node.tag])
    return "".join(parts).strip()


def _table(table: Any) -> str:
    rows = _nearest(table, _ROW)
    return markdown_rows([_text(cell) for cell in _nearest(row, _CELL)] for row in rows)
