"""In which third of what was read the answer stood."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.evaluation import Marked, Share, by_place, mark
from playground.evaluation.positions import place_of
from playground.types import Source
from tests.evaluation.examples import answer, question

FILLER = "x" * 90


def source(text, title="hours.md", start=0):
    return Source(title, title, text, start, start + len(text))


def read(*sources, accepted="9:00", **more):
    asked = question(answers=(accepted,), documents=("hours.md",), **more)
    return asked, answer(mode="rag", sources=sources)


def said(asked, given, text):
    given = replace(given, text=text)
    return Marked(asked, given.mode, given, mark(asked, given))


@pytest.mark.parametrize(
    ("before", "after", "place"), [(0, 2, "beginning"), (1, 1, "middle"), (2, 0, "end")]
)
def test_of_passages_it_is_the_one_that_holds_the_answer(before, after, place):
    gold = source("The shop opens at 9:00. " + "y" * 69)
    others = [source(FILLER, "other.md")] * 2
    assert place_of(*read(*others[:before], gold, *others[:after])) == place


@pytest.mark.parametrize(("start", "place"), [(10, "beginning"), (150, "middle"), (290, "end")])
def test_in_a_whole_document_it_is_where_the_answer_stands(start, place):
    text = " " * start + "9:00" + " " * (296 - start)
    assert place_of(*read(source(text), start=start, end=start + 4)) == place


def test_a_passage_from_the_middle_of_a_document_counts_from_its_own_start():
    passage = source("At 9:00 it opens. " + "z" * 282, start=5000)
    assert place_of(*read(passage, start=5003, end=5007)) == "beginning"


def test_chinese_is_placed_alike():
    gold = source("商店九点开门。" + "字" * 40)
    other = source("字" * 47, "other.md")
    assert place_of(*read(other, other, gold, accepted="九点", language="zh")) == "end"


def test_what_was_not_read_is_absent():
    assert place_of(*read(source(FILLER, "other.md"))) == "absent"
    assert place_of(*read(source("It is closed.", "hours.md"))) == "absent"


def test_there_is_no_place_where_nothing_was_read_or_several_documents_are_needed():
    assert place_of(*read()) is None
    asked, given = read(source("At 9:00."))
    assert place_of(replace(asked, documents=("a.md", "b.md")), given) is None
    assert place_of(replace(asked, answers=()), given) is None


def test_shares_are_told_by_mode_and_place():
    first = read(source("At 9:00. " + FILLER), source(FILLER, "other.md"))
    last = read(source(FILLER, "other.md"), source(FILLER, "other.md"), source("At 9:00."))
    found = by_place([said(*first, "9:00"), said(*first, "10:00"), said(*last, "At 9:00.")])
    assert found == {"rag": {"beginning": Share(1, 2), "end": Share(1, 1)}}
