"""A user's file of questions, in any container that training rows may be in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any

from playground.dataset.fields import number_text
from playground.dataset.parsing import parse
from playground.dataset.raw_rows import RawRow
from playground.dataset.reasons import Reason, listed
from playground.errors import EmptyDataset, NoQuestionColumn, NoQuestions, RowTextInvalid
from playground.finetune.questions import typed
from playground.language import language_of
from playground.readers.titles import suffix_of
from playground.types import Question

UNANSWERABLE = "unanswerable"
FACT = "fact"

# Names that columns go by, the usual one first.
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "question": ("question", "query", "prompt", "问题", "提问", "题目"),
        "answers": ("answers", "answer", "gold", "expected", "答案", "标准答案", "回答"),
        "kind": ("kind", "type", "category", "类型", "类别"),
        "source": ("source", "sources", "document", "documents", "来源", "出处", "文档"),
        "options": ("options", "choices", "选项"),
        "reference": ("reference", "参考答案"),
        "id": ("id", "编号"),
    }
)
_UNANSWERABLE = (UNANSWERABLE, "not-in-knowledge", "无法回答", "没有答案")
_LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True)
class QuestionFile:
    """The questions that can be asked, and row number -> why a row holds none."""

    questions: tuple[Question, ...]
    problems: Mapping[int, Reason]


def load_questions(file: str, data: bytes) -> QuestionFile:
    """The questions in the bytes of a file called `file`.

    A table or JSON has a column `question`, and may have `answers`, `kind`, `source` (titles of
    documents), `options`, `reference`; several values in a cell are separated by `|`. Plain text
    has a question a line, with `=>` before its answer.

    Raises:
        DatasetError: it cannot be read, or holds no question.
    """
    raw = parse(file, data, columns=("question",))
    if suffix_of(file) == ".txt" and _is_asked_in_its_header(raw.rows):
        raw = parse(f"{file}.md", data)  # there, commas make no table
    if not raw.has_columns:
        return QuestionFile(_a_line_each(file, raw.rows), {})
    _check_columns(file, raw.rows)
    questions: list[Question] = []
    problems: dict[int, Reason] = {}
    for row in raw.rows:
        read = Reason.of(row.error) if row.error else _question(row, len(questions) + 1)
        if isinstance(read, Question):
            questions.append(read)
        else:
            problems[row.number] = read
    if not questions:
        number, reason = next(iter(problems.items()))
        raise NoQuestions(file=file, row=number, reason=reason)
    return QuestionFile(_with_own_ids(questions), problems)


def _is_asked_in_its_header(rows: Iterable[RawRow]) -> bool:
    names = {name.rstrip() for row in rows for name in row.fields}
    return any(name.endswith(("?", "？")) or "=>" in name for name in names)


def _a_line_each(file: str, rows: Iterable[RawRow]) -> tuple[Question, ...]:
    asked = typed("\n".join(str(row.fields["text"]) for row in rows))
    kept = [one for one in asked if one.question.casefold() not in COLUMNS["question"]]
    if not kept:
        raise EmptyDataset(file=file)
    return tuple(
        Question(str(number), language_of(one.question), FACT, one.question, one.answers)
        for number, one in enumerate(kept, start=1)
    )


def _check_columns(file: str, rows: Iterable[RawRow]) -> None:
    names = dict.fromkeys(name for row in rows for name in row.fields)
    known = {name.strip().casefold() for name in names}
    if known and not known.intersection(COLUMNS["question"]):
        raise NoQuestionColumn(file=file, columns=listed(names))


def _question(row: RawRow, number: int) -> Question | Reason:
    fields = {name.strip().casefold(): value for name, value in row.fields.items()}
    cells = {
        name: next((fields[n] for n in names if fields.get(n) not in (None, "")), None)
        for name, names in COLUMNS.items()
    }
    text = str(cells["question"] or "").strip()
    if not text:
        return Reason("the question is empty", "问题为空")
    options = _several(cells["options"])
    answers = _several(cells["answers"])
    if options:
        answers = tuple(_option(answer, options) for answer in answers)
        if not answers or answers[0] not in options:
            return Reason("the answer is none of the options", "答案不在选项之中")
    kind = str(cells["kind"] or "").strip()
    if kind.casefold() in _UNANSWERABLE:
        kind, answers = UNANSWERABLE, ()
    question = Question(
        id=str(number if cells["id"] is None else cells["id"]),
        language=language_of(text),
        kind=kind or FACT,
        question=text,
        answers=answers,
        documents=_several(cells["source"]),
        options=options,
        reference=str(cells["reference"]).strip() if cells["reference"] else None,
    )
    try:
        json.dumps(asdict(question), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return Reason.of(RowTextInvalid())
    return question


def _several(value: Any) -> tuple[str, ...]:
    """The values of a cell: a list, a list written as JSON, or a text with `|` between them.

    Data sets in the shape of SQuAD have the texts of the answers beside their places.
    """
    if isinstance(value, dict):
        value = value.get("text")
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("["):
            try:
                return _several(json.loads(text))
            except ValueError:
                pass
        value = text.split("|")
    elif value is None:
        return ()
    elif not isinstance(value, list | tuple):
        value = [value]
    return tuple(text for part in value if (text := _text(part)))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return number_text(value) if isinstance(value, int | float) else str(value).strip()


def _option(answer: str, options: tuple[str, ...]) -> str:
    """The option that a letter stands for; anything else is meant as it is."""
    letter = answer.strip(" .)）、").upper()
    place = _LETTERS.find(letter) if len(letter) == 1 else -1
    return options[place] if answer not in options and 0 <= place < len(options) else answer


def _with_own_ids(questions: list[Question]) -> tuple[Question, ...]:
    """Ids are what answers are kept under, so each must be another one."""
    ids = [q.id for q in questions]
    if len(set(ids)) == len(ids):
        return tuple(questions)
    return tuple(replace(q, id=str(n)) for n, q in enumerate(questions, start=1))
