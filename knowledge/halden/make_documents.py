"""Make this world's PDF and Word documents from the Markdown in `sources/`.

    python knowledge/halden/make_documents.py [--fonts FOLDER]

Needs fpdf2 and the Noto Sans CJK fonts (Debian: fonts-noto-cjk). The same sources, fonts and
packages give the same bytes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import groupby
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from fontTools.ttLib import TTCollection
from fpdf import FPDF

HERE = Path(__file__).resolve().parent
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
PDFS, WORD_FILES = ("13-safety",), ("14-handbook",)
MADE_ON = datetime(2025, 1, 1, tzinfo=UTC)
FONTS = Path("/usr/share/fonts/opentype/noto")
FACE = "Noto Sans CJK SC"
PDF_SIZES = {"# ": 24.0, "## ": 16.0, "": 14.0}  # points, by how a Markdown line begins


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--fonts", type=Path, default=FONTS, help="folder with NotoSansCJK-*.ttc")
    fonts = parser.parse_args().fonts
    with tempfile.TemporaryDirectory() as folder:
        faces = {style: _face(fonts, style, Path(folder)) for style in ("Regular", "Bold")}
        for language, locale in LANGUAGES.items():
            sources, documents = HERE / language / "sources", HERE / language / "documents"
            for stem in PDFS:
                lines = _lines(sources / f"{stem}.md")
                (documents / f"{stem}.pdf").write_bytes(_pdf(lines, locale, faces))
            for stem in WORD_FILES:
                lines = _lines(sources / f"{stem}.md")
                (documents / f"{stem}.docx").write_bytes(_word(lines, locale))


def _lines(source: Path) -> list[str]:
    return [line for line in source.read_text(encoding="utf-8").split("\n") if line.strip()]


def _split(line: str) -> tuple[str, str]:
    """How `line` begins, as in `PDF_SIZES`, and what follows."""
    mark = next(mark for mark in PDF_SIZES if line.startswith(mark))
    return mark, line.removeprefix(mark)


def _face(fonts: Path, style: str, folder: Path) -> Path:
    """The face that is called `FACE`, taken out of its collection: fpdf2 reads single fonts."""
    for font in TTCollection(fonts / f"NotoSansCJK-{style}.ttc", lazy=True).fonts:
        if font["name"].getDebugName(1) == FACE:
            path = folder / f"{style}.otf"
            font.save(path)
            return path
    raise LookupError(f"{FACE} is not in NotoSansCJK-{style}.ttc")


def _pdf(lines: list[str], locale: str, faces: dict[str, Path]) -> bytes:
    """A notice for the wall: each line of the source is one line of the page."""
    pdf = FPDF(orientation="landscape", format="A4", unit="mm")
    pdf.set_margin(18)
    pdf.set_creation_date(MADE_ON)
    pdf.set_lang(locale)
    pdf.set_title(_split(lines[0])[1])
    pdf.add_font("Noto", "", faces["Regular"])
    pdf.add_font("Noto", "B", faces["Bold"])
    pdf.add_page()
    for line in lines:
        mark, text = _split(line)
        size = PDF_SIZES[mark]
        pdf.set_font("Noto", "B" if mark else "", size)
        if pdf.get_string_width(text) > pdf.epw:
            raise ValueError(f"too long for one line: {text}")
        if mark == "## ":
            pdf.ln(3)
        pdf.cell(h=size * 0.5, text=text, new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def _word(lines: list[str], locale: str) -> bytes:
    document = docx.Document()
    properties = document.core_properties
    properties.author, properties.comments = "", ""
    properties.title, properties.language = _split(lines[0])[1], locale
    properties.created = properties.modified = MADE_ON.replace(tzinfo=None)
    fonts = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(theme), None)
    for script in ("w:ascii", "w:hAnsi"):
        fonts.set(qn(script), "Calibri")
    fonts.set(qn("w:eastAsia"), "Noto Sans CJK SC")
    for is_table, group in groupby(lines, key=lambda line: line.startswith("|")):
        if is_table:
            _add_table(document, list(_cells(group)))
            continue
        for line in group:
            mark, text = _split(line)
            if mark:
                document.add_heading(text, level=len(mark) - 1)
            else:
                document.add_paragraph(text)
    made = BytesIO()
    document.save(made)
    return _with_fixed_dates(made.getvalue())


def _cells(rows: Iterator[str]) -> Iterator[list[str]]:
    """The cells of Markdown table rows, without the rule under the head."""
    for row in rows:
        cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
        if any(cell.strip("-: ") for cell in cells):
            yield cells


def _add_table(document: WordDocument, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def _with_fixed_dates(archive: bytes) -> bytes:
    made = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            fixed = ZipInfo(entry.filename, MADE_ON.timetuple()[:6])
            fixed.compress_type = ZIP_DEFLATED
            new.writestr(fixed, old.read(entry))
    return made.getvalue()


if __name__ == "__main__":
    main()
