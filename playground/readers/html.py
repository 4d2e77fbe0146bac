"""Web pages: the text of an HTML file, without its scripts, styles and navigation."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from playground.decoding import clean, decode
from playground.readers.tables import markdown_rows
from playground.types import Document

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_AS_BROWSERS_DO = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252"}
_SPACE = re.compile(r"\s+")  # line breaks of the source are spaces to a browser
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_DROPPED = ("script", "style", "nav", "noscript", "template", "svg", "iframe", "title")
_CELLS = ("td", "th")
_BLOCKS = (
    *("address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "header", "hr", "main", "ol", "p", "section"),
    *("table", "td", "th", "tr", "ul"),
)


def read_html(title: str, data: bytes) -> Document:
    """Headings as Markdown, tables as rows, the page's own title first."""
    return Document(title, text_of_page(decode_page(data)), format="markdown")


def decode_page(data: bytes) -> str:
    """The text in the encoding that the page declares, if it is, else as any other file."""
    declared = _DECLARED.search(data[:2048])
    name = declared[1].decode().lower() if declared else "utf-8"
    if name not in ("utf-8", "utf8"):
        try:
            text = data.decode(_AS_BROWSERS_DO.get(name, name), errors="replace")
        except (LookupError, UnicodeError):  # no such encoding, or a strange one like idna
            text = "\ufffd"
        if text.count("\ufffd") * 100 <= len(text):
            return clean(text)
    return decode(data) or ""


def text_of_page(markup: str, *, with_title: bool = True) -> str:
    """What a reader of the page sees, as Markdown."""
    # behind a tag, Beautiful Soup does not warn that XML, or a lone name, may not be HTML
    soup = BeautifulSoup(f"<html>{markup}", "html.parser")
    page_title = " ".join(soup.title.get_text().split()) if soup.title and with_title else ""
    heading = soup.find("h1")
    text = _without_gaps(_render(soup))
    if page_title and not (heading and _inline(heading) == page_title):
        text = f"# {page_title}\n\n{text}"
    return text.strip()


def _without_gaps(text: str) -> str:
    """No spaces at the ends of lines, one empty line in a row, none behind a list's dash."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.split("\n")):
        if line and ("-" in lines[-1:] or lines[-2:] == ["-", ""]):  # a paragraph in an item
            del lines[-2 if not lines[-1] else -1 :]
            lines.append(f"- {line.lstrip()}")
        elif line or lines[-1:] != [""]:
            lines.append(line)
    return "\n".join(lines).strip()


def _render(root: Tag, skipped: tuple[str, ...] = ()) -> str:
    """What is inside `root`, block by block, without the tags called as in `skipped`.

    With a stack of its own, as pages may nest deeper than Python calls.
    """
    parts: list[str] = []
    waiting: list[PageElement | str] = list(reversed(root.contents))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tag):
            if node.name not in _DROPPED and node.name not in skipped:
                waiting.extend(reversed(_unfold(node)))
        elif type(node) is NavigableString:  # comments are of another type
            parts.append(_SPACE.sub(" ", node))
        elif type(node) is str:
            parts.append(node)
    return "".join(parts)


def _unfold(tag: Tag) -> list[PageElement | str]:
    """What stands for `tag`: finished texts, and elements that are still to be rendered."""
    if tag.name == "br":
        return ["\n"]
    if tag.name in _HEADINGS:
        return [f"\n\n{'#' * int(tag.name[1])} {_inline(tag)}\n\n"]
    if tag.name == "pre":
        return [f"\n\n{tag.get_text()}\n\n"]
    if tag.name == "table" and not tag.find("table"):  # tables around tables are for layout
        return [f"\n\n{_table(tag)}\n\n"]
    if tag.name == "li":
        return ["\n- ", *tag.contents]
    if tag.name in _BLOCKS:
        return ["\n\n", *tag.contents, "\n\n"]
    return [*tag.contents]


def _table(table: Tag) -> str:
    """Rows and cells in the order of their start tags: end tags may be left out in HTML."""
    rows: list[list[str]] = [[]]
    for tag in table.find_all(["tr", *_CELLS]):
        if tag.name == "tr":
            rows.append([])
        else:
            rows[-1].append(_inline(tag, skipped=("tr", *_CELLS)))
    return markdown_rows(rows)


def _inline(tag: Tag, skipped: tuple[str, ...] = ()) -> str:
    return " ".join(_render(tag, skipped).split())
