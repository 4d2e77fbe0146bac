"""What a report says, before it is in any format: plain text throughout, but for charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """A sentence."""

    text: str


@dataclass(frozen=True)
class Terms:
    """Names, each with what belongs to it."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """Columns under their heads; the first cell of a row names it.

    Of a cell with several lines, the first is the important one. The cells of a `wide` table are
    sentences.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    wide: bool = False


@dataclass(frozen=True)
class Chart:
    """`figure` is HTML with SVG in it, `told` says the same in words."""

    figure: str
    told: str


@dataclass(frozen=True)
class Said:
    """What one mode answered. `right` is None where nobody knows, `notes` say what it took."""

    mode: str
    right: bool | None
    verdict: str
    text: str
    notes: Sequence[str] = ()
    sources: str = ""
    failed: bool = False


@dataclass(frozen=True)
class Asked:
    """One question with the answers of all modes, and whether they disagree on it."""

    number: int
    question: str
    notes: Sequence[str]
    answers: Sequence[Said]
    disputed: bool


Block = Note | Terms | Table | Chart | Asked


@dataclass(frozen=True)
class Section:
    """`key` is its address in the page."""

    key: str
    title: str
    blocks: Sequence[Block]
