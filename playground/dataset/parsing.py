"""A file's bytes to raw rows. What it is, is told by its content, for suffixes lie."""

from __future__ import annotations

from collections.abc import Collection

from playground.dataset.delimited import delimited
from playground.dataset.json_rows import is_json_lines, json_lines, json_list
from playground.dataset.paragraphs import paragraphs
from playground.dataset.raw_rows import RawRow, RawRows
from playground.dataset.reasons import Reason
from playground.dataset.tables import is_table_file, read_table
from playground.dataset.xml_rows import declared_text, xml_rows
from playground.decoding import decode
from playground.errors import BrokenJson, BrokenXml, EmptyDataset, NotText, XmlWithDoctype
from playground.readers.kinds import kind_of
from playground.readers.titles import suffix_of

_MARKDOWN = (".md", ".markdown")
_PLAIN = Reason("plain text, each paragraph of it a row", "纯文本，每个段落为一行数据")


def parse(file: str, data: bytes, *, columns: Collection[str] = ()) -> RawRows:
    """All rows of the file called `file`, good and bad. `columns` are known to be there.

    Raises:
        DatasetError: the file as a whole cannot be read, or is empty.
    """
    if is_table_file(data):
        raw = read_table(file, data)
    else:
        text = _text(data)
        if text is None:
            raise NotText(file=file)
        raw = _parse_text(file, text, columns)
    if not raw.rows:
        raise EmptyDataset(file=file)
    return raw


def _text(data: bytes) -> str | None:
    """`decode` makes U+2028 a line end, as is right for documents, but not inside JSON strings."""
    if kind_of(data) not in (None, "html"):
        return None  # bytes of a PDF or an archive may well pass for text
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return declared_text(data) or decode(data)
    return decode(data) if "\0" in text else text.replace("\r\n", "\n").replace("\r", "\n")


def _parse_text(file: str, text: str, columns: Collection[str]) -> RawRows:
    """Markdown may begin like JSON or XML; only there, what is broken is taken for prose."""
    if not text.strip():
        raise EmptyDataset(file=file)
    is_prose = suffix_of(file) in _MARKDOWN
    try:
        if structured := _structured(file, text):
            return structured
    except (BrokenJson, BrokenXml, XmlWithDoctype):
        if not is_prose:
            raise
    rows = delimited(file, text, columns=columns, is_prose=is_prose)
    if rows is not None:
        return RawRows(rows, Reason("a table", "表格"))
    return RawRows(paragraphs(text), _PLAIN, has_columns=False)


def _structured(file: str, text: str) -> RawRows | None:
    start = text.lstrip()[:2]
    if start[0] == "{" and is_json_lines(text):
        return _named(json_lines(text), "JSON lines")
    if start[0] in "{[":
        return _named(json_list(file, text), "JSON")
    if start[0] == "<" and (start[1:].isalpha() or start[1:] in ("?", "!", "_")):
        return _named(xml_rows(file, text), "XML")
    return None


def _named(rows: tuple[RawRow, ...], container: str) -> RawRows:
    return RawRows(rows, Reason(container, container))
