"""What visitors asked, with every answer, in one SQLite file: each sees their own."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from playground.errors import ComparisonsUnusable, UnknownName
from playground.one_file import transaction
from playground.rounds import Pane, Round

MOST_KEPT = 100  # of one visitor
_ROUND = TypeAdapter(Round)
_SCHEMA = """CREATE TABLE IF NOT EXISTS comparisons (
    id TEXT PRIMARY KEY, visitor TEXT NOT NULL, created REAL NOT NULL, question TEXT NOT NULL,
    round BLOB NOT NULL
)"""


@dataclass(frozen=True)
class Asked:
    """A comparison in a list. `created` is in seconds since 1970, UTC."""

    id: str
    created: float
    question: str


class Comparisons:
    """The file at `path`, which is made when something is first written. Any thread may call.

    All methods raise ComparisonsUnusable if the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, visitor: str, round: Round) -> None:
        """Keep `round`, in place of an earlier state of it; the visitor's oldest are forgotten."""
        row = (round.id, visitor, time.time(), round.question, _packed(round))
        with self._transaction() as execute:
            execute(
                "INSERT INTO comparisons VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET round = excluded.round",
                row,
            )
            execute(
                "DELETE FROM comparisons WHERE visitor = ? AND id NOT IN (SELECT id FROM "
                "comparisons WHERE visitor = ? ORDER BY created DESC LIMIT ?)",
                (visitor, visitor, MOST_KEPT),
            )

    def list(self, visitor: str) -> tuple[Asked, ...]:
        """What the visitor asked, the latest first."""
        rows = "SELECT id, created, question FROM comparisons WHERE visitor = ? "
        with self._transaction() as execute:
            found = execute(rows + "ORDER BY created DESC", (visitor,))
            return tuple(Asked(*row) for row in found)

    def get(self, visitor: str, id: str) -> Round:
        """Raises UnknownName: the visitor asked nothing of this id."""
        with self._transaction() as execute:
            rows = "SELECT round FROM comparisons WHERE visitor = ? AND id = ?"
            found = execute(rows, (visitor, id)).fetchone()
        if found is None:
            raise UnknownName(kind="comparison", name=id, available="-")
        return _ROUND.validate_json(zlib.decompress(found[0]))

    def forget(self, visitor: str) -> None:
        """Forget all that the visitor asked."""
        with self._transaction() as execute:
            execute("DELETE FROM comparisons WHERE visitor = ?", (visitor,))

    def clear(self) -> None:
        """Forget all that anybody asked."""
        with self._transaction() as execute:
            execute("DELETE FROM comparisons")

    def _transaction(self) -> AbstractContextManager[Callable[..., Any]]:
        return transaction(self._path, _SCHEMA, ComparisonsUnusable)


def _packed(round: Round) -> bytes:
    """Documents stand in it several times, which costs little when compressed; keys never do."""
    return zlib.compress(_ROUND.dump_json(replace(round, panes=tuple(map(_told, round.panes)))))


def _told(pane: Pane) -> Pane:
    remote = replace(pane.remote, api_key="") if pane.remote else None
    prompt = replace(pane.prompt, messages=()) if pane.prompt else None  # the sources tell it
    return replace(pane, remote=remote, prompt=prompt)
