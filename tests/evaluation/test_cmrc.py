"""CMRC 2018's exact match and F1, worked by hand: both are stranger than they look."""

from __future__ import annotations

import random

import pytest

from playground.evaluation import cmrc


@pytest.mark.parametrize(
    ("answer", "right", "exact", "f1"),
    [
        ("《铜厅》。", "铜厅", True, 1),
        (" Ab铜厅 ", "aB铜厅", True, 1),
        ("答案是铜厅", "铜厅", False, 4 / 7),  # 2 of 5 tokens, 2 of 2
        # F1 is the longest unbroken run, no bag of characters.
        ("厅铜", "铜厅", False, 1 / 2),
        ("铜的厅", "铜厅", False, 2 / 5),
        # ASCII points, commas and brackets, and spaces inside, are not dropped.
        ("37.5度", "375度", False, 1 / 2),
        ("1,000", "1000", False, 0),
        ("(铜厅)", "铜厅", False, 2 / 3),
        ("（铜厅）", "铜厅", True, 1),
        ("37 克朗", "37克朗", False, 1),
        # The script's list has “……”, which is never one character, and ’ without ‘.
        ("铜厅……", "铜厅", False, 2 / 3),
        ("‘铜厅’", "铜厅", False, 4 / 5),
        # A mark that is dropped leaves no gap.
        ("a-b，c", "abc", True, 1),
        # Words and numbers are a token each.
        ("用 SQLite 3.5 吧", "sqlite 3.5", False, 2 / 3),
        ("的的", "的" * 300, False, 4 / 302),  # however common a token is
        ("", "铜厅", False, 0),
        ("。", "", True, 0),  # nothing is the same as nothing, and has no run
    ],
)
def test_worked_by_hand(answer, right, exact, f1):
    assert cmrc.exact_match(answer, right) is exact
    assert cmrc.f1(answer, right) == pytest.approx(f1)


def by_the_book(answer, right):
    """F1 by its definition: precision and recall of the longest run, found by trying all."""
    said, wanted = tokens(answer), tokens(right)
    runs = [
        n
        for n in range(1, min(len(said), len(wanted)) + 1)
        for i in range(len(said) - n + 1)
        for j in range(len(wanted) - n + 1)
        if said[i : i + n] == wanted[j : j + n]
    ]
    if not runs:
        return 0
    precision, recall = max(runs) / len(said), max(runs) / len(wanted)
    return 2 * precision * recall / (precision + recall)


def tokens(text):
    """Of Han characters, dropped marks and words between spaces."""
    kept = "".join(c for c in text.lower() if c not in "，。《》-=")
    return "".join(f" {c} " if "\u4e00" <= c <= "\u9fa5" else c for c in kept).split()


def test_random_mixes_of_characters_score_as_by_the_book():
    rng = random.Random(0)
    pieces = ["铜", "厅", "的", "，", "。", "《", "-", "=", " ab ", " Ab", "12 ", "㐀", "é"]
    for _ in range(500):
        answer, right = ("".join(rng.choices(pieces, k=rng.randrange(9))) for _ in range(2))
        assert cmrc.f1(answer, right) == pytest.approx(by_the_book(answer, right))
