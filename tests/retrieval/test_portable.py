"""A base as one file: out, in again, and what is no such file."""

import io
import json
import zipfile

import pytest

from playground.errors import BaseExists, BaseUnusable, EmbedderChanged, ImportUnreadable
from playground.retrieval import HashEmbedder, Library
from playground.types import Document


@pytest.fixture
def library(tmp_path, counting, documents):
    library = Library(tmp_path / "here", counting)
    base = library.create("知识库")
    rows = "name,price\n" + "".join(f"item{n},{n}\n" for n in range(300))
    pages = Document("a.pdf", "One.\n\nTwo.", page_starts=(0, 6), format="plain")
    list(base.add([*documents, pages, Document("t.csv", rows, format="csv")]))
    return library


@pytest.fixture
def exported(library, tmp_path):
    library.export("知识库", tmp_path / "base.kb.zip")
    return tmp_path / "base.kb.zip"


def test_round_trip_embeds_nothing_and_loses_nothing(library, exported, tmp_path, counting):
    before = counting.passages
    other = Library(tmp_path / "there", counting)
    assert other.add_exported(exported) == "知识库"
    old, new = library.get("知识库"), other.get("知识库")
    assert counting.passages == before
    assert new.documents() == old.documents()
    assert new.search("item77", top_k=1) == old.search("item77", top_k=1)
    assert new.search("退款几天") == old.search("退款几天")
    assert [path.name for path in tmp_path.glob("base*")] == ["base.kb.zip"]


def test_name_is_free_to_choose_and_never_taken_twice(library, exported):
    with pytest.raises(BaseExists):
        library.add_exported(exported)
    assert library.add_exported(exported, name="copy") == "copy"
    assert library.names() == ("copy", "知识库")


def test_another_embedder_says_rebuild(exported, tmp_path):
    other = Library(tmp_path / "there", HashEmbedder(dimension=64))
    other.add_exported(exported)
    with pytest.raises(EmbedderChanged, match="rebuild"):
        other.get("知识库")
    list(other.rebuild("知识库"))
    assert other.get("知识库").search("退款几天")[0].title == "退款.txt"


def _changed(exported, **files):
    """The exported file with other contents of some of its files."""
    out = io.BytesIO()
    with zipfile.ZipFile(exported) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            key = name.partition(".")[0]
            data = old.read(name)
            new.writestr(name, files[key](data) if key in files else data)
    return out.getvalue()


def _with(key, value, *, chunk=False):
    def edit(data):
        rows = [json.loads(line) for line in data.splitlines()]
        (rows[0]["chunks"][0] if chunk else rows[0])[key] = value
        return b"".join(json.dumps(row).encode() + b"\n" for row in rows)

    return edit


BROKEN = {
    "another format": {"base": lambda data: data.replace(b"base 1", b"base 9")},
    "no JSON": {"base": lambda data: b"{"},
    "a list": {"base": lambda data: b"[]"},
    "deep JSON": {"documents": lambda data: b"[" * 100_000 + b"\n"},
    "cut line": {"documents": lambda data: data[:-1]},
    "text is a number": {"documents": _with("text", 7)},
    "no text": {"documents": _with("text", " ")},
    "unknown format": {"documents": _with("format", "exe")},
    "page outside": {"documents": _with("page_starts", [10**9])},
    "chunk outside": {"documents": _with("end", 10**9, chunk=True)},
    "chunk backwards": {"documents": _with("end", -1, chunk=True)},
    "true is no number": {"documents": _with("start", True, chunk=True)},
    "vectors cut": {"vectors": lambda data: data[:-7]},
    "vectors left over": {"vectors": lambda data: data + b"\0\0"},
    "vectors of NaN": {"vectors": lambda data: b"\xff" * len(data)},
    "bomb": {"documents": lambda data: data + b"\0" * 200_000_000},
}


@pytest.mark.parametrize("edits", BROKEN.values(), ids=BROKEN)
def test_broken_file_is_refused_and_leaves_nothing(exported, tmp_path, counting, edits):
    (tmp_path / "broken.kb.zip").write_bytes(_changed(exported, **edits))
    other = Library(tmp_path / "there", counting)
    with pytest.raises(ImportUnreadable, match=r"broken\.kb\.zip"):
        other.add_exported(tmp_path / "broken.kb.zip")
    assert other.names() == ()
    assert not any((tmp_path / "there").rglob("*.sqlite"))


def test_other_files_are_refused(exported, tmp_path, counting):
    library = Library(tmp_path / "there", counting)
    whole = exported.read_bytes()
    for data in (b"", b"hello", whole[: len(whole) // 2]):
        (tmp_path / "x.kb.zip").write_bytes(data)
        with pytest.raises(ImportUnreadable):
            library.add_exported(tmp_path / "x.kb.zip")
    with pytest.raises(ImportUnreadable):
        library.add_exported(tmp_path / "missing.kb.zip")


def test_failed_export_leaves_no_part(library, tmp_path):
    with pytest.raises(BaseUnusable):
        library.export("知识库", tmp_path / "no such folder" / "x.kb.zip")
    assert not list(tmp_path.glob("*.part"))
