"""One answer, marked: what counts as right for each kind, and where retrieval found it."""

from __future__ import annotations

import pytest

from playground.evaluation import Mark, mark
from playground.modes.prompts import NOT_FOUND
from tests.evaluation.examples import answer, passage, question


@pytest.mark.parametrize(
    ("asked", "text", "right", "abstained"),
    [
        ({}, "It is the tea.", True, False),
        ({}, "Milk", False, False),
        ({}, NOT_FOUND["en"], False, True),
        ({"answers": ("passages",)}, "Not in the passages.", False, True),  # though it holds it
        ({"kind": "unanswerable", "answers": ()}, NOT_FOUND["zh"], True, True),
        ({"kind": "unanswerable", "answers": ()}, "Tea", False, False),
        ({"answers": ()}, "Tea", None, False),
        ({"language": "zh", "answers": ("绿茶", "茶")}, "是绿茶。", True, False),
    ],
)
def test_right_is_what_holds_an_accepted_answer_or_says_that_there_is_none(
    asked, text, right, abstained
):
    given = mark(question(**asked), answer(text))
    assert (given.right, given.abstained, given.characters) == (right, abstained, len(text))


def test_scores_are_of_the_best_accepted_answer_and_rouge_of_the_reference():
    told = question(answers=("tea", "green tea"), reference="green tea is hot")
    given = mark(told, answer("green tea"))
    assert given.exact_match is True
    assert given.f1 == 1
    assert given.rouge_l == pytest.approx(2 / 3)  # 2 of 2 words, 2 of 4


@pytest.mark.parametrize("kind", ["fact", "unanswerable"])
def test_nothing_is_scored_against_no_accepted_answer(kind):
    given = mark(question(kind=kind, answers=()), answer("Tea"))
    assert (given.exact_match, given.f1, given.rouge_l, given.ranks) == (None, None, None, None)


@pytest.mark.parametrize(
    ("chosen", "right"),
    [(1, True), (2, True), (0, False), (None, False)],
)
def test_a_choice_is_right_if_it_is_an_accepted_answer(chosen, right):
    told = question(answers=("Tea", "Cocoa"), options=("Milk", "Tea", "Cocoa"))
    given = mark(told, answer("Milk", chosen=chosen), multiple_choice=True)
    assert (given.chosen_right, given.right) == (right, False)


def test_nobody_chose_where_there_are_no_options_or_was_no_choice():
    assert mark(question(), answer(), multiple_choice=True).chosen_right is None
    assert mark(question(options=("Tea", "Milk")), answer()).chosen_right is None


A, B = passage("a.md", "Milk is white."), passage("b.md", "Tea is hot.")
HEAD = passage("c.csv", "1,2", table_head="Tea,Milk")
WHOLE = passage("b.md", "Tea is hot.", score=None, dense_score=None)


@pytest.mark.parametrize(
    ("documents", "answers", "sources", "ranks"),
    [
        (("b.md",), ("Tea",), (A, B), (2,)),
        (("b.md", "a.md"), ("Tea", "Milk"), (A, B), (2, 1)),
        (("b.md",), ("Tea",), (passage("b.md", "Cups."), B), (2,)),  # the one with the answer
        (("a.md",), ("Tea",), (A, B), (None,)),  # its passage does not hold the answer
        (("a.md",), (), (B, A), (2,)),  # nobody knows the answer: any passage of it
        (("c.csv",), ("Tea",), (HEAD,), (1,)),
        ((), ("Tea",), (A, B), None),
        (("b.md",), ("Tea",), (WHOLE,), None),  # nothing was searched for
        (("b.md",), ("Tea",), (), None),
    ],
)
def test_ranks_are_of_the_first_passage_of_each_document_that_holds_the_answer(
    documents, answers, sources, ranks
):
    told = question(documents=documents, answers=answers)
    assert mark(told, answer(sources=sources)).ranks == ranks


def test_a_search_that_found_nothing_like_the_question_missed_its_documents():
    nothing = answer(NOT_FOUND["en"], outcome="not-in-knowledge")
    assert mark(question(documents=("a.md", "b.md")), nothing).ranks == (None, None)
    assert mark(question(kind="unanswerable", answers=()), nothing) == Mark(True, True, 20)
