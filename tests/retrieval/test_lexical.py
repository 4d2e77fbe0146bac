"""The tokens that BM25 sees."""

import sqlite3

import pytest

from playground.retrieval import lexical


def _tables():
    connection = sqlite3.connect(":memory:")
    connection.execute(lexical.LEXICAL_TABLE)
    connection.execute(lexical.TERMS_TABLE)
    return connection


@pytest.mark.parametrize(
    ("text", "indexed", "asked"),
    [
        ("退款", ["退", "款", "退款"], ["退款"]),
        ("款", ["款"], ["款"]),
        ("GitHub备份", ["github", "备", "份", "备份"], ["github", "备份"]),
        ("ＧＰＴ－４ 2.5", ["gpt", "4", "2", "5"], ["gpt", "4", "2", "5"]),
        ("Straße_x the the", ["strasse", "x", "the", "the"], ["strasse", "x", "the"]),
        ("", [], []),
        ("？！ -- \"'", [], []),
        (
            "臺灣發電機",
            [*"台湾发电机", "台湾", "湾发", "发电", "电机"],
            ["台湾", "湾发", "发电", "电机"],
        ),
    ],
)
def test_tokens(text, indexed, asked):
    assert lexical.index_tokens(text) == indexed
    assert lexical.query_tokens(text) == asked


@pytest.mark.parametrize(
    "word", ["naïve", "привет", "हिन्दी", "ไทย", "한국어", "ひらがな", "𠮷野家"]
)
def test_every_script_is_found(word):
    connection = _tables()
    lexical.insert(connection, 1, f"something {word} something")
    lexical.insert(connection, 2, "nothing else")
    lexical.insert(connection, 3, "nothing more")
    assert [found for found, _ in lexical.search(connection, word, limit=5)] == [1]
    connection.close()


@pytest.mark.parametrize(
    ("text", "phrase", "rest"),
    [
        ("When does HALDEN Observatory open?", "Halden Observatory", "When does open?"),
        ("哈尔登天文台几点开门？", "哈尔登天文台", "几点开门？"),
        ("What is C++?", "C++", "What is ?"),
        ("Is the cat in the catalogue?", "cat", "Is the in the catalogue?"),
        ("Which docs are in docs2?", "docs", "Which are in docs2?"),
        ("Halden?", "Halden", "Halden?"),
    ],
)
def test_a_phrase_is_taken_out_where_it_is_not_part_of_a_word(text, phrase, rest):
    assert lexical.without(text, phrase).split() == rest.split()


def test_traditional_question_finds_simplified_text_and_the_other_way_round():
    connection = _tables()
    lexical.insert(connection, 1, "退款需要七个工作日。")
    lexical.insert(connection, 2, "後面的發電機壞了。")
    lexical.insert(connection, 3, "nothing more")
    assert [found for found, _ in lexical.search(connection, "幾個工作日", limit=5)] == [1]
    assert [found for found, _ in lexical.search(connection, "后面的发电机", limit=5)] == [2]
    connection.close()


def test_words_that_stand_nearly_everywhere_are_not_asked_for_where_there_are_many(monkeypatch):
    monkeypatch.setattr(lexical, "MAX_SCORED", 20)
    connection = _tables()
    for number in range(100):
        lexical.insert(connection, number + 1, f"the paper number{number} of group{number % 10}")
    question = "What of the group7 and number42?"
    found = lexical.search(connection, question, limit=99)
    assert found[0][0] == 43
    assert {key for key, _ in found} == {43, *range(8, 101, 10)}
    assert len(lexical.search(connection, "the", limit=99)) == 99  # it is all that is asked
    connection.close()
