"""Word files: everything that is written in them, in its order."""

import io
import zipfile

import pytest

from playground.errors import DamagedFile, NoText
from playground.readers import read


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
    assert read("a.docx", data).text == (
        "# 手册\n\n## Prices\n\nAll in euro.\n\n"
        "| Item | Price |\n| --- | --- |\n| Tea \\| green | 3 |\n\n- last"
    )


def test_form_fields_insertions_and_notes_are_read(make_docx, make_zip):
    data = make_docx([("Normal", "PLACE"), ("Normal", "after")])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    place = b"<w:t>PLACE</w:t>"
    body = parts["word/document.xml"]
    field = b"<w:t>in </w:t></w:r><w:ins><w:r><w:t>a review</w:t></w:r></w:ins><w:r><w:t/>"
    assert place in body
    start, end = body.index(b"<w:p>"), body.index(b"</w:p>") + len(b"</w:p>")
    inside = body[start:end].replace(place, field)
    wrapped = b"<w:sdt><w:sdtContent>" + inside + b"</w:sdtContent></w:sdt>"
    parts["word/document.xml"] = body[:start] + wrapped + body[end:]
    assert read("a.docx", make_zip(parts)).text == "in a review\n\nafter"


def test_empty_and_damaged_files_are_errors(make_docx, make_zip):
    with pytest.raises(NoText):
        read("a.docx", make_docx([]))
    with pytest.raises(DamagedFile):
        read("a.docx", make_zip({"word/document.xml": b"<broken"}))
    with pytest.raises(DamagedFile):
        read("a.docx", make_docx([("Normal", "x")])[:500])
