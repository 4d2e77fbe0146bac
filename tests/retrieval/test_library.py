"""Several bases by name, in any script."""

import sys

import pytest

from playground.errors import BaseExists, InvalidSetting, UnknownName
from playground.retrieval import HashEmbedder, Library

unicode_names = pytest.mark.skipif(
    sys.getfilesystemencoding() != "utf-8", reason="this locale has no Chinese file names"
)


def _titles(base):
    return [info.title for info in base.documents()]


@unicode_names
def test_chinese_names_and_folders_round_trip(tmp_path, documents):
    root = tmp_path / "用户 %41?#"
    list(Library(root, HashEmbedder()).create("知识库").add(documents))
    library = Library(root, HashEmbedder())
    assert library.names() == ("知识库",)
    assert library.get("知识库").search("退款几天")[0].title == "退款.txt"
    assert all(path.name.isascii() for path in root.rglob("*"))


def test_bases_do_not_see_each_other(tmp_path, documents):
    library = Library(tmp_path, HashEmbedder())
    for name, document in zip("ab", documents, strict=False):
        list(library.create(name).add([document]))
    assert _titles(library.get("a")) == ["退款.txt"]
    assert _titles(library.get("b")) == ["backup.txt"]
    assert library.get("a") is library.get("a")


def test_deleted_base_is_gone(tmp_path, documents):
    library = Library(tmp_path, HashEmbedder())
    list(library.create("a").add(documents))
    library.delete("a")
    assert library.names() == ()
    assert list(tmp_path.iterdir()) == []
    assert library.create("a").chunk_count == 0


def test_unknown_name_lists_the_known(tmp_path):
    library = Library(tmp_path, HashEmbedder())
    library.create("first")
    for call in (library.get, library.delete, lambda name: list(library.rebuild(name))):
        with pytest.raises(UnknownName, match="there are: first"):
            call("../first")


def test_names_are_checked(tmp_path):
    library = Library(tmp_path, HashEmbedder())
    library.create(" my  base\0")
    assert library.names() == ("my base",)
    with pytest.raises(BaseExists):
        library.create("my base")
    for name in ("", " \n", "x" * 101):
        with pytest.raises(InvalidSetting):
            library.create(name)


def test_rebuild_for_another_embedder(tmp_path, documents):
    list(Library(tmp_path, HashEmbedder()).create("a").add(documents))
    library = Library(tmp_path, HashEmbedder(dimension=64))
    list(library.rebuild("a"))
    assert library.get("a").search("退款几天")[0].title == "退款.txt"


def test_damaged_base_does_not_hide_the_others(tmp_path):
    library = Library(tmp_path, HashEmbedder())
    library.create("good")
    (tmp_path / "kb-bad").mkdir()
    (tmp_path / "kb-bad" / "base.sqlite").write_bytes(b"")
    assert library.names() == ("good",)
