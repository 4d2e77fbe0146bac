"""The approximate index of a large base, and the exact one of what came after it."""

import os

import numpy as np
import pytest

from playground.errors import BaseUnusable
from playground.retrieval import HashEmbedder, KnowledgeBase, Library, nearby, portable
from playground.retrieval.embedder import to_unit_length
from playground.retrieval.rebuilding import rebuild
from playground.retrieval.store import records
from playground.retrieval.vectors import Vectors
from playground.types import Document

TOPICS = 40


def _text(number):
    topic = number % TOPICS
    return f"topic{topic} word{topic} Paper {number} says thing{number} of matter{number % 7}."


def _documents(first, end):
    return [Document(f"{n}.txt", _text(n), format="plain") for n in range(first, end)]


@pytest.fixture
def large(tmp_path, monkeypatch):
    """A base that is large from 500 passages on, and holds 1,500."""
    monkeypatch.setattr(nearby, "EXACT_UP_TO", 500)
    base = KnowledgeBase.create(tmp_path / "large", "large", HashEmbedder())
    events = list(base.add(_documents(0, 1500)))
    assert [event.step for event in events].count("index") >= 2
    return base


def _recall(folder, limit=10):
    """The share of the nearest that is found; equally near ones count alike."""
    vectors, hits = Vectors(folder, 256), 0
    queries = [_text(n) for n in range(0, 1500, 50)]
    for query in HashEmbedder().embed(queries, kind="query"):
        with records(folder) as stored:
            found = vectors.search(stored, query, limit=limit)
            least = sorted(stored.vectors_after(0)[1] @ query)[-limit]
        hits += sum(cosine > least - 1e-5 for cosine in found.values())
    return hits / (len(queries) * limit)


def test_small_base_is_searched_exactly(tmp_path):
    base = KnowledgeBase.create(tmp_path / "b", "b", HashEmbedder())
    list(base.add(_documents(0, 300)))
    assert not list((tmp_path / "b").glob("*.faiss"))
    assert _recall(tmp_path / "b") == 1


def test_large_base_finds_nearly_all_that_an_exact_search_finds(large, tmp_path):
    (file,) = (tmp_path / "large").glob("*.faiss")
    assert _recall(tmp_path / "large") >= 0.95
    query = HashEmbedder().embed([_text(77)], kind="query")[0]
    with records(tmp_path / "large") as stored:
        found = Vectors(tmp_path / "large", 256).search(stored, query, limit=5)
        ids, vectors = stored.vectors(list(found))
    assert dict(zip(ids, (vectors @ query).tolist(), strict=True)) == pytest.approx(found)
    assert large.search("thing77")[0].title == "77.txt"
    assert file.stat().st_size < 1500 * 256 * 4


def test_what_is_new_is_found_and_what_is_gone_is_not(large):
    list(large.add([Document("new.txt", "A kettle that whistles.", format="plain")]))
    assert large.search("kettle whistles", top_k=1)[0].title == "new.txt"
    large.delete(*large.ids_of(["77.txt", "new.txt"]))
    found = {
        source.title for word in ("thing77", "kettle") for source in large.search(word, top_k=9)
    }
    assert not found & {"77.txt", "new.txt"}
    assert large.chunk_count == 1499


def test_index_is_made_anew_when_the_base_has_grown(large, tmp_path):
    (before,) = (tmp_path / "large").glob("*.faiss")
    list(large.add(_documents(1500, 1900)))
    assert [path.name for path in (tmp_path / "large").glob("*.faiss")] == [before.name]
    list(large.add(_documents(1900, 2300)))
    (after,) = (tmp_path / "large").glob("*.faiss")
    assert after.name != before.name
    assert large.search("thing2222")[0].title == "2222.txt"


@pytest.mark.parametrize("damage", [lambda p: p.unlink(), lambda p: p.write_bytes(b"IwFl" * 9)])
def test_lost_index_makes_the_search_exact(large, tmp_path, damage, caplog):
    damage(next((tmp_path / "large").glob("*.faiss")))
    assert _recall(tmp_path / "large") == 1
    assert "without its file" in caplog.text


def test_what_a_crash_left_is_swept_when_the_base_is_opened(large, tmp_path):
    left = tmp_path / "large" / "nearby-half-written.faiss"
    left.write_bytes(b"half")
    KnowledgeBase.open(tmp_path / "large", HashEmbedder())
    assert left.exists()  # it may just be being made
    os.utime(left, (1, 1))
    KnowledgeBase.open(tmp_path / "large", HashEmbedder())
    assert not left.exists()
    assert len(list((tmp_path / "large").glob("*.faiss"))) == 1


def test_full_disk_leaves_no_half_index(large, tmp_path, monkeypatch):
    before = sorted(path.name for path in (tmp_path / "large").iterdir())

    def full(*_):
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("playground.retrieval.nearby.os.fsync", full)
        with pytest.raises(BaseUnusable, match="No space left"):
            list(large.add(_documents(1500, 2300)))
    assert sorted(path.name for path in (tmp_path / "large").iterdir()) == before
    assert large.search("thing2222")[0].title == "2222.txt"  # the documents are in


def test_imported_base_has_an_index(large, tmp_path):
    portable.write(tmp_path / "large", tmp_path / "x.kb.zip")
    library = Library(tmp_path / "there", HashEmbedder())
    library.add_exported(tmp_path / "x.kb.zip")
    assert len(list((tmp_path / "there").rglob("*.faiss"))) == 1
    assert library.get("large").search("thing77")[0].title == "77.txt"


def test_rebuilt_base_has_an_index(large, tmp_path):
    list(rebuild(tmp_path / "large", HashEmbedder()))
    assert len(list((tmp_path / "large").glob("*.faiss"))) == 1
    assert large.search("thing77")[0].title == "77.txt"
    assert _recall(tmp_path / "large") >= 0.95


def test_questions_look_into_all_cells_if_that_is_needed():
    import faiss

    rng = np.random.default_rng(0)
    vectors = to_unit_length(rng.standard_normal((2000, 32)))  # without any order: the worst case
    index = faiss.index_factory(32, "IVF64,SQ8", faiss.METRIC_INNER_PRODUCT)
    index.train(vectors)
    index.add(vectors)
    questions = to_unit_length(rng.standard_normal((20, 32)))
    nearest = np.argsort(-(questions @ vectors.T), axis=1)[:, :10]
    cells = nearby._cells_to_search(index, questions, nearest)
    assert cells > 8
    index.nprobe = cells
    found = index.search(questions, 50)[1]
    hits = [len(set(a) & set(b)) for a, b in zip(found.tolist(), nearest.tolist(), strict=True)]
    assert sum(hits) >= 0.95 * 200
