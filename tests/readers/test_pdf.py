"""PDF: pages keep their places, and what cannot be read says why."""

import pytest
from fpdf import FPDF

from playground.errors import DamagedFile, EncryptedFile, ScannedPdf
from playground.readers import read
from playground.readers.pdf import _join_wrapped
from playground.settings import Settings
from playground.world import documents_dir


def test_every_page_keeps_its_number(make_pdf):
    document = read("a.pdf", make_pdf(["First page", "", "Third page"]))
    assert len(document.page_starts) == 3
    assert document.page_of(document.text.index("First")) == 1
    assert document.page_of(document.text.index("Third")) == 3


def test_scanned_pdf_points_to_ocr(make_pdf):
    with pytest.raises(ScannedPdf, match="OCR"):
        read("scan.pdf", make_pdf(["", ""]))


def test_damaged_pdf_is_an_error(make_pdf):
    for data in (b"%PDF-1.4 and no more", make_pdf(["text"])[:150]):
        with pytest.raises((DamagedFile, ScannedPdf)):
            read("cut.pdf", data)


def test_a_broken_page_costs_no_other(make_pdf):
    data = make_pdf(["First page", "Second page", "Third page"])
    data = data.replace(b"5 0 obj\n<< /Type /Page ", b"5 0 obj\n<< /Type /Nope ")
    document = read("a.pdf", data)
    assert "First page" in document.text
    assert "Third page" in document.text
    assert set(document.pages_without_text) <= {2}


@pytest.mark.parametrize(("password", "opens"), [("secret", False), ("", True)])
def test_only_a_needed_password_is_an_error(password, opens):
    file = FPDF()
    file.set_encryption("owner", password or None)
    file.add_page()
    file.set_font("Helvetica")
    file.cell(text="Hidden words")
    data = bytes(file.output())
    if opens:
        assert "Hidden words" in read("a.pdf", data).text
    else:
        with pytest.raises(EncryptedFile):
            read("a.pdf", data)


def test_words_parted_at_the_end_of_a_line_are_whole(make_pdf):
    text = read("a.pdf", make_pdf(["It is inter-\nnational"])).text
    assert text == "It is international"


def test_pages_without_text_are_named(make_pdf):
    document = read("a.pdf", make_pdf(["", "text", "", "text"]))
    assert document.pages_without_text == (1, 3)
    assert document.format == "plain"


def test_chinese_pdf_is_read():
    folder = documents_dir(Settings.from_env().world_dir, "zh")
    text = read("a.pdf", (folder / "13-safety.pdf").read_bytes()).text
    assert "三长声表示火灾，两短声表示风暴。" in text


def test_chinese_lines_broken_by_the_page_are_joined():
    page = "第一章总则\n退款需要七个工作日，请联\n系客服办理。\n第二段从这里开始，也折成\n两行。"
    assert _join_wrapped(page) == (
        "第一章总则\n退款需要七个工作日，请联系客服办理。\n第二段从这里开始，也折成两行。"
    )
