"""What counts as a vote, what votes add up to, and that each round counts once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from sqlite3 import connect

import pytest

from playground.errors import VotesUnusable
from playground.votes import Comparison, Tally, Vote, Votes, comparisons, tally

VOTE = Vote(
    id="1",
    created=1.5,
    question="谁？",
    model="fake",
    knowledge="World",
    adapter=None,
    shown=("rag", "base"),
    choice="rag",
)


@pytest.fixture
def votes(tmp_path):
    return Votes(tmp_path / "new" / "votes.sqlite")


def test_the_best_of_several_beats_each_other_one_and_says_nothing_of_those():
    assert comparisons(("rag", "base", "lora"), "base") == (
        Comparison("rag", "base", "second"),
        Comparison("base", "lora", "first"),
    )


@pytest.mark.parametrize("choice", ["tie", "bad"])
def test_what_holds_of_all_holds_of_every_two(choice):
    assert comparisons(("rag", "base", "lora"), choice) == (
        Comparison("rag", "base", choice),
        Comparison("rag", "lora", choice),
        Comparison("base", "lora", choice),
    )


def test_a_pair_is_counted_alike_wherever_its_modes_stood():
    compared = [
        Comparison("rag", "base", "first"),
        Comparison("base", "rag", "second"),
        Comparison("base", "rag", "first"),
        Comparison("rag", "base", "tie"),
        Comparison("rag", "base", "bad"),
        Comparison("base", "rag", "bad"),
    ]
    assert tally(compared) == (Tally("base", "rag", 1, 2, 1, 2),)


def test_pairs_come_in_the_order_of_the_modes_and_unknown_ones_last():
    compared = [
        Comparison(first, second, "tie")
        for first, second in (("lora", "rag"), ("gone", "base"), ("rag", "base"))
    ]
    pairs = [(one.first, one.second) for one in tally(compared)]
    assert pairs == [("base", "rag"), ("base", "gone"), ("rag", "lora")]


def test_the_share_and_the_sign_test_are_of_the_votes_that_decide():
    one = Tally("base", "rag", first_better=1, second_better=9, ties=50, both_bad=70)
    assert (one.share.count, one.share.total) == (1, 10)
    assert one.share.interval == pytest.approx((0.0179, 0.4042), abs=1e-4)
    assert one.p_value == pytest.approx(2 * (1 + 10) / 2**10)


def test_where_nothing_is_decided_nothing_is_claimed():
    one = Tally("base", "rag", 0, 0, ties=3, both_bad=2)
    assert one.share.interval == (0.0, 1.0)
    assert one.p_value == 1.0


def test_votes_are_kept_with_what_they_were_about(votes, tmp_path):
    assert votes.add(VOTE)
    with connect(tmp_path / "new" / "votes.sqlite") as file:
        kept = file.execute("SELECT * FROM votes").fetchall()
    file.close()
    assert kept == [("1", 1.5, "谁？", "zh", "fake", "World", None, "rag", "base", "first")]
    again = Votes(tmp_path / "new" / "votes.sqlite")
    assert again.tallies("fake") == (Tally("base", "rag", 0, 1, 0, 0),)


def test_a_round_counts_once_whatever_is_said_of_it_later(votes):
    three = replace(VOTE, shown=("rag", "base", "lora"))
    assert votes.add(three)
    before = votes.tallies("fake")
    assert not votes.add(three)
    assert not votes.add(replace(three, choice="lora"))
    assert votes.tallies("fake") == before
    assert votes.add(replace(three, id="2", choice="lora"))
    assert votes.tallies("fake") != before


def test_of_votes_that_come_at_once_on_one_round_one_counts(votes):
    many = [replace(VOTE, choice=choice) for choice in ("rag", "base", "tie", "bad") * 4]
    with ThreadPoolExecutor(8) as pool:
        counted = list(pool.map(votes.add, many))
    assert counted.count(True) == 1
    [one] = votes.tallies("fake")
    assert one.first_better + one.second_better + one.ties + one.both_bad == 1


def test_models_are_counted_and_forgotten_apart(votes):
    votes.add(VOTE)
    votes.add(replace(VOTE, id="2", model="another", choice="bad"))
    assert votes.models() == ("another", "fake")
    votes.reset("fake")
    assert votes.models() == ("another",)
    assert votes.tallies("fake") == ()
    assert votes.tallies("another") == (Tally("base", "rag", 0, 0, 0, 1),)


def test_a_file_of_something_else_is_an_error_that_names_it(tmp_path):
    file = tmp_path / "votes.sqlite"
    file.write_bytes(b"nothing that SQLite wrote" * 100)
    with pytest.raises(VotesUnusable, match=r"votes\.sqlite"):
        Votes(file).tallies("fake")
