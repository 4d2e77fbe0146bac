"""Every evaluation and every answer, in one SQLite file.

One connection a transaction, as in retrieval/store.py. A source's text is kept once, under its
hash, for the same documents stand in many answers.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playground.errors import PlaygroundError, UnknownName
from playground.evaluation.plan import Plan
from playground.modes import EXAM_MODES
from playground.types import Answer, Edit, Language, Metrics, Question, Source

_BUSY_SECONDS = 60.0
# Of all texts that stand in answers; a WHERE may follow.
_HASHES = "SELECT json_extract(s.value, '$.text') FROM answers, json_each(result, '$.sources') s"
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS evaluations (
        id TEXT PRIMARY KEY, created REAL NOT NULL, plan TEXT NOT NULL, questions TEXT NOT NULL,
        setup TEXT NOT NULL
    )""",
    # `result` is an answer, or {"error": …}; `question` is plan.key().
    """CREATE TABLE IF NOT EXISTS answers (
        evaluation TEXT NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
        question TEXT NOT NULL, mode TEXT NOT NULL, result TEXT NOT NULL,
        PRIMARY KEY (evaluation, question, mode)
    )""",
    "CREATE TABLE IF NOT EXISTS texts (hash TEXT PRIMARY KEY, text TEXT NOT NULL)",
    # `verdict` is null where the judge gave none.
    """CREATE TABLE IF NOT EXISTS judgements (
        evaluation TEXT NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
        judge TEXT NOT NULL, question TEXT NOT NULL, mode TEXT NOT NULL, verdict INTEGER,
        PRIMARY KEY (evaluation, judge, question, mode)
    )""",
)


@dataclass(frozen=True)
class Failed:
    """Why a mode gave no answer: the error's type, and its message in both languages."""

    type: str
    en: str
    zh: str

    @classmethod
    def of(cls, error: PlaygroundError) -> Failed:
        return cls(type(error).__name__, error.text("en"), error.text("zh"))

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


Result = Answer | Failed
Results = Mapping[tuple[str, str], Result]  # (question's key, mode) -> what came


@dataclass(frozen=True)
class Evaluation:
    """What is asked, of what. `setup` says what it ran on: model, engine, versions, machine.

    `created` is in seconds since 1970, UTC.
    """

    id: str
    created: float
    plan: Plan
    questions: tuple[Question, ...]
    setup: Mapping[str, str]

    @property
    def asked(self) -> tuple[tuple[Question, str], ...]:
        """Each question in each mode that can be asked it, question by question.

        A mode that needs the gold passage is asked only where its document is known.
        """
        return tuple(
            (question, mode)
            for question in self.questions
            for mode in self.plan.modes
            if question.documents or not EXAM_MODES[mode].needs_gold
        )


class Records:
    """The file at `path`, which is made when something is first written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, evaluation: Evaluation) -> None:
        with self._transaction() as execute:
            execute(
                "INSERT INTO evaluations VALUES (?, ?, ?, ?, ?)",
                (
                    evaluation.id,
                    evaluation.created,
                    evaluation.plan.to_json(),
                    _dump([asdict(question) for question in evaluation.questions]),
                    _dump(dict(evaluation.setup)),
                ),
            )

    def list(self) -> tuple[Evaluation, ...]:
        """All evaluations, the latest first."""
        with self._transaction() as execute:
            rows = execute("SELECT * FROM evaluations ORDER BY created DESC, id DESC").fetchall()
        return tuple(_evaluation(row) for row in rows)

    def get(self, id: str) -> Evaluation:
        """Raises UnknownName if there is none of this id."""
        with self._transaction() as execute:
            row = execute("SELECT * FROM evaluations WHERE id = ?", (id,)).fetchone()
        if row is None:
            available = ", ".join(evaluation.id for evaluation in self.list()) or "-"
            raise UnknownName(kind="evaluation", name=id, available=available)
        return _evaluation(row)

    def delete(self, id: str) -> None:
        """Forget an evaluation with its answers, and the texts that no other one has."""
        self.get(id)
        with self._transaction() as execute:
            execute("DELETE FROM evaluations WHERE id = ?", (id,))
            execute(f"DELETE FROM texts WHERE hash NOT IN ({_HASHES})")

    def store(self, id: str, question: str, mode: str, result: Result) -> None:
        """Keep one answer, in place of an earlier one."""
        with self._transaction() as execute:
            if isinstance(result, Failed):
                kept: dict[str, Any] = {"error": asdict(result)}
            else:
                kept = asdict(result)
                for source in kept["sources"]:
                    source["text"] = _keep(execute, source["text"])
            execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)",
                (id, question, mode, _dump(kept)),
            )
            which = "evaluation = ? AND question = ? AND mode = ?"
            execute(f"DELETE FROM judgements WHERE {which}", (id, question, mode))

    def results(self, id: str) -> Results:
        """All answers so far."""
        with self._transaction() as execute:
            execute("BEGIN")  # so that no text goes between the two
            rows = execute(
                "SELECT question, mode, result FROM answers WHERE evaluation = ?", (id,)
            ).fetchall()
            wanted = f"SELECT hash, text FROM texts WHERE hash IN ({_HASHES} WHERE evaluation = ?)"
            texts = dict(execute(wanted, (id,)).fetchall())
        return {
            (question, mode): _result(json.loads(result), texts) for question, mode, result in rows
        }

    def done(self, id: str) -> frozenset[tuple[str, str]]:
        """(question's key, mode) of all answers so far, without reading them."""
        with self._transaction() as execute:
            return frozenset(
                execute("SELECT question, mode FROM answers WHERE evaluation = ?", (id,)).fetchall()
            )

    def failed(self, id: str) -> int:
        """How many of its questions got an error in place of an answer."""
        which = "evaluation = ? AND json_extract(result, '$.error') IS NOT NULL"
        with self._transaction() as execute:
            return execute(f"SELECT COUNT(*) FROM answers WHERE {which}", (id,)).fetchone()[0]

    def store_verdict(
        self, id: str, judge: str, question: str, mode: str, verdict: bool | None
    ) -> None:
        """Keep what the model `judge` said of one answer; None where it gave no verdict."""
        with self._transaction() as execute:
            execute(
                "INSERT OR REPLACE INTO judgements VALUES (?, ?, ?, ?, ?)",
                (id, judge, question, mode, verdict),
            )

    def verdicts(self, id: str) -> dict[str, dict[tuple[str, str], bool | None]]:
        """Judge -> (question's key, mode) -> its verdict."""
        with self._transaction() as execute:
            rows = execute(
                "SELECT judge, question, mode, verdict FROM judgements WHERE evaluation = ?", (id,)
            ).fetchall()
        found: dict[str, dict[tuple[str, str], bool | None]] = {}
        for judge, question, mode, verdict in rows:
            given = None if verdict is None else bool(verdict)
            found.setdefault(judge, {})[question, mode] = given
        return found

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS)
        with closing(connection), connection:
            connection.execute("PRAGMA foreign_keys = ON")
            for statement in _SCHEMA:
                connection.execute(statement)
            yield connection.execute


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _keep(execute: Any, text: str) -> str:
    hash = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (hash, text))
    return hash


def _evaluation(row: tuple[Any, ...]) -> Evaluation:
    id, created, plan, questions, setup = row
    listed = tuple(map(_question, json.loads(questions)))
    return Evaluation(id, created, Plan.from_json(plan), listed, json.loads(setup))


def _question(fields: dict[str, Any]) -> Question:
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    return Question(**{**fields, **lists, "edit": fields["edit"] and Edit(**fields["edit"])})


def _result(kept: dict[str, Any], texts: Mapping[str, str]) -> Result:
    if error := kept.get("error"):
        return Failed(**error)
    sources = tuple(Source(**{**s, "text": texts[s["text"]]}) for s in kept["sources"])
    return Answer(**{**kept, "sources": sources, "metrics": Metrics(**kept["metrics"])})
