"""Files and folders: one bad file does not stop the others."""

import os
import sys
from pathlib import Path

import pytest

from playground.errors import (
    ArchiveNotOneDocument,
    DocumentError,
    FileUnreadable,
    UnsupportedFormat,
)
from playground.readers import read_file, read_folder, title_within, visible_files
from playground.types import Document

unicode_names = pytest.mark.skipif(
    sys.getfilesystemencoding() != "utf-8", reason="this locale has no Chinese file names"
)


@unicode_names
def test_folder_goes_on_after_a_bad_file(tmp_path):
    (tmp_path / "用户").mkdir()
    (tmp_path / "a.txt").write_text("first", encoding="utf-8")
    (tmp_path / "b.exe").write_bytes(bytes(range(256)))
    (tmp_path / "用户" / "a.txt").write_bytes("退款".encode("gb18030"))
    (tmp_path / ".hidden").write_text("no", encoding="utf-8")
    found = list(read_folder(tmp_path))
    assert [type(item) for item in found] == [Document, UnsupportedFormat, Document]
    documents = [item for item in found if isinstance(item, Document)]
    assert [(d.title, d.text) for d in documents] == [("a.txt", "first"), ("用户/a.txt", "退款")]


def test_what_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileUnreadable, match="check that it exists"):
        read_file(tmp_path / "missing.txt")
    with pytest.raises(DocumentError):
        list(read_folder(Path(tmp_path, "missing")))


def test_files_come_with_titles_before_they_are_read(tmp_path):
    (tmp_path / "b" / ".git").mkdir(parents=True)
    for name in ("b/z.txt", "b/.git/config", "a.txt", ".hidden"):
        (tmp_path / name).write_text("text", encoding="utf-8")
    files = list(visible_files(tmp_path))
    assert [title_within(tmp_path, file) for file in files] == ["a.txt", "b/z.txt"]


def test_archives_in_a_folder_give_their_files(tmp_path, make_zip, make_docx):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.zip").write_bytes(make_zip({"x/a.txt": b"one", "b.txt": b"two"}))
    (tmp_path / "b.docx").write_bytes(make_docx([("Normal", "three")]))
    expected = [("b.docx", "three"), ("in/a.zip/x/a.txt", "one"), ("in/a.zip/b.txt", "two")]
    found = list(read_folder(tmp_path))
    assert [(d.title, d.text) for d in found if isinstance(d, Document)] == expected
    with pytest.raises(ArchiveNotOneDocument):
        read_file(tmp_path / "in" / "a.zip")


def test_a_bad_file_is_named_by_its_path(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.exe").write_bytes(bytes(range(256)))
    (error,) = read_folder(tmp_path)
    assert "'in/x.exe'" in str(error)


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes take rights there")
def test_links_out_of_the_folder_and_pipes_are_left_out(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("secret", encoding="utf-8")
    (inside / "a.txt").write_text("text", encoding="utf-8")
    (inside / "to-file.txt").symlink_to(outside / "secret.txt")
    (inside / "to-folder").symlink_to(outside)
    (inside / "to-a.txt").symlink_to(inside / "a.txt")
    (inside / "nowhere.txt").symlink_to(inside / "missing")
    os.mkfifo(inside / "pipe.txt")
    assert [file.name for file in visible_files(inside)] == ["a.txt", "to-a.txt"]
    with pytest.raises(FileUnreadable, match="not a regular file"):
        read_file(inside / "pipe.txt")
