"""A knowledge base on the embedder that needs no model."""

import pytest

from playground.retrieval import HashEmbedder, KnowledgeBase
from playground.types import Document

REFUNDS = Document("退款.txt", "退款需要七个工作日，从审核通过之日起算。")
BACKUP = Document("backup.txt", "用 GitHub 备份脚本每天凌晨运行一次。")
HOURS = Document("hours.txt", "The library opens at nine and closes at five.")


class CountingEmbedder(HashEmbedder):
    """Counts the passages that were embedded, and fails after `fail_after` of them."""

    def __init__(self, *, dimension=256, fail_after=None):
        super().__init__(dimension=dimension)
        self.passages = 0
        self.fail_after = fail_after

    def embed(self, texts, *, kind):
        if kind == "passage":
            self.passages += len(texts)
            if self.fail_after is not None and self.passages > self.fail_after:
                raise RuntimeError("out of memory")
        return super().embed(texts, kind=kind)


@pytest.fixture
def counting():
    return CountingEmbedder()


@pytest.fixture
def documents():
    return [REFUNDS, BACKUP, HOURS]


@pytest.fixture
def base(tmp_path, counting, documents):
    base = KnowledgeBase.create(tmp_path / "base", "说明", counting)
    list(base.add(documents))
    return base
