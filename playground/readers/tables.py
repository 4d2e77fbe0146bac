"""Tables as Markdown rows, for the formats that have tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def markdown_rows(rows: Iterable[Sequence[str]]) -> str:
    """One line a row; the first is the head, as Markdown wants one. Empty rows are left out."""
    return "\n".join(markdown_lines(rows))


def markdown_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of `markdown_rows` one by one, for tables that may be without end."""
    is_head = True
    for row in rows:
        cells = [" ".join(cell.split()).replace("|", "\\|") for cell in row]
        if not any(cells):
            continue
        yield f"| {' | '.join(cells)} |"
        if is_head:
            yield "|" + " --- |" * len(cells)
        is_head = False
