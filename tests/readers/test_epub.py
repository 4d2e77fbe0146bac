"""Books: chapters in reading order, under the book's title."""

import io
import zipfile

import pytest

from playground.errors import DamagedFile, EncryptedFile
from playground.readers import read

CHAPTERS = [
    "<html><head><title>Halden</title></head><body><h1>One</h1><p>The dome.</p></body></html>",
    "<html><body><h1>第二章</h1><p>退款需要七个工作日。</p></body></html>",
]


def test_chapters_come_in_reading_order(make_epub):
    document = read("a.epub", make_epub("Halden", CHAPTERS))
    assert document.text == ("# Halden\n\n# One\n\nThe dome.\n\n# 第二章\n\n退款需要七个工作日。")
    assert document.format == "markdown"


def test_a_copy_protected_book_is_told(make_epub):
    file = io.BytesIO(make_epub("Halden", CHAPTERS))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(
            "META-INF/encryption.xml",
            '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
            '<e:CipherReference URI="OEBPS/text/c%200.xhtml"/></e:EncryptedData></encryption>',
        )
    with pytest.raises(EncryptedFile):
        read("a.epub", file.getvalue())


def test_a_missing_chapter_is_an_error(make_epub, make_zip):
    with zipfile.ZipFile(io.BytesIO(make_epub("Halden", CHAPTERS))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if "c 1" not in name}
    with pytest.raises(DamagedFile, match="c 1"):
        read("a.epub", make_zip(parts))
