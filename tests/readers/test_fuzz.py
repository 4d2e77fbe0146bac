"""Files that nobody should have made: no crash, no hang, bounded memory, one clear message each."""

import io
import random
import time
import zipfile

import pytest

from playground.errors import DocumentError, UnpacksToTooMuch
from playground.types import Document

FORMATS = [f"a.{ending}" for ending in ("pdf", "docx", "pptx", "xlsx", "epub", "html", "zip")]
TEXTS = [f"a.{ending}" for ending in ("csv", "json", "md", "txt")]
MAIN_PARTS = {
    "a.docx": "word/document.xml",
    "a.pptx": "ppt/slides/slide1.xml",
    "a.xlsx": "xl/sharedStrings.xml",
    "a.epub": "OEBPS/text/c 0.xhtml",
}
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "{"ha" * 50}">{LAUGHS}]>'
SECRET = "a-secret-of-this-machine"


def check(process, name, data) -> None:
    found = list(process.read(name, data))
    assert found
    for item in found:
        assert isinstance(item, Document | DocumentError)
        if isinstance(item, DocumentError):
            assert len(str(item)) < 700
            assert "Traceback" not in str(item)


@pytest.mark.parametrize("name", [*FORMATS, *TEXTS])
def test_cut_files_are_documents_or_errors(samples, process, name):
    data = samples[name]
    for cut in {len(data) * step // 25 for step in range(25)} | {1, 5, len(data) - 1}:
        check(process, name, data[:cut])


@pytest.mark.parametrize("name", [*FORMATS, *TEXTS])
def test_files_with_wrong_bytes_are_documents_or_errors(samples, process, name):
    chance = random.Random(name)
    for wrong in [1] * 20 + [10] * 10 + [200] * 5:
        data = bytearray(samples[name])
        for _ in range(wrong):
            data[chance.randrange(len(data))] = chance.randrange(256)
        check(process, name, bytes(data))


@pytest.mark.parametrize("name", MAIN_PARTS)
def test_wrong_bytes_inside_the_packed_xml_are_documents_or_errors(samples, process, name):
    chance = random.Random(name)
    for _ in range(25):
        xml = bytearray(_part(samples[name], MAIN_PARTS[name]))
        for _ in range(3):
            xml[chance.randrange(len(xml))] = chance.randrange(256)
        check(process, name, _with_part(samples[name], MAIN_PARTS[name], bytes(xml)))


@pytest.mark.parametrize("name", ["noise.pdf", "noise.docx", "noise.txt", "noise.html", "noise"])
def test_noise_is_an_error_or_text(process, name):
    for mark in (b"", b"%PDF-1.7\n", b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>"):
        check(process, name, mark + random.Random(name).randbytes(20_000))


@pytest.mark.parametrize("name", [*MAIN_PARTS, "a.html"])
def test_entities_that_multiply_stay_few(samples, process, name):
    start = time.monotonic()
    (found,) = process.read(name, _with_entity(samples, name, BOMB, "&l9;"))
    assert time.monotonic() - start < 5
    assert isinstance(found, DocumentError) or len(found.text) < 10_000


@pytest.mark.parametrize("name", [*MAIN_PARTS, "a.html"])
def test_entities_read_no_other_file(samples, process, name, tmp_path):
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    uri = (tmp_path / "secret.txt").as_uri()
    outside = f'<!DOCTYPE x [<!ENTITY l9 SYSTEM "{uri}">]>'
    (found,) = process.read(name, _with_entity(samples, name, outside, "&l9;"))
    text = found.text if isinstance(found, Document) else str(found)
    assert SECRET not in text


@pytest.mark.parametrize("name", [*MAIN_PARTS])
def test_office_files_that_unpack_to_too_much_are_refused(samples, process, name):
    bomb = _with_part(samples[name], "media/zeros.bin", bytes(60_000_000))
    (error,) = process.read(name, bomb)
    assert isinstance(error, UnpacksToTooMuch)


@pytest.mark.parametrize("name", ["line.txt", "line.json", "line.md", "line.csv"])
def test_a_line_of_50_mb_is_read(process, name):
    line = b'{"text": "' + b"refunds " * 6_249_990 + b'"}'
    start = time.monotonic()
    (document,) = process.read(name, line)
    assert isinstance(document, Document)
    assert len(document.text) == len(line)
    assert time.monotonic() - start < 15


def test_50_mb_of_noise_is_refused_at_once(process):
    start = time.monotonic()
    (error,) = process.read("noise.txt", random.Random(0).randbytes(49_000_000))
    assert isinstance(error, DocumentError)
    assert time.monotonic() - start < 15


def test_a_pdf_of_10000_pages_is_read(process, make_pdf):
    data = make_pdf([f"Page {number} says that refunds take days." for number in range(10_000)])
    start = time.monotonic()
    (document,) = process.read("long.pdf", data)
    assert time.monotonic() - start < 25
    assert isinstance(document, Document)
    assert document.page_of(document.text.index("Page 9999 ")) == 10_000


def test_a_sheet_with_two_far_corners_is_an_error(process, make_xlsx):
    data = make_xlsx({"s": [["near"]]})
    sheet = _part(data, "xl/worksheets/sheet1.xml")
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    bomb = _with_part(data, "xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", far))
    (found,) = process.read("far.xlsx", bomb)
    assert isinstance(found, DocumentError)


def test_comments_in_a_row_do_not_stop_the_recognition(process):
    start = time.monotonic()
    check(process, "a.txt", b"<!---->" * 290 + b"<p>")
    check(process, "a.txt", b"<!-- " * 400)
    assert time.monotonic() - start < 5


def _part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def _with_part(data: bytes, name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.namelist():
            if entry != name:
                after.writestr(entry, before.read(entry))
        after.writestr(name, content)
    return file.getvalue()


def _with_entity(samples: dict[str, bytes], name: str, declared: str, used: str) -> bytes:
    """`samples[name]` with `used` beside a word of its text, and `declared` before its root."""
    if name not in MAIN_PARTS:
        return f"{declared}<html><p>{used} Refunds</p></html>".encode()
    xml = _part(samples[name], MAIN_PARTS[name]).decode()
    if not xml.startswith("<?xml"):
        xml = f"<?xml version='1.0'?>{xml}"
    start = xml.index("?>") + 2
    xml = xml[:start] + declared + xml[start:].replace("Refunds", f"{used} Refunds")
    assert used in xml[start + len(declared) :]
    return _with_part(samples[name], MAIN_PARTS[name], xml.encode())
