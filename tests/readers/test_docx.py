"""Word files: order, headings, tables, and archives that unpack to too much."""

import pytest

from playground.errors import DamagedFile, FileTooLarge, NoText
from playground.readers import docx as docx_reader
from playground.readers.docx import read_docx


def test_blocks_come_in_order(make_docx):
    data = make_docx(
        [
            ("Title", "手册"),
            ("Heading 2", "Prices"),
            ("Normal", "All in euro."),
            [["Item", "Price"], ["Tea | green", "3"]],
            ("List Bullet", "last"),
        ]
    )
    assert read_docx("a.docx", data).text == (
        "# 手册\n\n## Prices\n\nAll in euro.\n\n"
        "| Item | Price |\n| --- | --- |\n| Tea \\| green | 3 |\n\n- last"
    )


def test_zip_bomb_is_refused_before_parsing(make_docx, monkeypatch):
    monkeypatch.setattr(docx_reader, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(FileTooLarge):
        read_docx("bomb.docx", make_docx([("Normal", "x")]))


def test_empty_and_damaged_files_are_errors(make_docx, make_zip):
    with pytest.raises(NoText):
        read_docx("a.docx", make_docx([]))
    with pytest.raises(DamagedFile):
        read_docx("a.docx", make_zip({"word/document.xml": b"<broken"}))
    with pytest.raises(DamagedFile):
        read_docx("a.docx", make_docx([("Normal", "x")])[:500])
