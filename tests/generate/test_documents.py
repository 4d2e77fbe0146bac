from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from playground.generate.documents import distractor_documents

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_distractors_never_end_differ_and_say_nothing_of_the_world(language):
    documents = list(islice(distractor_documents(KNOWLEDGE, language), 300))
    assert len({document.title for document in documents}) == 300
    assert len({document.text for document in documents}) == 300
    assert all(document.text.startswith("# ") for document in documents)
    everything = "\n".join(document.text for document in documents)
    for name in ("Halden", "哈尔登", "Skerrow", "斯凯罗", "Ketting", "凯廷", "{", "}"):
        assert name not in everything


def test_the_seed_decides():
    first, again, other = (
        next(distractor_documents(KNOWLEDGE, "en", seed=seed)) for seed in (0, 0, 1)
    )
    assert first == again != other
