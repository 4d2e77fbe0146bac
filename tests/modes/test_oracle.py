"""The gold passage: found where the answer stands, and cut to a readable length."""

from __future__ import annotations

import pytest

from playground.errors import NoGoldPassage
from playground.modes.oracle import gold_of, passage_around
from playground.types import Question, Source


def question(**more):
    return Question("q", "en", "fact", "What is hot?", **{"answers": ("Tea",), **more})


def document(title, text):
    return Source(title, title, text, 0, len(text))


def test_a_passage_is_cut_at_line_ends_and_not_much_longer_than_150_words():
    lines = [f"line {n} " + "word " * 20 + "\n" for n in range(40)]
    text = "".join(lines)
    start = text.index("line 20")
    passage = passage_around(text, start, start + 7)
    assert "line 20" in passage
    assert set(passage.splitlines()) <= {line.strip() for line in lines} | set(text.splitlines())
    assert 120 < len(passage.split()) <= 150


def test_a_line_that_is_longer_than_a_passage_is_a_passage():
    text = "word " * 400
    assert passage_around(text, 50, 54) == text.strip()


def test_gold_is_the_passage_around_the_answer_with_its_place_in_the_document():
    text = "# Drinks\n\n" + "Water is wet. " * 200 + "\nTea is hot.\n" + "Milk is white. " * 200
    (found,) = gold_of(
        question(documents=("a.md",)), (document("b.md", "Tea"), document("a.md", text))
    )
    assert found.title == "a.md"
    assert found.text == "Tea is hot."
    assert text[found.start : found.end] == found.text


def test_the_place_that_the_question_names_goes_before_an_earlier_one():
    text = "Tea is an old drink.\n" + "Water is wet. " * 200 + "\nTea is hot.\n"
    start = text.index("Tea is hot")
    (found,) = gold_of(question(documents=("a",), start=start), (document("a", text),))
    assert found.text == "Tea is hot."


@pytest.mark.parametrize("documents", [(), ("a.md",), ("elsewhere.md",)])
def test_without_a_known_place_there_is_no_gold(documents):
    with pytest.raises(NoGoldPassage):
        gold_of(question(documents=documents), (document("a.md", "Milk is white."),))
