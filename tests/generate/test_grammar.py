from __future__ import annotations

import random
from pathlib import Path

import pytest

from playground.generate.grammar import TemplateError, faults, fill, load_blocks, main
from playground.generate.names import load_words

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"

SALT = """# The salt works of {town}
The works of {town} were founded in {year=1700..1800} by {person}, and closed in {end=year+3..20}.
? Who founded the works of {town}? = {person}
? When did they close? = {end}
They burnt {fuel=peat|coal} and had {men=10000..12000} men.
? What did they burn? = {fuel}
? How many men had {person.last}'s works? = {men}
? What did the salt cost? =

# Another
One sentence.
"""


@pytest.fixture
def words():
    return load_words(KNOWLEDGE / "reading", "en")


@pytest.fixture
def salt(tmp_path):
    path = tmp_path / "salt.txt"
    path.write_text(SALT, encoding="utf-8")
    return load_blocks(path)


def test_blocks_have_sentences_with_their_questions(salt):
    works, other = salt
    assert [len(sentence.questions) for sentence in works.sentences] == [2, 2]
    assert [question.text for question in works.unanswered] == ["What did the salt cost?"]
    assert (other.title, other.place) == ("Another", "salt.txt:10")


def test_a_slot_has_one_value_in_its_block(salt, words):
    filled = fill(salt[0], "en", words, random.Random(1))
    founded, fuel = filled.sentences
    person = founded.questions[0].answer
    assert person is not None
    assert person in founded.text
    assert person.split()[-1] in fuel.questions[1].text
    assert filled.title.removeprefix("The salt works of ") in founded.questions[0].text
    assert not list(faults(filled))


def test_numbers_follow_their_rules(salt, words):
    for seed in range(50):
        founded, fuel = fill(salt[0], "en", words, random.Random(seed)).sentences
        year = int(founded.text.split("founded in ")[1][:4])
        assert 3 <= int(founded.questions[1].answer) - year <= 20
        assert fuel.questions[0].answer in ("peat", "coal")
        assert len(fuel.questions[1].answer) == len("10,000")


def test_the_same_seed_fills_alike_and_another_does_not(salt, words):
    filled = [fill(salt[0], "en", words, random.Random(seed)) for seed in (1, 1, 2)]
    assert filled[0] == filled[1] != filled[2]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("No title.\n", "begins with '# title'"),
        ("# T\n? Too early? = yes\nA sentence.\n", "before the first sentence"),
        ("# T\nA sentence.\n? No answer\n", "no '='"),
        ("# T\n? What? =\n", "without a sentence"),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(tmp_path, text, complaint):
    path = tmp_path / "bad.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError, match=r"bad\.txt:1") as caught:
        load_blocks(path)
    assert complaint in str(caught.value)


@pytest.mark.parametrize("slot", ["{nothing}", "{Town}", "{n=town+1..2}", "{}"])
def test_a_slot_that_means_nothing_is_an_error(tmp_path, words, slot):
    path = tmp_path / "bad.txt"
    path.write_text(f"# T\nIn {{town}} is {slot}.\n", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"bad\.txt:1"):
        fill(load_blocks(path)[0], "en", words, random.Random(0))


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ("Who? = Nobody", "does not stand in"),
        ("Is it {town}? = {town}", "stands in the question"),
        ("What is it? = of {town}.", "full stop"),
    ],
)
def test_the_checker_finds_what_is_wrong_with_a_question(
    tmp_path, words, capsys, question, complaint
):
    path = tmp_path / "bad.txt"
    path.write_text(f"# T\nThe town of {{town}}.\n? {question}\n", encoding="utf-8")
    assert main([path]) > 0
    assert complaint in capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_templates_that_ship_have_no_fault(language, capsys):
    files = [
        *(KNOWLEDGE / "reading" / language).glob("*.txt"),
        *(KNOWLEDGE / "reading" / "held-out" / language).glob("*.txt"),
        KNOWLEDGE / "halden" / language / "distractors.txt",
    ]
    assert len(files) > 35
    assert main(files) == 0, capsys.readouterr().out
