"""What a visitor of a public page may do, on a machine that nobody watches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playground.errors import NotOnPublicPages, OverQuota


@dataclass(frozen=True)
class Quota:
    """At most so much; `check` raises OverQuota beyond it.

    `upload_bytes` are of one upload, packed and as text, `folder_bytes` of all that a visitor has.
    A training has so many rows times epochs, an evaluation so many answers.
    """

    questions_per_minute: int = 20
    max_tokens: int = 512
    upload_bytes: int = 5_000_000
    folder_bytes: int = 60_000_000
    row_epochs: int = 600
    max_length: int = 512
    evaluation_answers: int = 80

    def refuse(self, what: str) -> None:
        """Raise NotOnPublicPages: `what`, by its name there, takes more than a share."""
        raise NotOnPublicPages(what=what)

    def check(self, **wanted: int) -> None:
        """Raise OverQuota for the first of `wanted`, by the names above, that is too much."""
        for name, value in wanted.items():
            most = getattr(self, name)
            if value > most:
                raise OverQuota(what=name, value=f"{value:,}", most=f"{most:,}")


def bytes_in(folder: Path) -> int:
    """What all files in `folder` take."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
