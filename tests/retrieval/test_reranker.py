"""A second look at the passages found."""

import numpy as np
import pytest

from playground.bases import Bases
from playground.errors import ModelNotFound
from playground.models import ModelFiles
from playground.retrieval import HashEmbedder, KnowledgeBase
from playground.retrieval.reranker import CrossEncoderReranker, OverlapReranker
from playground.settings import Settings
from playground.types import Document
from tests.tiny import make_reranker


class LastFirst:
    """Takes the worst passage for the best."""

    def score(self, query, passages):
        return np.arange(len(passages), dtype=np.float32)


def _base(folder, reranker=None):
    base = KnowledgeBase.create(folder, "b", HashEmbedder(), reranker=reranker)
    list(base.add(Document(f"{n}.txt", f"Tea of kind {n} is good.") for n in range(40)))
    return base


def test_reranker_orders_the_passages_found(tmp_path):
    plain = _base(tmp_path / "plain").search("Tea of kind 7", top_k=30)
    turned = _base(tmp_path / "turned", LastFirst()).search("Tea of kind 7", top_k=3)
    assert [s.title for s in turned] == [s.title for s in plain[::-1][:3]]
    assert [s.rerank_score for s in turned] == [29, 28, 27]
    assert all(source.rerank_score is None for source in plain)
    assert {s.score for s in turned} <= {s.score for s in plain}  # each leg's scores stay


def test_nothing_found_is_not_reranked(tmp_path):
    base = KnowledgeBase.create(tmp_path, "b", HashEmbedder(), reranker=LastFirst())
    assert base.search("tea") == ()


def test_overlap_counts_the_words_of_the_question():
    scores = OverlapReranker().score("退款几天 refund", ["refund 退款", "退款几天", "nothing"])
    assert scores.dtype == np.float32
    assert scores.tolist() == pytest.approx([0.5, 0.75, 0])


def test_cross_encoder_gives_one_score_a_passage(tmp_path):
    folder = make_reranker(tmp_path / "reranker")
    reranker = CrossEncoderReranker(ModelFiles("tiny", str(folder)), device="cpu")
    passages = ["Tea is good.", "退款需要七个工作日。", "long " * 2000]
    scores = reranker.score("tea", passages)
    assert (scores.shape, scores.dtype) == ((3,), np.float32)
    alone = [float(reranker.score("tea", [passage])[0]) for passage in passages]
    assert scores.tolist() == pytest.approx(alone, abs=1e-4)


def test_missing_cross_encoder_is_an_error(tmp_path):
    reranker = CrossEncoderReranker(ModelFiles("none", str(tmp_path)), device="cpu")
    with pytest.raises(ModelNotFound, match="none"):
        reranker.score("tea", ["tea"])


def test_the_settings_name_the_reranker(tmp_path):
    settings = Settings(embedder="fake", reranker="fake", data_dir=tmp_path)
    base = Bases(settings).library.create("b")
    list(base.add([Document("a.txt", "Tea."), Document("b.txt", "Green tea.")]))
    (best,) = base.search("green tea", top_k=1)
    assert (best.title, best.rerank_score) == ("b.txt", 1.0)
