"""Any file to a document: content decides, names are harmless, errors say what to do."""

import pytest

from playground.errors import DocumentError, FileTooLarge, NoText, UnsupportedFormat
from playground.readers import READERS, read, registry, supported_suffixes


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../x.txt", "x.txt"),
        ("..\\x.txt", "x.txt"),
        ("/etc/x", "x"),
        ("C:\\docs\\知识.txt", "知识.txt"),
        ("a\0b\n\u202etxt.txt", "abtxt.txt"),
        ("/", "untitled"),
        ("..", "untitled"),
        ("", "untitled"),
        ("x" * 300 + ".txt", "x" * 200),
    ],
)
def test_name_is_only_a_title(name, title):
    assert read(name, b"some text").title == title


def test_content_decides_over_the_name(make_pdf, make_docx):
    assert read("report.txt", make_pdf(["Hello page"])).text.strip() == "Hello page"
    assert read("report.pdf", make_docx([("Normal", "Hello word")])).text == "Hello word"
    assert read("notes.bin", "退款需要七个工作日".encode()).text == "退款需要七个工作日"
    assert read("page.txt", b"<!DOCTYPE html><p>Hello web</p>").text == "Hello web"
    assert read("notes.pdf", b"only text, after all").text == "only text, after all"


def test_text_that_mentions_html_stays_text():
    source = "# How to write a page\n\nBegin with <!doctype html>."
    assert read("guide.md", source.encode()).text == source


@pytest.mark.parametrize("data", [b"", b" \n\t ", b"\xef\xbb\xbf"])
def test_empty_file_is_refused(data):
    with pytest.raises(NoText, match=r"'empty\.txt' holds no text"):
        read("empty.txt", data)


@pytest.mark.parametrize("name", ["setup.exe", "photo.txt"])
def test_binary_is_refused_with_what_is_supported(name):
    with pytest.raises(UnsupportedFormat, match=r"\.pdf, \.docx, \.html"):
        read(name, bytes(range(256)) * 20)


def test_zip_that_is_no_word_file_is_refused(make_zip):
    with pytest.raises(DocumentError):
        read("archive.zip", make_zip({"a.txt": b"\0\1\2" * 50}))


def test_size_is_bounded(monkeypatch):
    monkeypatch.setattr(registry, "MAX_BYTES", 10)
    with pytest.raises(FileTooLarge):
        read("big.txt", b"eleven byte")


def test_suffixes_name_every_reader_once():
    assert len(set(supported_suffixes())) == len(supported_suffixes())
    assert all(reader.suffixes for reader in READERS)
