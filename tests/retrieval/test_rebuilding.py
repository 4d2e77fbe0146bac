"""A base for another embedder, or from another version, made of its own texts."""

import sqlite3

import pytest

from playground.errors import BaseOutdated, EmbedderChanged
from playground.retrieval import HashEmbedder, KnowledgeBase, Library, preparing
from playground.retrieval.indexing import id_of
from playground.retrieval.rebuilding import rebuild
from playground.types import Document


class _OtherEmbedder(HashEmbedder):
    @property
    def identity(self):
        return "another"


OTHERS = pytest.mark.parametrize(
    "other", [HashEmbedder(dimension=768), _OtherEmbedder(dimension=256)]
)


@OTHERS
def test_other_embedder_must_rebuild(base, tmp_path, other, documents):
    with pytest.raises(EmbedderChanged, match="rebuild"):
        KnowledgeBase.open(tmp_path / "base", other)
    before = base.documents()
    assert [event.step for event in rebuild(tmp_path / "base", other)][-1] == "store"
    rebuilt = KnowledgeBase.open(tmp_path / "base", other)
    assert rebuilt.search("退款几天")[0].title == "退款.txt"
    assert rebuilt.documents() == before
    with pytest.raises(EmbedderChanged):  # the object that is still open does not mix them up
        base.search("退款几天")
    with pytest.raises(EmbedderChanged):
        list(base.add(documents))
    assert [path.name for path in (tmp_path / "base").iterdir()] == ["base.sqlite"]


def test_a_reader_follows_a_rebuild_by_the_same_embedder(base, tmp_path, counting):
    assert base.search("退款几天")[0].title == "退款.txt"
    base.delete(*base.ids_of(["backup.txt"]))
    list(rebuild(tmp_path / "base", counting))
    assert base.search("退款几天")[0].title == "退款.txt"
    assert len(base.search("library", top_k=9)) == 2


def test_old_base_answers_while_it_is_rebuilt(base, tmp_path):
    rebuilding = rebuild(tmp_path / "base", _OtherEmbedder())
    next(rebuilding)
    assert base.search("退款几天")[0].title == "退款.txt"
    rebuilding.close()
    assert base.search("退款几天")[0].title == "退款.txt"


def test_interrupted_rebuild_goes_on(tmp_path, counting, monkeypatch):
    monkeypatch.setattr(preparing, "GROUP_CHARACTERS", 1)
    base = KnowledgeBase.create(tmp_path / "b", "b", _OtherEmbedder())
    list(base.add([Document(f"{n}.txt", f"Text number {n}.") for n in range(4)]))
    counting.fail_after = 2
    with pytest.raises(RuntimeError):
        list(rebuild(tmp_path / "b", counting))
    assert KnowledgeBase.open(tmp_path / "b", _OtherEmbedder()).search("number 2")
    counting.fail_after, counting.passages = None, 0
    list(rebuild(tmp_path / "b", counting))
    assert counting.passages == 2
    assert len(KnowledgeBase.open(tmp_path / "b", counting).documents()) == 4


def test_what_was_added_and_removed_meanwhile_is_so_afterwards(base, tmp_path):
    other = _OtherEmbedder()
    rebuilding = rebuild(tmp_path / "base", other)
    next(rebuilding)
    list(base.add([Document("new.txt", "Cats sleep all day.")]))
    base.delete(*base.ids_of(["hours.txt"]))
    list(rebuilding)
    titles = {info.title for info in KnowledgeBase.open(tmp_path / "base", other).documents()}
    assert titles == {"退款.txt", "backup.txt", "new.txt"}


def test_base_of_the_first_version_is_rebuilt(tmp_path, counting):
    folder = tmp_path / "kb-0"
    folder.mkdir()
    connection = sqlite3.connect(folder / "base.sqlite")
    connection.executescript("""
        CREATE TABLE base (version INTEGER NOT NULL, name TEXT NOT NULL, embedder TEXT NOT NULL,
            dimension INTEGER NOT NULL, chunk_size INTEGER NOT NULL, vectors_file TEXT);
        CREATE TABLE documents (id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL,
            page_starts TEXT NOT NULL, added_at REAL NOT NULL);
        CREATE TABLE chunks (id INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL
            REFERENCES documents (id) ON DELETE CASCADE, start INTEGER NOT NULL,
            "end" INTEGER NOT NULL, text TEXT NOT NULL, tokens INTEGER NOT NULL, page INTEGER);
        CREATE INDEX chunks_of_document ON chunks (document_id);
        CREATE VIRTUAL TABLE lexical USING fts5(tokens, tokenize='ascii');
        INSERT INTO base VALUES (1, '旧的', 'hash-256', 256, 200, 'vectors-1.faiss');
    """)
    text = "退款需要七个工作日。"
    row = (id_of(text), "退款.txt", text, "[0]", 1.5e9)
    connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?)", row)
    connection.commit()
    connection.close()
    library = Library(tmp_path, counting)
    assert library.names() == ("旧的",)
    with pytest.raises(BaseOutdated, match="rebuild"):
        library.get("旧的")
    list(library.rebuild("旧的"))
    source = library.get("旧的").search("退款几天")[0]
    assert (source.title, source.page) == ("退款.txt", 1)
    assert library.get("旧的").documents()[0].added_at == 1.5e9
