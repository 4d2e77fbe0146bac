"""Web pages: the text of an HTML file, without its scripts, styles and navigation."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from playground.decoding import clean, decode
from playground.errors import DamagedFile, NoText
from playground.readers.tables import markdown_rows
from playground.types import Document

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_START = re.compile(
    rb"[\xef\xbb\xbf\s]*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")  # line breaks of the source are spaces to a browser
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_DROPPED = ("script", "style", "nav", "noscript", "template", "svg", "iframe", "title")
_CELLS = ("td", "th")
_BLOCKS = (
    *("address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "header", "hr", "main", "ol", "p", "section"),
    *("table", "td", "th", "tr", "ul"),
)


def is_html(data: bytes) -> bool:
    """True if `data` begins as an HTML document does."""
    return _START.match(data[:2048]) is not None


def read_html(title: str, data: bytes) -> Document:
    """Headings as Markdown, tables as rows, the page's own title first.

    Raises:
        NoText: there is nothing to read in it. DamagedFile: it cannot be parsed.
    """
    try:
        text = _text_of(_decode_declared(data))
    except (RecursionError, AssertionError, ValueError) as error:  # html.parser on broken markup
        raise DamagedFile(title=title, reason=str(error)[:200]) from error
    if not text:
        raise NoText(title=title)
    return Document(title, text)


def _decode_declared(data: bytes) -> str:
    """The text in the encoding that the page declares, if it is, else as any other file."""
    declared = _DECLARED.search(data[:2048])
    name = declared[1].decode().lower() if declared else "utf-8"
    try:
        return clean(data.decode("gb18030" if name in ("gb2312", "gbk") else name))
    except (LookupError, UnicodeDecodeError):
        return decode(data) or ""


def _text_of(markup: str) -> str:
    soup = BeautifulSoup(_XML_DECLARATION.sub("", markup), "html.parser")
    page_title = " ".join(soup.title.get_text().split()) if soup.title else ""
    heading = soup.find("h1")
    text = _render(soup)
    if page_title and not (heading and _inline(heading) == page_title):
        text = f"# {page_title}\n\n{text}"
    text = re.sub(r"[ \t]*\n(?:[ \t]*\n)+", "\n\n", text)
    text = re.sub(r"^- *\n+ *", "- ", text, flags=re.MULTILINE)  # a paragraph in a list item
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip()


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
