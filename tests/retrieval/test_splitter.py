"""Chunks: where they may end, what they may hold, and that they say where they are from."""

import random

import pytest

from playground.retrieval import HashEmbedder, split
from playground.types import Document

count = HashEmbedder().count_tokens


def _chunks(text, size=40, page_starts=(), format="markdown"):
    document = Document("t", text, page_starts, format)
    return split(document, count_tokens=count, chunk_size=size)


def test_chinese_without_spaces_ends_at_sentences():
    random.seed(0)
    text = ""
    while len(text) < 3000:
        words = "".join(random.choices("退款需要七个工作日请联系客服", k=random.randint(8, 60)))
        text += words + random.choice("。！？")
    chunks = _chunks(text, 100)
    assert all(chunk.text[-1] in "。！？" for chunk in chunks)
    assert all(chunk.tokens <= 100 for chunk in chunks)
    assert "".join(chunk.text for chunk in chunks) == text


@pytest.mark.parametrize("text", ["字" * 500, "a" * 500 + " b" * 200, "😀闫英英" * 90])
def test_text_without_any_ends_is_still_cut(text):
    chunks = _chunks(text)
    assert all(chunk.tokens <= 40 for chunk in chunks)
    assert "".join(c.text for c in chunks).replace(" ", "") == text.replace(" ", "")


def test_offsets_count_characters():
    text = "# 标题😀\n\n" + "😀第一句话。Second sentence here. \n\n第三句👨‍👩‍👧‍👦话！\n" * 9
    for chunk in _chunks(text, 20):
        assert chunk.text == text[chunk.start : chunk.end]
        assert chunk.text == chunk.text.strip()


def test_chunk_knows_its_page():
    text = "第一页的内容。\n\n第二页的内容。\n\n第三页。"
    assert [c.page for c in _chunks(text, 8, (0, 9, 18))] == [1, 2, 3]


@pytest.mark.parametrize("words", [3, 12, 18, 25, 37, 41, 60, 150])
def test_heading_stands_with_what_it_announces(words):
    body = " ".join(f"w{i}" for i in range(words))
    text = "\n\n".join(f"## Part {n}\n\n### 小节 {n}\n\n{body}." for n in range(5))
    chunks = _chunks(text)
    for chunk in chunks:
        last = chunk.text.splitlines()[-1]
        assert not last.startswith("#"), chunk.text
        assert chunk.tokens <= 40
    assert sum(chunk.text.count("#") for chunk in chunks) == 25
    assert "".join("".join(c.text.split()) for c in chunks) == "".join(text.split())


def test_document_of_one_heading_is_a_chunk():
    assert [chunk.text for chunk in _chunks("# Only this\n")] == ["# Only this"]


def test_heading_longer_than_a_chunk_is_cut_like_text():
    text = "# " + "very long heading " * 40 + "\n\nBody."
    assert all(chunk.tokens <= 40 for chunk in _chunks(text))


def test_blank_text_has_no_chunks():
    assert _chunks(" \n\n ") == ()


@pytest.mark.parametrize("format", ["csv", "markdown"])
def test_tables_are_kept_by_rows_with_their_head(format):
    head = "name,price\n" if format == "csv" else "| name | price |\n| --- | --- |\n"
    row = "item {n},{p}\n" if format == "csv" else "| item {n} | {p} |\n"
    text = head + "".join(row.format(n=n, p=7 * n) for n in range(60))
    chunks = _chunks(text, 20, format=format)
    assert len(chunks) > 5
    assert chunks[0].table_head == ""
    assert all(chunk.table_head == head.strip() for chunk in chunks[1:])
    assert all(chunk.tokens <= 20 for chunk in chunks)
    rows = [line for chunk in chunks for line in chunk.text.splitlines()]
    assert rows == text.splitlines()


def test_row_longer_than_a_chunk_is_cut_like_text():
    text = "a,b\n" + "x,1\n" + "y," + "word " * 100 + "\nz,3"
    chunks = _chunks(text, 20, format="csv")
    assert all(chunk.tokens <= 20 for chunk in chunks)
    assert "".join("".join(c.text.split()) for c in chunks) == "".join(text.split())


def test_table_head_that_would_outweigh_the_rows_is_not_repeated():
    text = ",".join(f"column{n}" for n in range(30)) + "\n" + "1,2,3\n" * 60
    assert {chunk.table_head for chunk in _chunks(text, 40, format="csv")} == {""}


def test_plain_text_has_no_headings():
    text = "# a comment\nx = 1\n" * 30
    chunks = _chunks(text, format="plain")
    assert {chunk.headings for chunk in chunks} == {""}
    assert len(chunks) > 1


def test_chunk_says_under_which_headings_it_stands():
    text = "# A\n\n## B\n\n" + "word " * 30 + "\n\n### C\n\n" + "last " * 30
    assert [chunk.headings for chunk in _chunks(text)] == ["A › B", "A › B › C"]


@pytest.mark.parametrize(
    "text",
    ["a" * 30_000, "退款需要七个工作日" * 4_000, '{"a":1,"b":[1,2,3]},' * 2_000, "word " * 8_000],
    ids=["letters", "chinese", "json", "words"],
)
@pytest.mark.parametrize("format", ["plain", "markdown", "csv"])
def test_one_long_line_is_cut_in_pieces_without_loss(text, format):
    chunks = _chunks(text, 200, format=format)
    assert all(chunk.tokens <= 200 for chunk in chunks)
    assert "".join("".join(c.text.split()) for c in chunks) == "".join(text.split())
    assert all(chunk.text == text[chunk.start : chunk.end] for chunk in chunks)
