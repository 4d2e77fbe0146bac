"""Plain text and everything that is readable as it stands: Markdown, CSV, JSON, source code."""

from __future__ import annotations

from playground.decoding import decode
from playground.errors import NoText
from playground.types import Document


def read_text(title: str, data: bytes) -> Document:
    """The decoded text.

    Raises:
        NoText: there is nothing to read in it.
    """
    text = decode(data)
    if not text or not text.strip():
        raise NoText(title=title)
    return Document(title, text)
