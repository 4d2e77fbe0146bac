"""Bytes to text: which encoding a file is in, for the ones that English and Chinese files use."""

from __future__ import annotations

import codecs
import re
from functools import cache

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE_BYTES = 64 * 1024
_COMMON_LEADS = {  # first bytes of punctuation and of the frequent characters
    "gb18030": (range(0xA1, 0xA4), range(0xB0, 0xD8)),
    "big5": (range(0xA1, 0xA4), range(0xA4, 0xC7)),
}
_LOWEST_COMMON_TRAIL = {"gb18030": 0xA1, "big5": 0x40}  # of their second bytes
_NEWLINES = ("\r\n", "\r", "\f", "\u2028", "\u2029")
_USED_CONTROLS = "\t\n\r\f\x1b"
_UNUSED = [*(c for c in map(chr, range(0x20)) if c not in _USED_CONTROLS), "\ufffe", "\uffff"]
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def decode(data: bytes) -> str | None:
    """The text of `data` with "\\n" line ends, None if it is not text in a known encoding.

    Single wrong bytes become U+FFFD, so that one of them does not cost the whole file.
    """
    encoding = _encoding_of(data)
    if encoding is None:
        return None
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    used = _without_unused(text)
    return None if len(text) - len(used) > len(text) // 100 else _with_newlines(used)


def clean(text: str) -> str:
    """`text` with "\\n" line ends and without characters that no text has use for."""
    return _with_newlines(_SURROGATES.sub("", _without_unused(text)))


def readable(name: str) -> str:
    """`name` as it was meant, where the system's locale could not read the bytes of it.

    Python hands on such bytes as lone surrogates (PEP 383); nearly everywhere they are UTF-8.
    """
    if not _SURROGATES.search(name):
        return name
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:  # surrogates that stand for no byte
        return name


def _without_unused(text: str) -> str:
    """Character by character: looking for one that is not there is many times as fast."""
    for character in _UNUSED:
        text = text.replace(character, "")
    return text


def _with_newlines(text: str) -> str:
    for newline in _NEWLINES:
        text = text.replace(newline, "\n")
    return text


def _encoding_of(data: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    if b"\0" in data:
        return _utf16_without_mark(data)
    if _is_utf8(data):
        return "utf-8"
    shares = {name: _common_share(data[:_SAMPLE_BYTES], name) for name in _COMMON_LEADS}
    best = max(shares, key=lambda name: shares[name])  # GB18030 wins a tie: it comes first
    if shares[best] >= 0.5:
        return best
    if utf16 := _utf16_without_mark(data):
        return utf16
    return "cp1252" if _decodes(data, "cp1252") else "latin-1"


def _is_utf8(data: bytes) -> bool:
    """True for valid UTF-8, and for UTF-8 with a wrong byte among twenty characters or more."""
    if _decodes(data, "utf-8"):
        return True
    text = data.decode("utf-8", errors="replace")
    beyond_ascii = len(text) - len(text.encode("ascii", errors="ignore"))
    return text.count("\ufffd") * 20 <= beyond_ascii


def _utf16_without_mark(data: bytes) -> str | None:
    """The byte order that makes English or Chinese of `data`, None if neither does.

    NUL bytes do not tell: the "一" of Chinese texts has one where English letters have none.
    """
    sample = data[:_SAMPLE_BYTES]
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, errors="replace")
        expected = _usual_characters()
        if text and sum(c in expected for c in text) >= 0.85 * len(text):
            return encoding
    return None


@cache
def _usual_characters() -> frozenset[str]:
    """Latin, Greek and Cyrillic letters, kana, punctuation, and the frequent Chinese characters."""
    ranges = ((0x20, 0x7F), (0xA0, 0x530), (0x2010, 0x2040), (0x3000, 0x3100), (0xFF01, 0xFF66))
    usual = {chr(code) for first, end in ranges for code in range(first, end)} | set("\t\n\r")
    for encoding, first_trail in _LOWEST_COMMON_TRAIL.items():
        for lead in _COMMON_LEADS[encoding][1]:
            pairs = (bytes((lead, trail)) for trail in range(first_trail, 0xFF))
            usual.update(*(pair.decode(encoding, errors="ignore") for pair in pairs))
    return frozenset(usual)


def _common_share(data: bytes, encoding: str) -> float:
    """The share of the non-ASCII characters that are frequent ones if `data` is in `encoding`."""
    text = data.decode(encoding, errors="replace")
    foreign = [c.encode(encoding, errors="replace") for c in text if c > "\x7f"]
    pairs = [c for c in foreign if len(c) == 2 and c[1] >= _LOWEST_COMMON_TRAIL[encoding]]
    if not any(c[1] > 0xA0 for c in pairs):
        return 0.0  # one byte of each is ASCII: an accented letter and its neighbour
    common = sum(any(c[0] in leads for leads in _COMMON_LEADS[encoding]) for c in pairs)
    return common / len(foreign)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
