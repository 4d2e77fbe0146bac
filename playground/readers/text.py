"""Everything that is readable as it stands: plain text, Markdown, tables as CSV, source code."""

from __future__ import annotations

import re

from playground.decoding import decode
from playground.errors import NoText
from playground.readers.titles import suffix_of
from playground.types import Document

_MARKDOWN = (".md", ".markdown")
_CSV = (".csv", ".tsv")
SOURCE_SUFFIXES = (
    *(".py", ".js", ".ts", ".jsx", ".tsx", ".java", ".kt", ".c", ".h", ".cpp", ".hpp", ".cs"),
    *(".go", ".rs", ".rb", ".php", ".swift", ".scala", ".lua", ".r", ".jl", ".sh", ".ps1"),
    *(".sql", ".css", ".xml", ".yaml", ".yml", ".toml", ".ini", ".tex", ".rst", ".log"),
)
TEXT_SUFFIXES = (".txt", *_MARKDOWN, *_CSV, ".json", ".jsonl")
_BEFORE_HEADER = re.compile(r"(?:[ \t]*+\n|sep=.\n)*+")  # "sep=;" is a hint for Excel


def read_text(title: str, data: bytes) -> Document | None:
    """The decoded text, with the format that the title's ending names; None if it is no text.

    Raises:
        NoText: there is nothing to read in it.
    """
    text = decode(data)
    if text is None:
        return None
    if not text.strip():
        raise NoText(title=title)
    suffix = suffix_of(title)
    if suffix in _CSV:
        header = _BEFORE_HEADER.match(text)
        return Document(title, text[header.end() if header else 0 :], format="csv")
    return Document(title, text, format="markdown" if suffix in _MARKDOWN else "plain")
