"""Rates and first tokens as figures."""

from __future__ import annotations

from playground.bench.figures import Figure, Goal, LeftOut
from playground.bench.rounds import Timing
from playground.bench.speed import first_token, rate


def timing(tokens, *, first=1.0, total=2.0, cached=0):
    return Timing("", 4400, tokens, cached, first, total)


def test_a_rate_leaves_short_answers_out():
    timings = {"ours": [timing(64), timing(3)], "them": [timing(33)], "silent": [timing(2)]}
    figure = rate("decode", "decode", timings, (Goal("ours/peer", "them", at_least=1.05),))
    assert isinstance(figure, Figure)
    assert figure.ours.values == (63.0,)
    assert {name: spread.values for name, spread in figure.peers.items()} == {"them": (32.0,)}
    assert figure.verdicts[0].met


def test_a_rate_of_short_answers_alone_is_left_out_with_its_reason():
    missing = rate("decode", "decode, short", {"ours": [timing(3), timing(7)]}, ())
    assert isinstance(missing, LeftOut)
    assert "7" in missing.reason


def test_a_first_token_says_how_long_the_prompt_was_and_what_was_kept_of_it():
    timings = {"ours": [timing(2, first=0.1, cached=4096)], "them": [timing(2, first=0.6)]}
    figure = first_token("warm", timings, (Goal("peer/ours", "them", at_least=6),))
    assert figure.verdicts[0].value == 0.6 / 0.1
    assert "4,400" in figure.note
    assert "ours 4,096" in figure.note
