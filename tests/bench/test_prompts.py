"""Prompts for speed: none twice, and as long as wanted."""

from __future__ import annotations

import pytest

from playground.bench.prompts import explain, long_document, short_passages
from playground.engines.fake import FakeEngine
from playground.settings import Settings

COUNT = FakeEngine().count_tokens


@pytest.mark.parametrize("tokens", [300, 1000])
def test_a_long_document_is_about_as_long_as_wanted(tokens):
    for prompt in long_document(Settings(), 0, tokens, COUNT):
        assert tokens - 150 < COUNT(prompt) <= tokens


def test_two_questions_share_their_document_and_two_rounds_share_nothing():
    first, second = (prompt[0].content for prompt in long_document(Settings(), 0, 500, COUNT))
    assert first != second
    assert first.split("\n\n")[:-1] == second.split("\n\n")[:-1]
    beginnings = {
        long_document(Settings(), number, 500, COUNT)[0][0].content[:30] for number in range(40)
    }
    assert len(beginnings) == 40


def test_short_prompts_are_different_ones():
    assert len({explain(number) for number in range(30)}) == 30
    assert len({short_passages(Settings(), number) for number in range(30)}) == 30
