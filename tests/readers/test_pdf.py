"""PDF: pages keep their places, and what cannot be read says why."""

import io

import pytest
from pypdf import PdfReader, PdfWriter

from playground.errors import DamagedFile, EncryptedFile, ScannedPdf
from playground.readers.pdf import _join_wrapped, read_pdf


def test_every_page_keeps_its_number(make_pdf):
    document = read_pdf("a.pdf", make_pdf(["First page", "", "Third page"]))
    assert len(document.page_starts) == 3
    assert document.page_of(document.text.index("First")) == 1
    assert document.page_of(document.text.index("Third")) == 3


def test_scanned_pdf_points_to_ocr(make_pdf):
    with pytest.raises(ScannedPdf, match="OCR"):
        read_pdf("scan.pdf", make_pdf(["", ""]))


def test_damaged_pdf_is_an_error(make_pdf):
    for data in (b"%PDF-1.4 and no more", make_pdf(["text"])[:150]):
        with pytest.raises((DamagedFile, ScannedPdf)):
            read_pdf("cut.pdf", data)


@pytest.mark.parametrize(("password", "opens"), [("secret", False), ("", True)])
def test_only_a_needed_password_is_an_error(make_pdf, password, opens):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf(["Hidden words"]))))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    if opens:
        assert "Hidden words" in read_pdf("a.pdf", file.getvalue()).text
    else:
        with pytest.raises(EncryptedFile):
            read_pdf("a.pdf", file.getvalue())


def test_chinese_lines_broken_by_the_page_are_joined():
    page = "第一章总则\n退款需要七个工作日，请联\n系客服办理。\n第二段从这里开始，也折成\n两行。"
    assert _join_wrapped(page) == (
        "第一章总则\n退款需要七个工作日，请联系客服办理。\n第二段从这里开始，也折成两行。"
    )
