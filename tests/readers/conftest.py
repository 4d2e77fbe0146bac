"""Small files of each format, made in the test."""

import io
import zipfile
from collections.abc import Iterator

import docx
import pptx
import pytest
import xlsxwriter

from playground.readers import ReadingProcess


def _pdf(pages: list[str]) -> bytes:
    """A PDF by hand: fast for thousands of pages. Lines of a page are parted by newlines."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    font = 3 + 2 * len(pages)
    kids = []
    for number, page in enumerate(pages):
        lines = " ".join(f"({line}) Tj T*" for line in page.split("\n"))
        stream = f"BT /F1 12 Tf 14 TL 72 700 Td {lines} ET" if page else ""
        kids.append(f"{3 + 2 * number} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {4 + 2 * number} 0 R"
            f" /Resources << /Font << /F1 {font} 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(pages)} >>"
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()


def _docx(blocks: list[tuple[str, str] | list[list[str]]]) -> bytes:
    """(style, text) is a paragraph, a list of rows is a table."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, tuple):
            document.add_paragraph(block[1], style=block[0])
        else:
            table = document.add_table(rows=len(block), cols=len(block[0]))
            for row, texts in zip(table.rows, block, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _zip(files: dict[str, bytes], stored: tuple[str, ...] = ()) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            method = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, data, method)
    return file.getvalue()


def _pptx(slides: list[tuple[str, str, str]]) -> bytes:
    """A slide is (title, body, notes)."""
    file, show = io.BytesIO(), pptx.Presentation()
    for title, body, notes in slides:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    show.save(file)
    return file.getvalue()


def _xlsx(sheets: dict[str, list[list[object]]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def _epub(title: str, chapters: list[str]) -> bytes:
    numbers = range(len(chapters))
    items = "".join(f'<item id="c{n}" href="text/c%20{n}.xhtml"/>' for n in numbers)
    spine = "".join(f'<itemref idref="c{n}"/>' for n in numbers)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    pages = {f"OEBPS/text/c {n}.xhtml": chapter.encode() for n, chapter in enumerate(chapters)}
    parts = {"META-INF/container.xml": container.encode(), "OEBPS/book.opf": package.encode()}
    return _zip({**parts, **pages})


WORDS = "Refunds take seven days. 退款需要七个工作日。"


@pytest.fixture(scope="session")
def samples() -> dict[str, bytes]:
    """A small valid file of each format, by a name for it; all but the PDF hold `WORDS`."""
    chapter = f'<?xml version="1.0"?><html><body><h1>One</h1><p>{WORDS}</p></body></html>'
    return {
        "a.pdf": _pdf(["Refunds take seven days.", "A second page"]),
        "a.docx": _docx([("Heading 1", "Refunds"), ("Normal", WORDS), [["a", "b"], ["c", "d"]]]),
        "a.pptx": _pptx([("Refunds", WORDS, "Say it slowly")]),
        "a.xlsx": _xlsx({"Refunds": [["When", "What"], [1.5, WORDS]]}),
        "a.epub": _epub("Refunds", [chapter]),
        "a.html": f"<!DOCTYPE html><html><h1>Refunds</h1><p>{WORDS}</p></html>".encode(),
        "a.csv": f"day,what\n7,{WORDS}\n".encode(),
        "a.json": f'{{"what": "{WORDS}"}}'.encode(),
        "a.md": f"# Refunds\n\n{WORDS}\n".encode("utf-16"),
        "a.txt": WORDS.encode("gb18030"),
        "a.zip": _zip({"folder/退款.txt": WORDS.encode(), "b.html": f"<p>{WORDS}".encode()}),
    }


@pytest.fixture(scope="module")
def process() -> Iterator[ReadingProcess]:
    with ReadingProcess() as process:
        yield process


@pytest.fixture
def words() -> str:
    return WORDS


@pytest.fixture
def make_pptx():
    return _pptx


@pytest.fixture
def make_xlsx():
    return _xlsx


@pytest.fixture
def make_epub():
    return _epub


@pytest.fixture
def make_pdf():
    return _pdf


@pytest.fixture
def make_docx():
    return _docx


@pytest.fixture
def make_zip():
    return _zip
