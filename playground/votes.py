"""What visitors said of answers whose modes they did not know, in one SQLite file, and what it adds
up to.

The text of each question is kept: the file lies on the disk of whoever runs the playground, who
could not tell what a vote was about without it. Who voted is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

from playground.errors import VotesUnusable
from playground.evaluation import Paired, Share
from playground.language import language_of
from playground.modes import MODES
from playground.one_file import transaction

TIE, BAD = "tie", "bad"
Outcome = Literal["first", "second", "tie", "bad"]

# A row is a comparison; those of one vote have its id. The first mode stood left of the second.
_SCHEMA = """CREATE TABLE IF NOT EXISTS votes (
    id TEXT NOT NULL, created REAL NOT NULL, question TEXT NOT NULL, language TEXT NOT NULL,
    model TEXT NOT NULL, knowledge TEXT, adapter TEXT, first_mode TEXT NOT NULL,
    second_mode TEXT NOT NULL, outcome TEXT NOT NULL, PRIMARY KEY (id, first_mode, second_mode)
)"""


@dataclass(frozen=True)
class Vote:
    """What one visitor said of the answers to one question, all finished and shown together.

    `id` is the round's, which counts once. `shown` are the modes from left to right; `choice` is
    the one that answered best, or what holds of all: "tie" or "bad". `knowledge` and `adapter` are
    those that were chosen. `created` is in seconds since 1970, UTC.
    """

    id: str
    created: float
    question: str
    model: str
    knowledge: str | None
    adapter: str | None
    shown: tuple[str, ...]
    choice: str


@dataclass(frozen=True)
class Comparison:
    """Two modes on one question: which answered better, or that both did as well, or badly."""

    first: str
    second: str
    outcome: Outcome


@dataclass(frozen=True)
class Tally:
    """What the votes say of two modes; the first is the one that stands first in MODES."""

    first: str
    second: str
    first_better: int
    second_better: int
    ties: int
    both_bad: int

    @property
    def share(self) -> Share:
        """The votes for the first, of those that decide for one of the two."""
        return Share(self.first_better, self.first_better + self.second_better)

    @property
    def p_value(self) -> float:
        """The sign test, exact and two-sided, on the votes that decide for one of the two."""
        return Paired(self.ties, self.first_better, self.second_better, self.both_bad).p_value


def comparisons(shown: Sequence[str], choice: str) -> tuple[Comparison, ...]:
    """What a vote says of two modes at a time.

    The best one beats each other one, and of those others nothing is known. So a vote adds at most
    one to what is known of two modes, and the votes on them are as independent as the questions.
    """
    pairs = combinations(shown, 2)
    if choice == TIE:
        return tuple(Comparison(first, second, "tie") for first, second in pairs)
    if choice == BAD:
        return tuple(Comparison(first, second, "bad") for first, second in pairs)
    return tuple(
        Comparison(first, second, "first" if choice == first else "second")
        for first, second in pairs
        if choice in (first, second)
    )


def tally(compared: Iterable[Comparison]) -> tuple[Tally, ...]:
    """The comparisons of every two modes, counted, wherever each of them stood."""
    counts = Counter(map(_in_order, compared))
    pairs = dict.fromkeys((one.first, one.second) for one in counts)
    outcomes: tuple[Outcome, ...] = ("first", "second", "tie", "bad")
    return tuple(
        Tally(*pair, *(counts[Comparison(*pair, outcome)] for outcome in outcomes))
        for pair in sorted(pairs, key=lambda pair: tuple(map(_rank, pair)))
    )


def _in_order(one: Comparison) -> Comparison:
    if _rank(one.first) <= _rank(one.second):
        return one
    swapped: dict[Outcome, Outcome] = {"first": "second", "second": "first"}
    return Comparison(one.second, one.first, swapped.get(one.outcome, one.outcome))


def _rank(mode: str) -> tuple[int, str]:
    """Modes of another version come last."""
    return (list(MODES).index(mode) if mode in MODES else len(MODES)), mode


class Votes:
    """The file at `path`, which is made when it is first needed. Any thread may call.

    All methods raise VotesUnusable if the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, vote: Vote) -> bool:
        """Count `vote`; False if its round was voted on before, and nothing is counted."""
        told = (vote.id, vote.created, vote.question, language_of(vote.question))
        told = (*told, vote.model, vote.knowledge, vote.adapter)
        with self._transaction() as execute:
            if execute("SELECT 1 FROM votes WHERE id = ?", (vote.id,)).fetchone():
                return False
            for one in comparisons(vote.shown, vote.choice):
                row = (*told, one.first, one.second, one.outcome)
                execute(f"INSERT INTO votes VALUES ({', '.join('?' * len(row))})", row)
        return True

    def models(self) -> tuple[str, ...]:
        """The models whose answers were voted on, in alphabetical order."""
        with self._transaction() as execute:
            return tuple(name for (name,) in execute("SELECT DISTINCT model FROM votes ORDER BY 1"))

    def tallies(self, model: str) -> tuple[Tally, ...]:
        """What the votes say of every two modes with `model`, whatever was asked."""
        rows = "SELECT first_mode, second_mode, outcome FROM votes WHERE model = ?"
        with self._transaction() as execute:
            return tally(Comparison(*row) for row in execute(rows, (model,)))

    def reset(self, model: str) -> None:
        """Forget all votes on `model`."""
        with self._transaction() as execute:
            execute("DELETE FROM votes WHERE model = ?", (model,))

    def _transaction(self) -> AbstractContextManager[Callable[..., Any]]:
        return transaction(self._path, _SCHEMA, VotesUnusable)
