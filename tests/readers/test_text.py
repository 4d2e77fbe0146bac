"""Text as it stands: every encoding, tables with their header first, one bad byte."""

import codecs

import pytest

from playground.errors import NoText
from playground.readers import read

ENGLISH = "Refunds take seven days.\nAsk the “desk”.\n"
CHINESE = "第一条 退款需要七个工作日。\n请联系客服，谢谢！\n"
TRADITIONAL = "第一條 退款需要七個工作天。\n請聯絡客服，謝謝！\n"


@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
)
def test_every_encoding_is_read(encoding, text):
    assert read("a.txt", text.encode(encoding)).text == text


def test_marked_big_endian_is_read():
    assert read("a.txt", codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be")).text == CHINESE


def test_big5_and_latin_1_are_read():
    assert read("a.txt", TRADITIONAL.encode("big5")).text == TRADITIONAL
    for text in ("Ask the café.", "Größe: 20 °C, Ärger über Öl", "¿Qué? Señor Ñandú"):
        assert read("a.txt", text.encode("latin-1")).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "gb18030", "big5"])
def test_one_stray_byte_costs_no_more_than_its_place(encoding):
    lines = (TRADITIONAL if encoding == "big5" else CHINESE) * 20
    data = lines.encode(encoding)
    assert read("a.txt", data + b"\xff").text.startswith(lines[:-2])


def test_table_begins_with_its_header():
    document = read("a.csv", "\n \t\nsep=;\nname;days\n退款;7\n".encode())
    assert document.text == "name;days\n退款;7\n"
    assert document.format == "csv"
    assert read("a.tsv", b"\tdays\nrefund\t7").text == "\tdays\nrefund\t7"


@pytest.mark.parametrize("name", ["a.jsonl", "a.py", "a.rs", "Makefile", "a.unknown"])
def test_source_code_and_any_other_text_stays_as_it_is(name):
    source = "def f():\n\treturn '退款'  # x\n"
    document = read(name, source.encode())
    assert (document.text, document.format) == (source, "plain")


def test_blank_text_is_refused():
    with pytest.raises(NoText):
        read("a.csv", b"\xef\xbb\xbf \n")
