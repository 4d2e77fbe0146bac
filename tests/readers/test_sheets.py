"""Spreadsheets: each sheet a table, with values as people read them."""

import datetime
import io

import xlsxwriter

from playground.readers import read

ODS = """<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="价格"><table:table-row>
<table:table-cell office:value-type="string"><text:p>茶</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="3"><text:p>3</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def test_sheets_are_headings_with_tables(make_xlsx):
    data = make_xlsx(
        {"Prices": [["Item", "Price"], ["Tea | green", 3.5]], "空": [], "城市": [["厦门"]]}
    )
    document = read("a.xlsx", data)
    assert document.text == (
        "## Prices\n\n| Item | Price |\n| --- | --- |\n| Tea \\| green | 3.5 |\n\n"
        "## 城市\n\n| 厦门 |\n| --- |"
    )
    assert document.format == "markdown"


def test_values_are_shown_as_people_read_them(make_xlsx):
    day = datetime.date(2026, 5, 1)
    moment = datetime.datetime(2026, 5, 1, 9, 30)
    row = [3.0, 0.1 + 0.2, True, day, 12345678901, "=1+1", "a\nb"]
    text = read("a.xlsx", make_xlsx({"s": [["x"] * 7, row]})).text
    assert text.endswith("| 3 | 0.3 | TRUE | 2026-05-01 | 12345678901 | 0 | a b |")
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("s")
        sheet.write_datetime(0, 0, moment, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    assert "| 2026-05-01 09:30:00 |" in read("a.xlsx", file.getvalue()).text


def test_merged_cells_are_told_once_and_hidden_sheets_not():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("s")
        sheet.merge_range(1, 1, 1, 3, "Wide")
        sheet.write_row(4, 1, ["a", "b", "c"])
        hidden = book.add_worksheet("h")
        hidden.write(0, 0, "secret")
        hidden.hide()
    text = read("a.xlsx", file.getvalue()).text
    assert text == "## s\n\n| Wide |  |  |\n| --- | --- | --- |\n| a | b | c |"


def test_open_document_sheets_are_read(make_zip):
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    parts = {"content.xml": ODS.replace(">\n<", "><").encode(), "META-INF/manifest.xml": manifest}
    data = make_zip({"mimetype": mimetype, **parts}, stored=("mimetype",))
    assert read("a.ods", data).text == "## 价格\n\n| 茶 | 3 |\n| --- | --- |"
