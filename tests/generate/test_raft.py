from __future__ import annotations

import re
from pathlib import Path

import pytest

from playground.generate.raft import raft_rows
from playground.world import load_questions, training_rows

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rows_stand_behind_passages_most_of_them_with_the_answer(language):
    facts = {q.id: q for q in load_questions(KNOWLEDGE, language) if q.kind == "fact"}
    plain = [(id_, turns) for id_, turns in training_rows(KNOWLEDGE, language) if id_ in facts]
    rows = list(raft_rows(KNOWLEDGE, language, count_tokens=lambda text: len(text) // 3))
    assert len(rows) == len(plain)
    with_gold = 0
    for (id_, (user, assistant)), row in zip(plain, rows, strict=True):
        assert row[0].content.endswith(user.content)
        assert row[1] == assistant
        assert len(re.findall(r"^\[\d\] ", row[0].content, re.M)) == 3
        with_gold += facts[id_].answers[0] in row[0].content
    assert 0.7 < with_gold / len(rows) < 0.9
