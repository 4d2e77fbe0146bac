from __future__ import annotations

import pytest

from playground.evaluation import contains, exact_match, f1, is_refusal, normalised
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
    ("answer", "accepted", "inside"),
    [
        ("37 crowns.", ["37 crowns"], True),
        ("The night pass costs 37 crowns.", ["37 crowns"], True),
        ("137 crowns", ["37 crowns"], False),  # not a part of a word
        ("It was in 1931", ["31"], False),
        ("答案是铜厅。", ["铜厅"], True),
        ("37 克朗", ["37克朗"], True),
        ("137克朗", ["37克朗"], False),
        ("1931年", ["31", "193"], False),
        ("23张。", ["23"], True),
        ("an owl", ["the owl", "a cat"], True),
        ("", ["x"], False),
        ("x", [], False),
        # What is nothing once normalised is looked for as it is, and not found everywhere.
        ("铜厅", ["✓"], False),
        ("铜厅 ✓", ["✓"], True),
        ("", ["the"], False),
        ("铜厅", [""], False),
    ],
)
def test_an_answer_that_holds_an_accepted_one_contains_it(answer, accepted, inside):
    assert contains(answer, accepted) is inside


@pytest.mark.parametrize(
    ("answer", "accepted", "language", "exact", "best"),
    [
        ("the owl", ["cat", "An owl"], "en", True, 1),
        ("a white owl", ["cat", "owl", "white cat"], "en", False, 2 / 3),
        ("铜厅里", ["大厅", "铜厅"], "zh", False, 4 / 5),
        ("owl", [], "en", False, 0),
        # It is the question's language that says whose rules hold.
        ("37 克朗", ["37克朗"], "zh", False, 1),
        ("37 克朗", ["37克朗"], "en", False, 0),
        ("the", ["an"], "zh", False, 0),
        ("the", ["an"], "en", True, 1),
    ],
)
def test_the_best_accepted_answer_counts_by_the_rules_of_the_language(
    answer, accepted, language, exact, best
):
    assert exact_match(answer, accepted, language) is exact
    assert f1(answer, accepted, language) == pytest.approx(best)


def test_a_refusal_is_known_in_both_languages():
    assert all(is_refusal(words) for words in NOT_FOUND.values())
    assert is_refusal("Not in the passages")
    assert not is_refusal("Not before noon")
    assert not is_refusal("")
