"""Adding, finding, replacing, deleting; and what happens when something goes wrong."""

import pickle
import threading
from dataclasses import replace

import pytest

from playground.errors import BaseUnusable, NoText, UnknownName
from playground.retrieval import HashEmbedder, KnowledgeBase
from playground.types import Document


def _id(base, title):
    return next(info.id for info in base.documents() if info.title == title)


def _files(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("退款几天", "退款.txt"),
        ("GitHub备份脚本", "backup.txt"),
        ("ｇｉｔｈｕｂ", "backup.txt"),
        ("When does the LIBRARY open?", "hours.txt"),
    ],
)
def test_question_finds_its_document(base, question, title):
    found = base.search(question)[0]
    assert found.title == title
    assert found.lexical_score is not None
    assert found.lexical_score > 0


def test_source_says_where_it_stands(tmp_path, counting):
    text = "第一页。\n\n" + "第二页说：退款要七天。"
    base = KnowledgeBase.create(tmp_path / "b", "b", counting, chunk_size=8)
    list(base.add([Document("a.pdf", text, page_starts=(0, 6))]))
    source = base.search("退款要七天", top_k=1)[0]
    assert source.text == text[source.start : source.end]
    assert source.page == 2
    assert base.documents()[0].pages == 2


def test_top_k_is_what_comes_back(base):
    assert [len(base.search("退款几天", top_k=k)) for k in (1, 2, 3, 9)] == [1, 2, 3, 3]


def test_only_chosen_documents_are_searched(base):
    chosen = base.ids_of(["hours.txt", "backup.txt"])
    found = base.search("退款几天", top_k=9, documents=chosen)
    assert {source.title for source in found} == {"hours.txt", "backup.txt"}
    assert base.search("退款几天", documents=()) == ()
    with pytest.raises(UnknownName, match="document"):
        base.ids_of(["no such title"])


def test_a_passage_says_under_which_headings_it_stands(tmp_path, counting):
    base = KnowledgeBase.create(tmp_path / "b", "b", counting, chunk_size=12)
    tea, cake = "## Tea\n\nGreen tea costs three.", "## Cake\n\nPlum cake costs five."
    text = f"# Prices\n\nIn crowns.\n\n{tea}\n\n{cake}"
    list(base.add([Document("a.md", text)]))
    source = base.search("plum cake", top_k=1)[0]
    assert source.headings == "Prices › Cake"


def test_rows_are_found_and_read_behind_their_columns(tmp_path, counting):
    base = KnowledgeBase.create(tmp_path / "b", "b", counting, chunk_size=12)
    rows = "".join(f"item{n},{n * 7}\n" for n in range(40))
    list(base.add([Document("stock.csv", f"name,price\n{rows}", format="csv")]))
    source = base.search("price of item33", top_k=1)[0]
    assert "item33,231" in source.text
    assert source.passage.startswith("name,price\n")
    assert source.lexical_score is not None


def test_min_score_filters_the_score_that_is_shown(base):
    everything = base.search("library hours", top_k=9)
    assert len(everything) == 3
    threshold = sorted(source.dense_score for source in everything)[1]
    passed = base.search("library hours", top_k=9, min_score=threshold)
    assert [s for s in everything if s.dense_score >= threshold] == list(passed)
    assert len(passed) == 2
    assert base.search("library hours", min_score=1.1) == ()


@pytest.mark.parametrize(
    "query", ["", " \n", '"', "' OR 1=1 --", "NEAR(a b) AND NOT *", "a:b^2", "？"]
)
def test_no_query_is_taken_for_syntax(base, query):
    assert len(base.search(query)) in (0, 3)


def test_empty_base_finds_nothing(tmp_path, counting):
    base = KnowledgeBase.create(tmp_path / "b", "b", counting)
    assert base.search("anything") == ()
    assert (base.documents(), base.chunk_count, base.token_count) == ((), 0, 0)


def test_same_documents_twice_cost_nothing(base, counting, documents):
    before = (base.documents(), counting.passages)
    list(base.add(documents))
    assert (base.documents(), counting.passages) == before


def test_whole_documents_are_all_of_every_text_in_the_order_of_titles(base, documents):
    whole = base.whole_documents()
    assert [source.title for source in whole] == sorted(doc.title for doc in documents)
    assert {source.text for source in whole} == {doc.text for doc in documents}
    assert all(source.start == 0 and source.end == len(source.text) for source in whole)


class _Seeing(HashEmbedder):
    def __init__(self):
        super().__init__()
        self.seen = []

    def embed(self, texts, *, kind):
        self.seen.extend(texts)
        return super().embed(texts, kind=kind)


def test_a_passage_is_embedded_behind_its_base_and_heading(tmp_path):
    embedder = _Seeing()
    base = KnowledgeBase.create(tmp_path / "b", "Halden", embedder)
    list(base.add([Document("a.md", "# Prices\n\nTea costs 3."), Document("b.txt", "Plain.")]))
    assert set(embedder.seen) == {
        "Halden: b.txt\nPlain.",
        "Halden: Prices\n# Prices\n\nTea costs 3.",
    }


@pytest.mark.parametrize("question", ["halden", "prices"])
def test_a_passage_is_found_by_the_words_of_its_base_and_heading(tmp_path, question):
    base = KnowledgeBase.create(tmp_path / "b", "Halden", HashEmbedder())
    tea = "Tea costs three crowns at the counter.\n\n" * 60  # more than one chunk
    list(base.add([Document("a.md", f"# Prices\n\n{tea}"), Document("b.txt", "Plain.")]))
    found = [source for source in base.search(question, top_k=50) if source.title == "a.md"]
    assert len(found) > 1
    assert all(source.lexical_score is not None for source in found)


def test_the_name_of_the_base_is_not_looked_for_in_its_passages(tmp_path):
    embedder = _Seeing()
    base = KnowledgeBase.create(tmp_path / "b", "Halden", embedder)
    list(base.add([Document("a.md", "# Halden, Halden\n\nHalden."), Document("b.md", "Tea.")]))
    assert base.search("Which tea has HALDEN?", top_k=1)[0].title == "b.md"
    assert "halden" not in embedder.seen[-1].casefold()


def test_same_text_under_a_new_name_is_renamed(base, counting, documents):
    passages = counting.passages
    list(base.add([replace(documents[0], title="新名.txt")]))
    assert {info.title for info in base.documents()} == {"新名.txt", "backup.txt", "hours.txt"}
    assert counting.passages == passages


def test_changed_text_replaces_the_old(base):
    list(base.add([Document("hours.txt", "The library is closed for good.")]))
    assert base.chunk_count == 3
    assert not any("opens at nine" in source.text for source in base.search("library", top_k=9))


def test_swapped_texts_keep_both(base, documents):
    first, second = documents[:2]
    list(base.add([replace(first, title=second.title), replace(second, title=first.title)]))
    assert base.document(_id(base, first.title)).text == second.text
    assert base.document(_id(base, second.title)).text == first.text


def test_deleted_text_is_not_found(base, tmp_path, counting):
    base.delete(_id(base, "退款.txt"))
    for opened in (base, KnowledgeBase.open(tmp_path / "base", counting)):
        assert all(source.title != "退款.txt" for source in opened.search("退款几天", top_k=9))
        assert opened.chunk_count == 2
    with pytest.raises(UnknownName, match="document"):
        base.delete("no such id")
    with pytest.raises(UnknownName):
        base.document("no such id")


def test_base_survives_reopening(base, tmp_path, counting):
    again = KnowledgeBase.open(tmp_path / "base", counting)
    assert again.name == "说明"
    assert again.documents() == base.documents()
    assert again.search("退款几天") == base.search("退款几天")


def test_failing_embedder_leaves_nothing(base, tmp_path, counting):
    files, before = _files(tmp_path / "base"), base.documents()
    counting.fail_after = counting.passages
    with pytest.raises(RuntimeError, match="out of memory"):
        list(base.add([Document("new.txt", "a new text"), Document("hours.txt", "changed")]))
    assert (_files(tmp_path / "base"), base.documents()) == (files, before)


def test_abandoned_or_failed_reading_leaves_nothing(base):
    def broken():
        yield Document("new.txt", "a new text")
        raise NoText(title="second.txt")

    with pytest.raises(NoText):
        list(base.add(broken()))
    adding = base.add([Document("new.txt", "a new text")])
    assert next(adding).step == "embed"
    adding.close()
    with pytest.raises(NoText, match=r"blank\.txt"):
        list(base.add([Document("blank.txt", " \n ")]))
    assert len(base.documents()) == 3


def test_what_is_no_base_is_an_error(tmp_path, counting):
    with pytest.raises(BaseUnusable):
        KnowledgeBase.open(tmp_path / "missing", counting)
    (tmp_path / "base.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(BaseUnusable):
        KnowledgeBase.open(tmp_path, counting)


def test_planted_pickle_is_not_executed(base, tmp_path, counting):
    class Trap:
        def __reduce__(self):
            return (exec, (f"open({str(tmp_path / 'sprung')!r}, 'w').close()",))

    for name in ("index.pkl", "vectors.pkl", "planted.faiss"):
        (tmp_path / "base" / name).write_bytes(pickle.dumps(Trap()))
    KnowledgeBase.open(tmp_path / "base", counting).search("退款几天")
    assert not (tmp_path / "sprung").exists()


def test_second_reader_sees_the_writers_changes(base, tmp_path, counting):
    reader = KnowledgeBase.open(tmp_path / "base", counting)
    assert len(reader.search("退款", top_k=9)) == 3
    list(base.add([Document("new.txt", "关于退款的新规定。")]))
    assert len(reader.search("退款", top_k=9)) == 4
    base.delete(_id(base, "退款.txt"))
    assert {s.title for s in reader.search("退款", top_k=9)} == {
        "new.txt",
        "backup.txt",
        "hours.txt",
    }


def test_threads_share_a_base(base):
    failures = []

    def work(number):
        try:
            list(base.add([Document(f"{number}.txt", f"退款规定第{number}条。")]))
            assert base.search(f"退款规定第{number}条", top_k=9)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert base.chunk_count == 9
    assert len(base.search("退款", top_k=20)) == 9
