"""XML to raw rows: the repeated elements under the root, with their texts and attributes."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from playground.dataset.raw_rows import RawRow
from playground.errors import BrokenXml, RowBroken, XmlWithDoctype

_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,100}?\bencoding\s*=\s*["']([\w.:-]+)["']""", re.ASCII)
# Others are of no use in files, or slow on purpose: decoding "idna" takes quadratic time.
_USUAL = re.compile(r"utf|gb|hz|big5|iso|cp|windows|latin|koi8|shift|euc|ascii|mac", re.IGNORECASE)
_BEFORE_ROOT = re.compile(  # possessive: comments in a row would else be tried in every grouping
    r"(?:\s|<\?(?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!->))*+-->)*+"
)
_WRITTEN_AS_LISTS = ("messages", "conversations", "conversation", "history")
_TEXT_KEYS = {"from": "value", "role": "content"}  # a turn's attribute → what its text is then


def declared_text(data: bytes) -> str | None:
    """The text of XML that states its encoding; None if it does not, or wrongly."""
    declared = _DECLARED.match(data[:200])
    name = declared[1].decode("ascii") if declared else ""
    if not _USUAL.match(name):
        return None
    try:
        # Programs that say gb2312 or gbk write what only their superset has a code for.
        is_chinese = codecs.lookup(name).name in ("gb2312", "gbk")
        text = data.decode("gb18030" if is_chinese else name)
    except (LookupError, UnicodeError):
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def xml_rows(file: str, text: str) -> tuple[RawRow, ...]:
    """The rows, numbered by their place.

    Raises:
        XmlWithDoctype: it may define entities. BrokenXml: it is not well-formed.
    """
    prolog = _BEFORE_ROOT.match(text)
    if text[prolog.end() if prolog else 0 :][:9].upper() == "<!DOCTYPE":
        raise XmlWithDoctype(file=file)
    try:
        root = ElementTree.fromstring(text.lstrip())  # without DOCTYPE, no entities
    except (ElementTree.ParseError, ValueError) as error:
        line, column = getattr(error, "position", (1, 0))
        line += text.count("\n", 0, len(text) - len(text.lstrip()))
        reason = str(error).partition(": line")[0]
        raise BrokenXml(file=file, line=line, column=column + 1, reason=reason) from error
    return tuple(_raw_row(i, element) for i, element in enumerate(_row_elements(root), start=1))


def _row_elements(root: Element) -> list[Element]:
    """The children of the most frequent name, further down if there is but a wrapper for them.

    Without a name that repeats, and without children that have children, the root is a row.
    """
    while not _is_row(root):
        names = Counter(child.tag for child in root)
        if not names:
            return [root] if root.attrib else []
        (name, count), *_ = names.most_common(1)
        found = root.findall(name) if count > 1 else [child for child in root if len(child)]
        if len(found) == 1 and _is_wrapper(found[0]):
            root = found[0]
        elif len(found) == 1 and len(names) > 1 and len({field.tag for field in found[0]}) == 1:
            return [root]  # a row, of which one field has something inside
        elif found:
            return found
        else:
            return [root] if len(names) > 1 else [*root]
    return [root]


def _is_row(element: Element) -> bool:
    """True for what holds a list of turns, which else would be taken for a list of rows."""
    names = Counter(child.tag for child in element)
    return any(
        _name(child.tag) in _WRITTEN_AS_LISTS and (names[child.tag] == 1 or len(child) == 0)
        for child in element
    )


def _is_wrapper(element: Element) -> bool:
    """True for <rows> around several rows, False for a row with several fields."""
    has_one_name = len({child.tag for child in element}) == 1
    has_rows = any(len(child) or child.attrib for child in element)
    return has_one_name and has_rows and not _is_row(element)


def _raw_row(number: int, element: Element) -> RawRow:
    try:
        value = _value(element)
    except RecursionError as error:
        return RawRow(number, {}, RowBroken(column=1, reason=str(error)))
    if isinstance(value, dict):
        return RawRow(number, value)
    text = {_name(element.tag): value} if value else {}
    return RawRow(number, {**_attributes(element), **text})


def _value(element: Element) -> Any:
    """Text, a list, or fields by name, of which those that repeat are lists."""
    attributes = _attributes(element)
    if _is_text(element):
        text = "".join(element.itertext()).strip()
        kind = next((key for key in _TEXT_KEYS if key in attributes), None)
        return {**attributes, _TEXT_KEYS[kind]: text} if kind else text
    if _name(element.tag) in _WRITTEN_AS_LISTS:
        return [_value(child) for child in element]
    fields: dict[str, Any] = {}
    counts = Counter(child.tag for child in element)
    for child in element:
        name = _name(child.tag)
        if counts[child.tag] > 1:
            fields.setdefault(name, []).append(_value(child))
        else:
            fields[name] = _value(child)
    return {**attributes, **fields}


def _attributes(element: Element) -> dict[str, Any]:
    return {_name(key): value for key, value in element.attrib.items()}


def _is_text(element: Element) -> bool:
    """True without elements inside, and for words with markup between them."""
    has_words = (element.text or "").strip() or any((c.tail or "").strip() for c in element)
    return len(element) == 0 or bool(has_words)


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]
