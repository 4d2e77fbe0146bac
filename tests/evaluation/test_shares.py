from __future__ import annotations

import math

import pytest

from playground.evaluation import Share


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [
        # Worked examples of Wilson's interval, as in Newcombe (1998), table I.
        (Share(81, 263), 0.2553, 0.3662),
        (Share(15, 148), 0.0624, 0.1605),
        (Share(0, 20), 0.0, 0.1611),
        (Share(1, 29), 0.0061, 0.1718),
    ],
)
def test_wilsons_interval(share, low, high):
    assert share.interval == pytest.approx((low, high), abs=5e-5)


def test_a_share_counts_what_is_true():
    share = Share.of([True, False, True, True])
    assert (share.count, share.total, share.value) == (3, 4, 0.75)
    assert str(share).startswith("0.750 (3/4, ")


def test_a_share_of_nothing_says_nothing():
    share = Share.of([])
    assert math.isnan(share.value)
    assert share.interval == (0.0, 1.0)
