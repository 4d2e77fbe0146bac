"""Bytes to text: which encoding a file is in, for the ones that English and Chinese files use."""

from __future__ import annotations

import codecs
import re

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
_UNUSED = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\ud800-\udfff]")
_NEWLINES = re.compile(r"\r\n?|[\f\u2028\u2029]")


def decode(data: bytes) -> str | None:
    """The text of `data` with "\\n" line ends, None if it is not text in a known encoding.

    Single wrong bytes become U+FFFD, so that one of them does not cost the whole file.
    """
    encoding = _encoding_of(data)
    if encoding is None:
        return None
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    unused = len(_UNUSED.findall(text))
    return None if unused > len(text) // 100 else clean(text)


def clean(text: str) -> str:
    """`text` with "\\n" line ends and without characters that no text has use for."""
    return _UNUSED.sub("", _NEWLINES.sub("\n", text))


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
    return "cp1252" if _decodes(data, "cp1252") else "latin-1"


def _is_utf8(data: bytes) -> bool:
    """True for valid UTF-8, and for UTF-8 with a wrong byte among twenty characters or more."""
    if _decodes(data, "utf-8"):
        return True
    text = data.decode("utf-8", errors="replace")
    beyond_ascii = sum(c > "\x7f" for c in text)
    return text.count("\ufffd") * 20 <= beyond_ascii


def _utf16_without_mark(data: bytes) -> str | None:
    """NUL bytes stand at odd places in little-endian text, at even ones in big-endian text."""
    at_even, at_odd = data[0::2].count(0), data[1::2].count(0)
    encoding = "utf-16-le" if at_odd >= at_even else "utf-16-be"
    return encoding if len(data) % 2 == 0 and _decodes(data, encoding) else None


def _common_share(data: bytes, encoding: str) -> float:
    """The share of the non-ASCII characters that are frequent ones if `data` is in `encoding`."""
    foreign = [c for c in data.decode(encoding, errors="replace") if c > "\x7f"]
    leads = [c.encode(encoding, errors="replace")[0] for c in foreign]
    common = sum(any(lead in leads_of for leads_of in _COMMON_LEADS[encoding]) for lead in leads)
    return common / len(foreign) if foreign else 0.0


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
