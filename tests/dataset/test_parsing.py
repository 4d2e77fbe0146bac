"""Containers of rows: what each is, is told by its content, and the rows are the same in all."""

from __future__ import annotations

import datetime
import io
import zipfile

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from playground.dataset import Row, load
from playground.dataset.parsing import parse
from playground.errors import (
    BrokenJson,
    BrokenXml,
    DatasetError,
    NotText,
    TableUnreadable,
    UnknownShape,
    XmlWithDoctype,
)

NAMES = ["rows.xlsx", "rows.txt", "数据"]
QUESTION, ANSWER = "退款要几天？", "七个工作日"


def contents(dataset):
    return [tuple(m.content for m in row.messages) for row in dataset.rows]


def texts(dataset):
    return [(row.number, row.text) for row in dataset.rows]


def workbook(sheets, hidden=()):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
    return file.getvalue()


def parquet_of(rows):
    file = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), file)
    return file.getvalue()


ODS = f"""<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="a"><table:table-row>
<table:table-cell office:value-type="string"><text:p>question</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>answer</text:p></table:table-cell>
</table:table-row><table:table-row>
<table:table-cell office:value-type="string"><text:p>{QUESTION}</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


# ------------------------------------------------------------ spreadsheets


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_is_a_table_with_its_header_first(name):
    data = workbook({"问答": [["", "question", "answer"], [0, QUESTION, ANSWER], [1, "q", "a"]]})
    dataset = load(name, data)
    assert contents(dataset) == [(QUESTION, ANSWER), ("q", "a")]
    assert dataset.reason.en == "it is sheet '问答' with the columns question, answer"


def test_values_of_a_sheet_are_the_text_that_people_read():
    day = datetime.date(2026, 5, 1)
    data = workbook({"s": [["question", "answer"], ["a", 5], ["b", 0.1 + 0.2], ["c", True]]})
    assert [answer for _, answer in contents(load("r", data))] == ["5", "0.3", "TRUE"]
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["question", "answer"])
        sheet.write(1, 0, "When?")
        sheet.write_datetime(1, 1, day, book.add_format({"num_format": "yyyy-mm-dd"}))
    assert contents(load("r", file.getvalue())) == [("When?", "2026-05-01")]


def test_rows_of_a_sheet_are_numbered_as_the_sheet_numbers_them():
    data = workbook({"s": [[], ["question", "answer"], [], ["q", "a"], ["q", ""]]})
    dataset = load("r", data)
    assert [row.number for row in dataset.rows] == [4]
    assert [problem.row for problem in dataset.problems] == [5]


def test_other_sheets_are_named_and_the_one_that_is_understood_is_read():
    sheets = {
        "Notes": [["About this file"], ["It is old"]],
        "Rows": [["question", "answer"], ["q", "a"]],
        "More": [["question", "answer"], ["x", "y"]],
        "Secret": [["question", "answer"], ["s", "t"]],
        "Empty": [],
    }
    dataset = load("r.xlsx", workbook(sheets, hidden=["Secret"]))
    assert contents(dataset) == [("q", "a")]
    for language in ("en", "zh"):
        reason = dataset.reason.text(language)
        assert "'Rows'" in reason
        assert "Notes, More" in reason
        assert "Secret" not in reason


def test_open_document_sheets_are_read():
    file = io.BytesIO()
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.replace(">\n<", "><"))
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}"/>')
    assert contents(load("r.ods", file.getvalue())) == [(QUESTION, "7")]


def test_a_sheet_that_states_billions_of_cells_costs_its_file_alone():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "question")
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(TableUnreadable, match="of memory"):
        load("bomb.xlsx", file.getvalue())


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook({"s": [["question"]]}))) as book,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in book.namelist():
            padding = b" " * 20_000_000 if name.endswith("sheet1.xml") else b""
            bomb.writestr(name, book.read(name) + padding)
    with pytest.raises(TableUnreadable, match="times its size") as raised:
        load("bomb.xlsx", file.getvalue())
    assert "解压后" in raised.value.text("zh")


# ------------------------------------------------------------ Parquet


@pytest.mark.parametrize("name", NAMES)
def test_parquet_is_read_with_its_nested_lists(name):
    turns = [{"from": "human", "value": QUESTION}, {"from": "gpt", "value": ANSWER}]
    dataset = load(name, parquet_of([{"conversations": turns}] * 3))
    assert contents(dataset) == [(QUESTION, ANSWER)] * 3
    assert [row.number for row in dataset.rows] == [1, 2, 3]
    assert "Parquet" in dataset.reason.en


def test_values_of_parquet_count_as_their_text():
    rows = [{"question": "How many?", "answer": 5, "__index_level_0__": 0}]
    assert contents(load("r", parquet_of(rows))) == [("How many?", "5")]
    rows = [{"question": b"\xe5\xb9\xb4", "answer": datetime.date(2026, 5, 1)}]
    assert contents(load("r", parquet_of(rows))) == [("年", "2026-05-01")]


def test_rows_without_an_answer_are_refused_by_their_number():
    rows = [{"question": "q", "answer": "a"}, {"question": "q", "answer": None}]
    (problem,) = load("r", parquet_of(rows)).problems
    assert problem.row == 2


@pytest.mark.parametrize("cut", [8, 200])
def test_damaged_parquet_says_so(cut):
    data = parquet_of([{"question": "q", "answer": "a"}])[:-cut]
    with pytest.raises(TableUnreadable, match="damaged"):
        load("r.parquet", data)


# ------------------------------------------------------------ XML


@pytest.mark.parametrize(
    "text",
    [
        "<rows><row><question>{q}</question><answer>{a}</answer></row></rows>",
        "<rows><row question='{q}' answer='{a}'/></rows>",
        "<rows><row id='1' question='{q}'><answer> <![CDATA[{a}]]>\n</answer></row></rows>",
        "<row><question>{q}</question><answer lang='zh'>{a}</answer></row>",
        "<d><meta/><rows><row><question>{q}</question><answer>{a}</answer></row></rows></d>",
        "<d xmlns='urn:x'><row><question>{q}</question><answer>{a}</answer></row></d>",
        "<d><row><question>{q}</question><answer>So: <i>{a}</i></answer></row></d>",
        "<row><question>{q}</question><answer>So: <i>{a}</i></answer></row>",
        "<d><row><messages><m role='user'>{q}</m><m role='assistant'>{a}</m></messages></row></d>",
        "<row><messages role='user'>{q}</messages><messages role='assistant'>{a}</messages></row>",
        "<d><conversations><t from='human'>{q}</t><t from='gpt'>{a}</t></conversations></d>",
        "<d><row><conversations><turn><from>human</from><value>{q}</value></turn>"
        "<turn><from>gpt</from><value>{a}</value></turn></conversations></row></d>",
    ],
)
def test_xml_is_read_in_the_ways_that_people_write_rows(text):
    data = text.format(q=QUESTION, a=ANSWER)
    answer = f"So: {ANSWER}" if "So:" in text else ANSWER
    assert contents(load("r.xml", data.encode())) == [(QUESTION, answer)]


def test_rows_of_xml_are_numbered_by_their_place():
    row = "<row><question>q</question><answer>{}</answer></row>"
    data = "".join(row.format(answer) for answer in ("a", "", "c"))
    dataset = load("r.xml", f"<rows>{data}</rows>".encode())
    assert [row.number for row in dataset.rows] == [1, 3]
    assert [problem.row for problem in dataset.problems] == [2]


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gbk", "GB18030", "big5", "utf-16"])
def test_xml_is_read_in_the_encoding_that_it_declares(encoding):
    words = "退款" if encoding != "big5" else "退"
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n'
        f"<rows><row><question>{words}</question><answer>是</answer></row></rows>"
    )
    assert contents(load("r.xml", text.encode(encoding))) == [(words, "是")]


def test_xml_that_declares_a_wrong_encoding_is_read_anyway():
    text = '<?xml version="1.0" encoding="gb2312"?><r><row question="退款" answer="是"/></r>'
    assert contents(load("r.xml", text.encode())) == [("退款", "是")]


@pytest.mark.parametrize("before", ["", '<?xml version="1.0"?>\n', "<!-- note -->\n"])
def test_a_doctype_is_refused_before_its_entities_are_looked_at(before):
    bomb = "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
    with pytest.raises(XmlWithDoctype, match="remove the line"):
        load("r.xml", f"{before}{bomb}<r><row>&b;</row></r>".encode())


def test_broken_xml_names_line_and_column():
    data = b"<rows>\n<row><question>q</answer></row>\n</rows>"
    with pytest.raises(BrokenXml, match="line 2, column 19: mismatched tag"):
        load("r.xml", data)
    with pytest.raises(BrokenXml, match="undefined entity"):
        load("r.xml", b"<rows><row question='&nbsp;' answer='a'/></rows>")


def test_absurdly_deep_xml_costs_its_row_alone():
    deep = "<a>" * 5000 + "</a>" * 5000
    row = "<row><question>q</question><answer>a</answer></row>"
    dataset = load("r.xml", f"<rows>{row}<row>{deep}</row></rows>".encode())
    assert len(dataset.rows) == 1
    assert [problem.row for problem in dataset.problems] == [2]


# ------------------------------------------------------------ plain text


def test_paragraphs_of_plain_text_are_rows_in_their_order():
    data = "退款需要七个工作日。\n请耐心等待。\n\n  \nSecond, and last.\n".encode()
    dataset = load("policy.txt", data)
    assert texts(dataset) == [(1, "退款需要七个工作日。\n请耐心等待。"), (5, "Second, and last.")]
    assert dataset.shape == "text"
    assert dataset.reason.en == "it is plain text, each paragraph of it a row"


def test_prose_with_commas_is_no_table():
    prose = "Hello, world.\nThis, as you see, is prose, not a table.\nIt ends here.\n"
    assert texts(load("a.txt", prose.encode())) == [(1, prose.strip())]


@pytest.mark.parametrize("suffix", ["txt", "csv", "md"])
def test_a_table_with_a_header_that_is_known_is_a_table_whatever_its_name(suffix):
    data = f"问题,回答\n{QUESTION},{ANSWER}\n".encode("gb18030")
    assert contents(load(f"a.{suffix}", data)) == [(QUESTION, ANSWER)]


@pytest.mark.parametrize(
    "table",
    ["foo,bar\n1,2\n", "foo\tbar\n", "What is it?,It is this.\nWho?,He.\nWhen, then?\nWhy?,So.\n"],
)
def test_a_table_with_unknown_columns_is_asked_about_not_learned_as_text(table):
    with pytest.raises(DatasetError) as raised:
        load("a.csv", table.encode())
    assert not isinstance(raised.value, NotText)


def test_a_table_of_text_alone_needs_no_quotes():
    dataset = load("a.csv", b'text\nOne, two\n"Three,\nfour"\n')
    assert texts(dataset) == [(2, "One, two"), (3, "Three,\nfour")]


def test_a_cell_too_many_is_told_not_dropped():
    (problem,) = load("a.csv", b"question,answer\nq,a\nWell, what?,this\n").problems
    assert problem.row == 3
    assert "3 cells where the header has 2" in problem.reason.en


def test_blank_lines_and_the_hint_for_excel_come_before_a_header():
    dataset = load("a.csv", b"sep=;\n\nquestion;answer\nq;a\n")
    assert contents(dataset) == [("q", "a")]
    assert dataset.rows[0].number == 4


def test_markdown_may_begin_like_json_or_xml():
    for start in ("[A link](https://example.org)", "<div>a</p>", "{{ template }}"):
        assert texts(load("README.md", f"{start}\n\nWords.".encode()))[1] == (3, "Words.")
    with pytest.raises(BrokenJson):
        load("rows.txt", b"[A link](https://example.org)")


def test_a_column_alone_that_is_half_of_a_pair_is_no_text():
    with pytest.raises(UnknownShape, match=r"\(question\)"):
        load("rows.csv", b"question\nWhat?\nWho?\n")


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n1 0 obj\n", b"PK\x03\x04", b"{\\rtf1 words}", bytes(range(256)) * 8],
    ids=["pdf", "zip", "rtf", "bytes"],
)
def test_what_holds_no_rows_is_refused_with_the_formats_that_do(data):
    with pytest.raises(NotText, match=r"XML, Parquet or XLSX"):
        load("rows.csv", data)


def test_json_lines_are_numbered_by_their_line_after_blank_ones():
    rows = parse("r", b'\n\n{"text": "a"}\n\n{"text": "b"}').rows
    assert [row.number for row in rows] == [3, 5]


def test_a_raw_text_row_is_its_text_and_no_messages():
    assert load("r.jsonl", b'{"text": "words"}').rows == (Row(1, messages=(), text="words"),)
