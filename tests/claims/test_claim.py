"""When a claim holds, does not, or cannot be decided from so few questions."""

from __future__ import annotations

import pytest

from playground.claims import CLAIMS
from playground.claims.claim import below, better, together
from playground.evaluation import Paired, Share


@pytest.mark.parametrize(
    ("outcome", "ruling"),
    [
        (Paired(3, 0, 6, 3), "holds"),  # 6 against 0: p = 0.031
        (Paired(3, 0, 5, 3), "not decided"),  # 5 against 0: p = 0.0625
        (Paired(3, 6, 0, 3), "does not hold"),
        (Paired(0, 1, 9, 0), "holds"),  # p = 0.021
        (Paired(0, 2, 9, 0), "not decided"),  # p = 0.065
        (Paired(10, 0, 0, 10), "not decided"),
        (Paired(0, 0, 0, 0), "not decided"),
    ],
)
def test_a_mode_is_better_only_if_chance_does_not_explain_it(outcome, ruling):
    found, told = better("rag", "lora", outcome)
    assert found == ruling
    assert f"of {outcome.total}" in told


@pytest.mark.parametrize(
    ("parts", "ruling"),
    [
        (["holds", "holds"], "holds"),
        (["holds", "not decided"], "not decided"),
        (["not decided", "does not hold", "holds"], "does not hold"),
        ([], "not decided"),
    ],
)
def test_a_claim_of_several_parts_holds_if_all_do(parts, ruling):
    assert together(parts) == ruling


@pytest.mark.parametrize(
    ("share", "ruling"),
    [(Share(1, 20), "holds"), (Share(19, 20), "does not hold"), (Share(9, 20), "not decided")],
)
def test_a_share_is_below_a_bound_if_its_whole_interval_is(share, ruling):
    assert below(share, 0.5) == ruling


def test_there_are_ten_claims_in_both_languages_each_with_its_source():
    assert [claim.number for claim in CLAIMS] == list(range(1, 11))
    for claim in CLAIMS:
        assert claim.text.en != claim.text.zh
        assert "arXiv" in claim.source
