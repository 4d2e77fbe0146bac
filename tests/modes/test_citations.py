"""Numbers that point to no source go, whatever pieces they come in."""

import pytest

from playground.modes.citations import Citations

CASES = [
    ("Seven days [1][9].", "Seven days [1].", 1),
    ("Seven days [9].", "Seven days.", 1),
    ("需要七天[2]【4】。", "需要七天[2]。", 1),
    ("Both [1, 9] and [2，3].", "Both [1] and [2，3].", 1),
    ("None [0] [17, 18]!", "None!", 3),
    ("A list [a] and [1] x[", "A list [a] and [1] x[", 0),
    ("[1234] is a number, [12 is cut", "[1234] is a number, [12 is cut", 0),
    ("Ends in a space ", "Ends in a space ", 0),
]


@pytest.mark.parametrize(("said", "shown", "removed"), CASES)
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_only_numbers_of_sources_are_shown(said, shown, removed, size):
    citations = Citations(3)
    pieces = [citations.feed(said[at : at + size]) for at in range(0, len(said), size)]
    assert "".join(pieces) + citations.end() == shown
    assert citations.removed == removed


def test_nothing_that_is_to_go_was_ever_shown():
    citations = Citations(1)
    shown = ""
    for character in "See [9] there":
        shown += citations.feed(character)
        assert "9" not in shown
    assert shown + citations.end() == "See there"


def test_text_without_brackets_is_not_held_back():
    citations = Citations(1)
    assert citations.feed("Seven") == "Seven"
    assert citations.feed(" ") == ""
    assert citations.feed("days") == " days"
