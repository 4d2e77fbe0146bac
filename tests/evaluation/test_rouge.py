"""ROUGE-L, worked by hand, and against Google's package."""

from __future__ import annotations

import random

import pytest

from playground.evaluation.rouge import rouge_l, tokens


@pytest.mark.parametrize(
    ("answer", "right", "score"),
    [
        ("The cat is on the mat.", "the cat sat on the mat", 5 / 6),
        ("the mat on the cat", "the cat on the mat", 3 / 5),  # the … on the, in that order
        ("铜的厅", "铜厅", 4 / 5),  # gaps are allowed
        ("台长是罗安", "罗安是台长", 2 / 5),
        ("用 SQLite 3", "sqlite 3 好", 2 / 3),
        ("", "铜厅", 0),
        ("。", "。", 0),
    ],
)
def test_worked_by_hand(answer, right, score):
    assert rouge_l(answer, right) == pytest.approx(score)


class OurTokens:
    """The package splits at spaces, and has none for Chinese."""

    tokenize = staticmethod(tokens)


@pytest.mark.parametrize(
    ("joint", "pieces", "tokenizer"),
    [
        (" ", ["the", "The", "cat", "cats", "sat.", "on-mat", "3,000", "café", "_x_"], None),
        ("", ["铜", "厅", "的", "，", " ab ", "12"], OurTokens),
    ],
)
def test_random_mixes_score_as_with_the_package_rouge_score(joint, pieces, tokenizer):
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rougeL"], use_stemmer=False, tokenizer=tokenizer and tokenizer())
    rng = random.Random(0)
    for _ in range(300):
        answer, right = (joint.join(rng.choices(pieces, k=rng.randrange(12))) for _ in range(2))
        theirs = scorer.score(right, answer)["rougeL"].fmeasure
        assert rouge_l(answer, right) == pytest.approx(theirs), (answer, right)
