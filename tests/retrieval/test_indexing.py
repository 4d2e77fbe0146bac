"""Documents go in one by one, whole, and what was embedded once is not embedded again."""

import itertools

import pytest

from playground.retrieval import HashEmbedder, KnowledgeBase, preparing
from playground.retrieval.store import records
from playground.types import Document


def _document(number, sentences=40):
    text = " ".join(f"Sentence {i} of paper {number} is about thing{i}." for i in range(sentences))
    return Document(f"{number}.txt", text, format="plain")


@pytest.fixture
def small_groups(monkeypatch):
    """So that a few documents are several transactions."""
    monkeypatch.setattr(preparing, "GROUP_CHARACTERS", 1)


def _staged(folder):
    with records(folder) as stored:
        return stored.connection.execute("SELECT count(*) FROM staged").fetchone()[0]


def test_what_is_done_stays_when_the_rest_fails(tmp_path, counting, small_groups):
    base = KnowledgeBase.create(tmp_path / "b", "b", counting)
    chunks = len(list(base.add([_document(0)])) and base.search("thing1", top_k=99))
    counting.fail_after = counting.passages + chunks
    with pytest.raises(RuntimeError, match="out of memory"):
        list(base.add([_document(1), _document(2)]))
    assert [info.title for info in base.documents()] == ["0.txt", "1.txt"]
    assert base.chunk_count == 2 * chunks


def test_interrupted_document_is_not_there_and_goes_on_where_it_was(tmp_path, counting):
    base = KnowledgeBase.create(tmp_path / "b", "b", counting, chunk_size=20)
    book = _document(0, sentences=400)
    counting.fail_after = 130  # batches of 64
    with pytest.raises(RuntimeError):
        list(base.add([book]))
    assert base.documents() == ()
    assert base.search("thing1") == ()
    counting.fail_after = None
    again = KnowledgeBase.open(tmp_path / "b", counting)
    before = counting.passages
    list(again.add([book]))
    assert counting.passages - before == again.chunk_count - 128
    assert _staged(tmp_path / "b") == 0


def test_only_the_changed_passages_are_embedded_again(tmp_path, counting):
    base = KnowledgeBase.create(tmp_path / "b", "b", counting, chunk_size=20)
    book = _document(0, sentences=200)
    list(base.add([book]))
    before, chunks = counting.passages, base.chunk_count
    text = book.text.replace("thing150", "something else entirely")
    list(base.add([Document(book.title, text, format="plain")]))
    assert 1 <= counting.passages - before < chunks // 8
    assert abs(base.chunk_count - chunks) <= 2
    assert "something else entirely" in base.search("something else entirely", top_k=1)[0].text
    assert not any("thing150 " in found.text for found in base.search("thing150", top_k=50))


def test_equal_passages_are_embedded_once(tmp_path, counting):
    base = KnowledgeBase.create(tmp_path / "b", "b", counting, chunk_size=12)
    list(base.add([Document("a.txt", "# T\n\n" + "The same line again and again.\n\n" * 30)]))
    assert counting.passages < base.chunk_count


def test_progress_counts_passages_up_to_their_number(tmp_path, counting, small_groups):
    base = KnowledgeBase.create(tmp_path / "b", "b", counting, chunk_size=20)
    events = list(base.add([_document(n, sentences=100) for n in range(5)]))
    embed = [event for event in events if event.step == "embed"]
    assert all(a.done <= b.done for a, b in itertools.pairwise(embed))
    assert embed[-1].done == embed[-1].total == base.chunk_count
    assert all(event.done <= event.total for event in embed)
    assert abs(embed[0].total - base.chunk_count) < base.chunk_count / 4  # estimated
    assert events[-1].step == "store"


def test_abandoned_indexing_keeps_whole_documents(tmp_path, counting, small_groups):
    base = KnowledgeBase.create(tmp_path / "b", "b", counting)
    adding = base.add([_document(n) for n in range(4)])
    for event in adding:
        if event.step == "embed" and len(base.documents()) == 2:
            break
    adding.close()
    assert [info.title for info in base.documents()] == ["0.txt", "1.txt"]
    list(base.add([_document(n) for n in range(4)]))
    assert len(base.documents()) == 4


def test_vectors_of_another_embedder_are_not_taken(tmp_path, counting):
    class Other(HashEmbedder):
        identity = "another"

    assert preparing.text_hash("a", counting.identity) != preparing.text_hash("a", Other().identity)
