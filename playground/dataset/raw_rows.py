"""Rows as a file has them, before anyone asks what their fields mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from playground.dataset.reasons import Reason
from playground.errors import DatasetError


@dataclass(frozen=True)
class RawRow:
    """One row of a file, or why it could not be read.

    `number` is where the row begins: its line in JSON lines, tables and plain text, its row in a
    spreadsheet, its place (from 1) in a JSON list, in XML and in Parquet.
    """

    number: int
    fields: dict[str, Any]
    error: DatasetError | None = None


class RawRows(NamedTuple):
    """The rows of a file, good and bad, and what the file turned out to be."""

    rows: tuple[RawRow, ...]
    container: Reason
    has_columns: bool = True


def is_unnamed(column: str) -> bool:
    """True for the index that some programs write beside the columns: it is no data."""
    return not column or column.startswith(("Unnamed:", "__index_level_"))
