"""Test questions: typed, from rows, sampled, and kept with a run."""

from __future__ import annotations

from playground.dataset import Row
from playground.finetune.questions import (
    TestQuestion,
    from_rows,
    load_questions,
    sampled,
    save_questions,
    typed,
)
from playground.types import Message

ROWS = [
    Row(n, (Message("user", f"Which is {n}?"), Message("assistant", f"It is {n}.")))
    for n in range(1, 21)
]


def test_a_line_is_a_question_and_may_say_its_answers():
    questions = typed("What is it?\n\n  多少钱？ => 37克朗 | 三十七克朗 \nWhich\tthat\n1 => ")
    assert [(q.question, q.answers) for q in questions] == [
        ("What is it?", ()),
        ("多少钱？", ("37克朗", "三十七克朗")),
        ("Which", ("that",)),
        ("1", ()),
    ]
    assert all(q.kind == "own" for q in questions)


def test_nothing_typed_is_no_question():
    assert typed(" \n\t\n => only an answer") == ()


def test_a_row_asks_its_last_question_after_all_that_came_before():
    row = Row(1, (Message("system", "Be brief."), *ROWS[0].messages, *ROWS[1].messages))
    (question,) = from_rows([row])
    assert question.messages == row.messages[:-1]
    assert question.answers == ("It is 2.",)
    assert from_rows([Row(2, (), "plain text")]) == ()


def test_the_seed_decides_which_held_back_rows_are_asked():
    assert sampled(ROWS, 5, seed=1) == sampled(ROWS, 5, seed=1) != sampled(ROWS, 5, seed=2)
    assert len(sampled(ROWS, 99, seed=0)) == 20
    assert {q.kind for q in sampled(ROWS, 5, seed=1)} == {"held-out"}


def test_questions_are_kept_as_they_are(tmp_path):
    questions = (*typed("多少？ => 一\u2028二"), TestQuestion("general", ROWS[0].messages[:1]))
    save_questions(tmp_path / "q.json", questions)
    assert load_questions(tmp_path / "q.json") == questions
    assert load_questions(tmp_path / "none.json") == ()
