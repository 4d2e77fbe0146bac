"""Tables as Markdown rows, for the formats that have tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def markdown_rows(rows: Iterable[Sequence[str]]) -> str:
    """One line a row; the first is the head, as Markdown wants one. Empty rows are left out."""
    lines = []
    for row in rows:
        cells = [" ".join(cell.split()).replace("|", "\\|") for cell in row]
        if not any(cells):
            continue
        lines.append(f"| {' | '.join(cells)} |")
        if len(lines) == 1:
            lines.append("|" + " --- |" * len(cells))
    return "\n".join(lines)
