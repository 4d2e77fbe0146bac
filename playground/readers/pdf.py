"""PDF files, page by page, with pypdf."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import pairwise

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError

from playground.decoding import clean
from playground.errors import DamagedFile, EncryptedFile, ScannedPdf
from playground.types import Document

_CJK = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef"
_INSIDE_CJK = re.compile(rf"(?<=[{_CJK}])\s*\n\s*(?=[{_CJK}])")
_PAGE_BREAK = "\n\n"


def is_pdf(data: bytes) -> bool:
    """True if `data` begins with the PDF mark."""
    return data[:1024].lstrip(b"\xef\xbb\xbf\0 \t\r\n").startswith(b"%PDF-")


def read_pdf(title: str, data: bytes) -> Document:
    """The text of all pages, with the offset at which each begins.

    Raises:
        EncryptedFile: a password is needed. ScannedPdf: no page holds text. DamagedFile: it
        cannot be parsed.
    """
    try:
        pages = _pages(data)
    except Exception as error:  # pypdf lets KeyError, TypeError and more out of broken files
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise DamagedFile(title=title, reason=reason) from error
    if pages is None:
        raise EncryptedFile(title=title)
    if not any(page.strip() for page in pages):
        raise ScannedPdf(title=title, pages=len(pages))
    starts, offset = [], 0
    for page in pages:
        starts.append(offset)
        offset += len(page) + len(_PAGE_BREAK)
    return Document(title, _PAGE_BREAK.join(pages), tuple(starts))


def _pages(data: bytes) -> list[str] | None:
    """The text of each page, None if a password is needed."""
    reader = PdfReader(BytesIO(data))
    try:
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            return None
        return [_join_wrapped(clean(page.extract_text())) for page in reader.pages]
    except DependencyError:  # a cipher that only the `cryptography` package knows
        return None


def _join_wrapped(page: str) -> str:
    """`page` with Chinese lines joined where only the page's width broke them.

    A line that is shorter than the others ends its paragraph, so its break stays.
    """
    lines = page.split("\n")
    full = 0.8 * max(len(line) for line in lines)
    joined = lines[0]
    for before, line in pairwise(lines):
        joined += "\n" + line
        if len(before) >= full:
            at = len(joined) - len(line) - 2
            joined = joined[:at] + _INSIDE_CJK.sub("", joined[at:], count=1)
    return joined
