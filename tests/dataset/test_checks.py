"""What the checks find before a training starts, and what they leave alone."""

from __future__ import annotations

import pytest

from playground.dataset import Row
from playground.dataset.checks import check_leaks, check_rows, normalised
from playground.dataset.personal import sorts_in
from playground.types import Message


def row(number, question, answer, system=""):
    before = (Message("system", system),) if system else ()
    return Row(number, (*before, Message("user", question), Message("assistant", answer)))


def enough(*rows):
    """With others, so that there are not too few."""
    return (*rows, *(row(100 + i, f"other question {i}", f"answer {i}") for i in range(10)))


def found(rows):
    return [(finding.kind, finding.rows) for finding in check_rows(rows)]


def test_rows_with_nothing_to_find_find_nothing():
    assert check_rows(enough()) == ()


@pytest.mark.parametrize(("count", "is_tiny"), [(1, True), (9, True), (10, False)])
def test_fewer_than_ten_rows_are_few(count, is_tiny):
    rows = enough()[:count]
    assert [f.kind for f in check_rows(rows)] == ["tiny"] * is_tiny


def test_the_same_conversation_twice_is_a_duplicate():
    rows = enough(row(1, "q", "a"), row(2, "q", "a"), row(5, "q", "a"))
    assert found(rows) == [("duplicate", (1, 2, 5))]
    assert found(enough(Row(1, (), "text"), Row(2, (), "text"))) == [("duplicate", (1, 2))]


def test_two_answers_to_one_question_are_a_conflict():
    rows = enough(row(1, "How many days?", "Seven"), row(4, "how many  days", "Five"))
    assert found(rows) == [("conflict", (1, 4))]


def test_answers_that_differ_in_punctuation_alone_do_not_contradict():
    assert found(enough(row(1, "q?", "Seven."), row(2, "q", "seven"))) == []


def test_the_same_question_under_another_system_text_may_have_another_answer():
    rows = enough(row(1, "Who are you?", "A cat", "Be a cat"), row(2, "Who are you?", "A dog"))
    assert found(rows) == []


def test_the_same_turn_in_another_conversation_is_no_conflict():
    first = (Message("user", "a"), Message("assistant", "b"))
    rows = [
        Row(1, (*first, Message("user", "And?"), Message("assistant", "one"))),
        Row(2, (Message("user", "c"), Message("assistant", "d"), *row(0, "And?", "two").messages)),
    ]
    assert found(enough(*rows)) == []


def test_questions_on_both_sides_leak():
    training = [row(1, "退款要几天？", "七天"), row(2, "b", "b"), row(3, "退款 要几天", "7")]
    validation = [row(9, "退款，要几天?", "七天"), row(10, "c", "c")]
    (leak,) = check_leaks(training, validation)
    assert (leak.kind, leak.rows) == ("leak", (1, 3, 9))
    assert "rows 1, 3, to learn" in leak.reason.en
    assert "第 9 行" in leak.reason.zh


def test_plain_texts_on_both_sides_leak():
    (leak,) = check_leaks([Row(1, (), "Some words.")], [Row(2, (), "some words")])
    assert leak.rows == (1, 2)
    assert check_leaks([Row(1, (), "Some words.")], [Row(2, (), "other words")]) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｈｅｌｌｏ，world！", "hello world"),
        ("A\u3000b", "ab"),
        ("“什么”？", "什么"),
        ("ﬁne", "fine"),
    ],
)
def test_ways_to_write_the_same_are_the_same(one, other):
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"), [("3.5", "35"), ("C++", "C"), ("C#", "C"), ("1/2", "12"), ("?", "!")]
)
def test_signs_that_mean_something_are_kept(one, other):
    assert normalised(one) != normalised(other)


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("Write to ann.lee+x@mail.halden.co.uk.", "e-mail addresses"),
        ("邮箱a@b.cn，谢谢", "e-mail addresses"),
        ("电话13812345678吗", "phone numbers"),
        ("＋86 １３８-1234-5678", "phone numbers"),
        ("010-62345678", "phone numbers"),
        ("call (415) 555-2671", "phone numbers"),
        ("+44 20 7946 0958", "phone numbers"),
        ("身份证11010519491231002X。", "Chinese ID numbers"),
        ("card 4111 1111 1111 1111", "bank card numbers"),
        ("3782-822463-10005", "bank card numbers"),
        ("key sk-proj-abcdefghij0123456789", "keys or passwords of services"),
        ("AKIAIOSFODNN7EXAMPLE", "keys or passwords of services"),
        ("-----BEGIN RSA PRIVATE KEY-----", "keys or passwords of services"),
    ],
)
def test_personal_data_and_secrets_are_noticed(text, sort):
    assert [found.name.en for found in sorts_in(text)] == [sort]


@pytest.mark.parametrize(
    "text",
    [
        "Write to somebody@example.com.",
        "@someone said a@b",
        "order 20260501 of 2026-05-01 12:30:00",
        "110105194912310021",  # an ID number but for its last digit
        "11010519491331002X",  # born in month 13
        "4111 1111 1111 1112",
        "0000 0000 0000 0000",
        "1,234,567.00 and 3.14159265358979",
        "ISBN 978-3-16-148410-0, version 1.2.3.4",
        "1381234567890",
        "ask-me-anything-about-this-subject, risk-free",
        "退款需要七个工作日",
    ],
)
def test_numbers_and_words_that_only_look_a_little_like_it_are_not(text):
    assert sorts_in(text) == ()


def test_personal_data_is_reported_by_row_and_not_repeated():
    rows = enough(row(3, "Who?", "Ann, a@b.cn"), row(7, "Tell c@d.cn", "Yes"))
    (finding,) = check_rows(rows)
    assert (finding.kind, finding.rows) == ("personal", (3, 7))
    assert "a@b.cn" not in finding.reason.en + finding.reason.zh


def test_texts_made_to_be_slow_are_not():
    for text in (
        "a" * 200_000,
        "a." * 100_000 + "@",
        "+1 " * 60_000,
        "1" * 200_000,
        "@a." * 60_000,
    ):
        sorts_in(text)


def test_many_rows_are_checked_and_long_lists_are_cut_in_words_alone():
    rows = [row(i, "the same", "answer") for i in range(1, 20_001)]
    (finding,) = check_rows(rows)
    assert len(finding.rows) == 20_000
    assert len(finding.reason.en) < 300
