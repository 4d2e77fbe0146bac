"""Bytes to text, in the encodings that English and Chinese files come in."""

import codecs

import pytest

from playground.decoding import decode

CHINESE = "退款需要七个工作日。请联系客服，谢谢！\n第二行。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32"])
def test_chinese_decodes(encoding):
    assert decode(CHINESE.encode(encoding)) == CHINESE


@pytest.mark.parametrize("text", ["退款", "中", "你好，world"])
def test_short_gb18030_decodes(text):
    assert decode(text.encode("gb18030")) == text


def test_big5_decodes():
    text = "退款需要七個工作天，請聯絡客服人員。謝謝您的耐心等候！"
    assert decode(text.encode("big5")) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark_decodes(encoding):
    assert decode("Refunds take 7 days.\n".encode(encoding)) == "Refunds take 7 days.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_stray_byte_does_not_abort(encoding):
    lines = (CHINESE + "\n") * 5
    data = lines.encode(encoding)
    cut = data.index("请".encode(encoding))
    text = decode(data[:cut] + b"\xff" + data[cut:])
    assert text is not None
    assert text.startswith("退款需要七个工作日。")
    assert text.endswith("第二行。\n")
    assert text.count("\ufffd") <= 2


def test_western_accents_decode():
    assert decode("Café, naïve, “quoted”".encode("cp1252")) == "Café, naïve, “quoted”"


def test_line_ends_become_one_kind():
    assert decode(b"a\r\nb\rc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize("data", [bytes(range(256)), b"\x7fELF\0\0\0\1" * 9, b"MZ\x90\0\3\0" * 9])
def test_binary_is_not_text(data):
    assert decode(data) is None


def test_bom_alone_is_empty():
    assert decode(codecs.BOM_UTF8) == ""
