"""Chunks: where they may end, what they may hold, and that they say where they are from."""

import random

import pytest

from playground.retrieval import HashEmbedder, split
from playground.types import Document

count = HashEmbedder().count_tokens


def _chunks(text, size=40, page_starts=()):
    return split(Document("t", text, page_starts), count_tokens=count, chunk_size=size)


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
