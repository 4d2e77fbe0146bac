"""The fake that ships, and the embedded model behind the same seam."""

import subprocess
import sys

import numpy as np
import pytest

from playground.errors import ModelNotFound, ModelUnusable, TextTooLong
from playground.retrieval import HashEmbedder, KnowledgeBase, SentenceTransformerEmbedder, split
from playground.types import Document


def _check_contract(embedder):
    texts = ["退款需要七个工作日", "", "The library opens at nine.", "?"]
    for kind in ("query", "passage"):
        vectors = embedder.embed(texts, kind=kind)
        assert vectors.shape == (4, embedder.dimension)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
        assert embedder.embed([], kind=kind).shape == (0, embedder.dimension)
    assert embedder.count_tokens("") == 0
    assert embedder.count_tokens("two words") >= 2


def test_hash_embedder_keeps_the_contract():
    _check_contract(HashEmbedder())


def test_hash_embedder_is_the_same_in_every_process():
    code = (
        "from playground.retrieval import HashEmbedder;"
        "print(HashEmbedder(dimension=8).embed(['\\u9000 refund'], kind='query').tobytes().hex())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    here = HashEmbedder(dimension=8).embed(["\u9000 refund"], kind="query")
    assert run.stdout.strip() == here.tobytes().hex()


def test_importing_retrieval_does_not_load_torch():
    code = (
        "import sys, playground.retrieval;"
        "sys.exit(any(name in sys.modules for name in ('torch', 'sentence_transformers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_folder_without_a_model_is_an_error(tmp_path):
    with pytest.raises((ModelUnusable, ModelNotFound), match="mine"):
        SentenceTransformerEmbedder(tmp_path, name="mine").embed(["text"], kind="query")


@pytest.mark.embedded
def test_embedded_model_keeps_the_contract(embedder):
    _check_contract(embedder)


@pytest.mark.embedded
def test_embedded_model_cuts_nothing_silently(embedder):
    with pytest.raises(TextTooLong, match="512"):
        embedder.embed(["word " * 600], kind="passage")
    chunks = split(Document("t", "退款需要。" * 100), count_tokens=embedder.count_tokens)
    assert embedder.embed([chunk.text for chunk in chunks], kind="passage").shape[0] > 1


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("退款要多久？", ["Refunds take seven working days.", "Opening hours: nine to five."]),
        ("How long do refunds take?", ["退款需要七个工作日。", "茶馆里供应绿茶。"]),
    ],
)
def test_embedded_model_finds_by_meaning_across_languages(embedder, tmp_path, question, texts):
    base = KnowledgeBase.create(tmp_path / "b", "b", embedder)
    list(base.add(Document(f"{i}.txt", text) for i, text in enumerate(texts)))
    assert base.search(question)[0].text == texts[0]
