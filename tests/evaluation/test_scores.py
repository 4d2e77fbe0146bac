from __future__ import annotations

import pytest

from playground.evaluation import contains, exact_match, is_refusal, normalised
from playground.modes.prompts import NOT_FOUND


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Grey-Petrel, a ship!", "greypetrel ship"),
        ("“铜厅”。", "铜厅"),
        ("ＡＢＣ １２", "abc 12"),
        ("37 克朗", "37克朗"),
        ("$1,250", "1250"),
    ],
)
def test_normalisation(text, expected):
    assert normalised(text) == expected


@pytest.mark.parametrize(
    ("answer", "accepted", "exact", "inside"),
    [
        ("37 crowns.", ["37 crowns"], True, True),
        ("The night pass costs 37 crowns.", ["37 crowns"], False, True),
        ("137 crowns", ["37 crowns"], False, False),  # not a part of a word
        ("It was in 1931", ["31"], False, False),
        ("答案是铜厅。", ["铜厅"], False, True),
        ("37 克朗", ["37克朗"], True, True),
        ("137克朗", ["37克朗"], False, False),
        ("1931年", ["31", "193"], False, False),
        ("23张。", ["23"], False, True),
        ("an owl", ["the owl", "a cat"], True, True),
        ("", ["x"], False, False),
        ("x", [], False, False),
    ],
)
def test_exact_match_and_contains(answer, accepted, exact, inside):
    assert exact_match(answer, accepted) is exact
    assert contains(answer, accepted) is inside


def test_a_refusal_is_known_in_both_languages():
    assert all(is_refusal(words) for words in NOT_FOUND.values())
    assert is_refusal("Not in the passages")
    assert not is_refusal("Not before noon")
    assert not is_refusal("")
