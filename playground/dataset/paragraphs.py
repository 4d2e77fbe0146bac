"""Plain text and Markdown to raw rows: each paragraph is one, in the order of the text."""

from __future__ import annotations

from playground.dataset.raw_rows import RawRow


def paragraphs(text: str) -> tuple[RawRow, ...]:
    """What blank lines part, under the number of the line where it begins."""
    rows: list[RawRow] = []
    lines: list[str] = []
    for number, line in enumerate((*text.split("\n"), ""), start=1):
        if line.strip():
            lines.append(line)
        elif lines:
            rows.append(RawRow(number - len(lines), {"text": "\n".join(lines).rstrip()}))
            lines = []
    return tuple(rows)
