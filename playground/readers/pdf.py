"""PDF files, page by page, with PDFium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pypdfium2 as pdfium
from pypdfium2 import raw

from playground.decoding import clean
from playground.errors import DamagedFile, EncryptedFile, ScannedPdf
from playground.readers.limits import bounded
from playground.types import Document

_CJK = re.compile("[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")
_PAGE_BREAK = "\n\n"
_LOCKED = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)


def read_pdf(title: str, data: bytes) -> Document:
    """The text of all pages, with the offset at which each begins. A broken page is without text.

    Raises:
        EncryptedFile: a password is needed. ScannedPdf: no page holds text. DamagedFile: none can
        be read. TooMuchText: there is more than a document may hold.
    """
    try:
        file = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code in _LOCKED:
            raise EncryptedFile(title=title) from error
        raise
    with file:
        pages = list(bounded(title, _pages(file)))
    if not pages:
        raise DamagedFile(title=title, reason="it has no pages")
    if not any(page.strip() for page in pages):
        raise ScannedPdf(title=title, pages=len(pages))
    starts, offset = [], 0
    for page in pages:
        starts.append(offset)
        offset += len(page) + len(_PAGE_BREAK)
    return Document(title, _PAGE_BREAK.join(pages), tuple(starts), format="plain")


def _pages(file: pdfium.PdfDocument) -> Iterator[str]:
    for number in range(len(file)):
        try:
            page = file[number]
            words = page.get_textpage()
        except pdfium.PdfiumError:
            yield ""
            continue
        text = words.get_text_range()
        words.close()
        page.close()
        # U+FFFE is PDFium's mark for a hyphen that parts a word at the end of a line
        yield _join_wrapped(clean(text.replace("\ufffe", "")))


def _join_wrapped(page: str) -> str:
    """`page` with Chinese lines joined where only the page's width broke them.

    A line that is shorter than the others ends its paragraph, so its break stays.
    """
    if not _CJK.search(page):
        return page
    lines = [line.strip() for line in page.split("\n")]
    full = 0.8 * max(len(line) for line in lines)
    parts = lines[:1]
    for before, line in pairwise(lines):
        is_wrapped = len(before) >= full and _CJK.match(before[-1:]) and _CJK.match(line[:1])
        parts += (line,) if is_wrapped else ("\n", line)
    return "".join(parts)
