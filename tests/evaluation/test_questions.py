"""A user's file of questions: any container, columns in two languages, bad rows told one by one."""

from __future__ import annotations

import json

import pytest

from playground.errors import DatasetError, EmptyDataset, NoQuestionColumn, NoQuestions
from playground.evaluation import load_questions
from playground.types import Question

ENGLISH = Question("1", "en", "fact", "What is hot?", ("Tea", "Green tea"), ("a.md", "b.md"))
CHINESE = Question("1", "zh", "fact", "什么是热的？", ("茶", "绿茶"), ("甲.md",))


def jsonl(*rows):
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("q.csv", "question,answers,source\nWhat is hot?,Tea|Green tea,a.md | b.md\n", ENGLISH),
        ("q.tsv", "Query\tGold\tDocuments\nWhat is hot?\tTea|Green tea\ta.md|b.md\n", ENGLISH),
        ("q.csv", "问题,答案,来源\n什么是热的？,茶|绿茶,甲.md\n", CHINESE),
        ("q.csv", "题目;标准答案;出处\n什么是热的？;茶|绿茶;甲.md\n", CHINESE),
        (
            "q.jsonl",
            jsonl({"question": " What is hot? ", "answers": ["Tea", "", None, "Green tea"]}),
            Question("1", "en", "fact", "What is hot?", ("Tea", "Green tea")),
        ),
        (
            "squad.json",
            '{"data": [{"id": "7", "question": "什么是热的？", "context": "茶。",'
            ' "answers": {"text": ["茶"], "answer_start": [0]}}]}',
            Question("7", "zh", "fact", "什么是热的？", ("茶",)),
        ),
        (
            "q.csv",
            'question,answers,kind,reference\nHow many?,"[""a|b"", 5.0]",count,So many.\n',
            Question("1", "en", "count", "How many?", ("a|b", "5"), reference="So many."),
        ),
        (
            "q.csv",
            "question,answer,options\nWhich?,b,Milk|Tea\n",
            Question("1", "en", "fact", "Which?", ("Tea",), options=("Milk", "Tea")),
        ),
        (
            "q.csv",
            "question,answers,kind\nWho?,nobody,无法回答\n",
            Question("1", "en", "unanswerable", "Who?", ()),
        ),
        ("q.txt", "What is hot? => Tea | Green tea\n", ENGLISH),
        ("q.txt", "题目\n\n什么是热的？ ＝＞ 茶|绿茶\n", CHINESE),
    ],
)
def test_a_question_is_read_with_what_is_known_of_it(file, text, expected):
    read = load_questions(file, text.encode())
    assert not read.problems
    (question,) = read.questions
    if file == "q.txt":  # which has no place for documents
        assert question.answers == expected.answers
        assert question.question == expected.question
    else:
        assert question == expected


def test_a_file_in_an_older_encoding_reads_the_same():
    text = "问题,答案\n退款要几天？,七个工作日\n"
    read = load_questions("q.csv", text.encode("gb18030"))
    assert read == load_questions("q.csv", text.encode())
    assert read.questions[0].answers == ("七个工作日",)


@pytest.mark.parametrize(
    "lines",
    [
        ["In 1931, who built it?", "And then, who?", "Well, what?"],
        ["Which are red? => Apples, cherries", "Which blue? => Sky, sea", "Who? => A, b"],
    ],
)
def test_commas_do_not_make_a_table_of_a_list_of_questions(lines):
    read = load_questions("q.txt", "\n".join(lines).encode())
    assert [q.question for q in read.questions] == [line.split(" =>")[0] for line in lines]


def test_rows_without_a_question_are_told_by_number_and_the_others_asked():
    text = (
        '{"question": "One?"}\n'
        '{"question": " ", "answers": "x"}\n'
        "{broken\n"
        '{"question": "Half \\ud800?"}\n'
        '{"question": "Which?", "options": ["a", "b"], "answers": "z"}\n'
        '{"question": "Two?"}\n'
    )
    read = load_questions("q.jsonl", text.encode())
    assert [q.question for q in read.questions] == ["One?", "Two?"]
    assert list(read.problems) == [2, 3, 4, 5]
    english = " ".join(reason.en for reason in read.problems.values())
    for words in ("is empty", "not valid JSON", "half a character", "none of the options"):
        assert words in english
    assert all(reason.zh != reason.en for reason in read.problems.values())


@pytest.mark.parametrize("ids", [("7", "7"), (None, "1"), ("2", None)])
def test_ids_that_come_twice_are_numbered_anew(ids):
    rows = [{"question": f"Q{n}?", "id": id} for n, id in enumerate(ids)]
    read = load_questions("q.jsonl", jsonl(*rows).encode())
    assert len({q.id for q in read.questions}) == 2


@pytest.mark.parametrize(
    ("file", "data", "error", "message"),
    [
        ("q.csv", b"", EmptyDataset, "empty"),
        ("q.txt", b"\n => x\n", EmptyDataset, "empty"),
        ("q.csv", b"text,label\na,b\n", NoQuestionColumn, "(its columns: text, label)"),
        ("q.csv", b"question,answers\na,b,c\n", NoQuestions, "row 2, for one: it has 3 cells"),
        ("q.jsonl", b'{"question": ""}\n', NoQuestions, "row 1, for one: the question is empty"),
        ("q.csv", bytes(range(256)) * 3, DatasetError, "neither a text file nor a table"),
    ],
)
def test_a_file_without_a_question_says_why(file, data, error, message):
    with pytest.raises(error) as raised:
        load_questions(file, data)
    assert message in str(raised.value)
