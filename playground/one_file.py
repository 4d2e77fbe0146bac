"""Records in one SQLite file, which is made when it is first needed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from playground.errors import UsageError

_BUSY_SECONDS = 60.0


@contextmanager
def transaction(
    path: Path, schema: str, unusable: type[UsageError]
) -> Iterator[Callable[..., Any]]:
    """`execute` for the block, alone from its start, so that nobody writes between a look and what
    follows from it.

    Raises:
        unusable: the file cannot be read or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        opened = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        with closing(opened) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(schema)
            yield connection.execute
    except (sqlite3.Error, OSError) as error:
        raise unusable(path=str(path), reason=str(error)) from error
