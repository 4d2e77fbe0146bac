"""Files and folders: one bad file does not stop the others."""

import sys
from pathlib import Path

import pytest

from playground.errors import DocumentError, FileUnreadable, UnsupportedFormat
from playground.readers import read_file, read_folder
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
