"""Zip archives: every file inside under a harmless name, and nothing that fills the memory."""

import io
import struct
import time
import zipfile

import pytest

from playground.errors import (
    ArchiveInArchive,
    DamagedFile,
    EncryptedFile,
    NoText,
    TooManyFiles,
    UnpacksToTooMuch,
    UnsupportedFormat,
)
from playground.readers import limits, read_all
from playground.types import Document


def test_each_file_is_a_document_or_an_error(make_zip, make_docx):
    files = {
        "folder/退款.txt": "退款".encode("gb18030"),
        "folder/": b"",
        "b.docx": make_docx([("Normal", "Hello word")]),
        "c.exe": bytes(range(256)),
        ".hidden/x.txt": b"no",
        "__MACOSX/x.txt": b"no",
        "inner.zip": make_zip({"a.txt": b"text"}),
    }
    found = list(read_all("archive.zip", make_zip(files)))
    documents = [(d.title, d.text) for d in found if isinstance(d, Document)]
    assert documents == [
        ("archive.zip/folder/退款.txt", "退款"),
        ("archive.zip/b.docx", "Hello word"),
    ]
    assert [type(error) for error in found[2:]] == [UnsupportedFormat, ArchiveInArchive]
    assert "'archive.zip/inner.zip'" in str(found[3])


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../x.txt", "x.txt"),
        ("..\\..\\x.txt", "x.txt"),
        ("/etc/x", "etc/x"),
        ("C:\\docs\\x.txt", "docs/x.txt"),
        ("a\0b\n.txt", "ab.txt"),
        ("folder/" + "x" * 300 + ".txt", "folder/" + "x" * 195 + "….txt"),
        ("/".join("f" * 300), "/".join("f" * 20)),
    ],
)
def test_names_lead_nowhere(name, title):
    data = _zip_with_name(name.encode(), flag=0x800)
    assert [d.title for d in read_all("a.zip", data)] == [f"a.zip/{title}"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "big5"])
def test_names_without_the_flag_are_decoded(encoding):
    name = "退款規定與說明文件.txt" if encoding == "big5" else "退款规定.txt"
    data = _zip_with_name(name.encode(encoding), flag=0)
    assert [d.title for d in read_all("a.zip", data)] == [f"a.zip/{name}"]


def test_files_of_the_same_name_stay_apart(make_zip):
    found = read_all("a.zip", make_zip({"x.txt": b"one", "../x.txt": b"two"}))
    assert [d.title for d in found] == ["a.zip/x.txt", "a.zip/x (2).txt"]


def test_thousands_of_one_name_take_no_time(make_zip):
    files = {"/" * number + "x.txt": b"x" for number in range(3000)}
    start = time.monotonic()
    assert len({d.title for d in read_all("a.zip", make_zip(files))}) == 3000
    assert time.monotonic() - start < 5


def test_a_broken_file_in_an_archive_is_no_archive(make_zip, make_docx):
    half = make_docx([("Normal", "x")])[:500]
    (error,) = read_all("a.zip", make_zip({"half.docx": half}))
    assert isinstance(error, DamagedFile)


def test_a_bomb_is_refused_before_it_is_unpacked(make_zip):
    found = list(read_all("bomb.zip", make_zip({"zeros.txt": bytes(60_000_000)})))
    assert [type(error) for error in found] == [UnpacksToTooMuch]


def test_a_bomb_that_states_a_small_size_is_damaged(make_zip):
    data = make_zip({"zeros.txt": bytes(20_000_000)})
    size = struct.pack("<I", 20_000_000)
    assert data.count(size) >= 1
    found = list(read_all("bomb.zip", data.replace(size, struct.pack("<I", 1000))))
    assert [type(error) for error in found] == [DamagedFile]


def test_the_number_of_files_is_bounded(make_zip, monkeypatch):
    monkeypatch.setattr(limits, "MAX_ARCHIVE_FILES", 3)
    found = list(read_all("a.zip", make_zip({f"{n}.txt": b"x" for n in range(4)})))
    assert [type(error) for error in found] == [TooManyFiles]


def test_a_list_of_contents_without_end_is_not_even_parsed():
    found = list(read_all("a.zip", b"PK\3\4" + b"PK\1\2" * 200_000))
    assert [type(error) for error in found] == [TooManyFiles]


def test_encrypted_files_are_told(make_zip):
    data = bytearray(make_zip({"a.txt": b"text"}))
    data[data.index(b"PK\3\4") + 6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    assert [type(e) for e in read_all("a.zip", bytes(data))] == [EncryptedFile]


def test_unusual_packing_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", b"text")
    assert [type(e) for e in read_all("a.zip", file.getvalue())] == [DamagedFile]


def test_empty_and_broken_archives_are_errors(make_zip):
    assert [type(e) for e in read_all("a.zip", make_zip({}))] == [NoText]
    assert [type(e) for e in read_all("a.zip", make_zip({"a": b"x"})[:40])] == [DamagedFile]


def _zip_with_name(name: bytes, *, flag: int) -> bytes:
    """An archive with exactly these bytes for a name, as zipfile would not write them."""
    data, crc = b"text", zipfile.crc32(b"text")
    common = struct.pack("<HHHHHIII", 20, flag, 0, 0, 0, crc, len(data), len(data))
    local = b"PK\3\4" + common + struct.pack("<HH", len(name), 0) + name + data
    central = b"PK\1\2" + struct.pack("<H", 20) + common
    central += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + b"PK\5\6" + end
