"""SQuAD's exact match and F1, worked by hand, and against its formula written out."""

from __future__ import annotations

import random
import string

import pytest

from playground.evaluation import squad


@pytest.mark.parametrize(
    ("answer", "right", "exact", "f1"),
    [
        ("The Eiffel Tower.", "eiffel tower", True, 1),
        ("a theatre", "Theatre", True, 1),  # an article is a whole word
        ("in 1889, Paris", "1889", False, 1 / 2),  # precision 1/3, recall 1
        ("red red blue", "red blue blue", False, 2 / 3),  # a word counts as often as both have it
        ("tower eiffel", "eiffel tower", False, 1),  # F1 knows no order
        ("well-known", "well known", False, 0),  # punctuation goes without a space
        ("U.S.", "us", True, 1),
        ("“Paris”", "Paris", False, 0),  # only ASCII punctuation goes
        ("an", "the", True, 1),  # neither has a word
        ("", "Paris", False, 0),
    ],
)
def test_worked_by_hand(answer, right, exact, f1):
    assert squad.exact_match(answer, right) is exact
    assert squad.f1(answer, right) == pytest.approx(f1)


def by_the_book(answer, right):
    """F1 by its definition: precision and recall over words, each matched once."""
    said, wanted = plain_words(answer), plain_words(right)
    if not said or not wanted:
        return float(said == wanted)
    left, common = list(wanted), 0
    for word in said:
        if word in left:
            left.remove(word)
            common += 1
    precision, recall = common / len(said), common / len(wanted)
    return 2 * precision * recall / (precision + recall) if common else 0


def plain_words(text):
    kept = "".join(c for c in text.lower() if c not in string.punctuation)
    return [word for word in kept.split() if word not in ("a", "an", "the")]


def test_random_mixes_of_words_score_as_by_the_book():
    rng = random.Random(0)
    words = [
        "A",
        "an",
        "the",
        "The",
        "cat",
        "cats,",
        "Cat.",
        "sat!",
        "on-mat",
        "3,000",
        "3000",
        "(mat)",
        "naïve",
        "'",
        "-",
        "猫",
    ]
    for _ in range(500):
        answer, right = (" ".join(rng.choices(words, k=rng.randrange(6))) for _ in range(2))
        assert squad.f1(answer, right) == pytest.approx(by_the_book(answer, right))
        assert squad.exact_match(answer, right) == (plain_words(answer) == plain_words(right))
