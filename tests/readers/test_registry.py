"""Any file to a document: content decides, names are harmless, errors say what to do."""

import pytest

from playground.errors import (
    ArchiveNotOneDocument,
    EncryptedFile,
    FileTooLarge,
    NoText,
    UnsupportedFormat,
)
from playground.readers import READERS, limits, read, read_all, supported_suffixes
from playground.types import Document


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
        ("x" * 300 + ".txt", "x" * 195 + "….txt"),
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
    with pytest.raises(UnsupportedFormat, match=r"\.pdf, \.docx, \.pptx"):
        read(name, bytes(range(256)) * 20)


@pytest.mark.parametrize(
    "data", [b"{\\rtf1 text}", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99)]
)
def test_formats_of_old_are_refused_rather_than_read_as_they_lie(data):
    with pytest.raises(UnsupportedFormat):
        read("old.doc", data)


def test_office_files_with_a_password_are_told():
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(EncryptedFile):
        read("a.docx", data)


def test_an_archive_is_many_documents(make_zip):
    with pytest.raises(ArchiveNotOneDocument):
        read("archive.zip", make_zip({"a.txt": b"text", "b.txt": b"text"}))


def test_every_format_is_read_by_content_alone(samples, words):
    for name, data in samples.items():
        for document in read_all("nameless", data):
            assert isinstance(document, Document), (name, document)
            assert (words in document.text) or name == "a.pdf"


@pytest.mark.parametrize(
    ("name", "format_"),
    [("a.md", "markdown"), ("a.csv", "csv"), ("a.txt", "plain"), ("a.json", "plain")],
)
def test_lines_mean_what_the_ending_says(samples, name, format_):
    assert read(name, samples[name]).format == format_


def test_size_is_bounded(monkeypatch):
    monkeypatch.setattr(limits, "MAX_BYTES", 10)
    with pytest.raises(FileTooLarge):
        read("big.txt", b"eleven byte")


def test_suffixes_name_every_reader_once():
    assert len(set(supported_suffixes())) == len(supported_suffixes())
    assert all(reader.suffixes for reader in READERS)
