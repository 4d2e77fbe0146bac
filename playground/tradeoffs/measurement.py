"""What a trial of the methods measured, as values that a report can be made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from playground.evaluation import Share
from playground.types import Language

Unit = Literal["share", "s", "tokens", "bytes", "rows", "documents"]
Name = Literal[
    "right",  # of the questions of a kind
    "right_at_size",  # as the knowledge grows
    "seconds_to_first_token",
    "seconds_to_answer",
    "prompt_tokens",
    "completion_tokens",
    "labelled_rows",
    "documents",
    "document_tokens",
    "training_seconds",
    "indexing_seconds",
    "freshness_seconds",  # from the edit of a fact to the first right answer
    "second_base_seconds",
    "memory_bytes",  # the most that was taken
]
Step = Literal["prepare", "index", "answers", "freshness", "second", "growth"]


@dataclass(frozen=True)
class Measurement:
    """One figure of one mode; medians where there are several values.

    Of a share, `count` of `total`; of others, `total` is of how many values it is the median.
    `kind` is that of the questions; of seconds, whether their prompts were `cold` or `cached`; of
    memory, `training` or nothing, for answering. `at` is how many tokens the knowledge had, where
    that varies.
    """

    name: Name
    mode: str
    value: float
    unit: Unit
    count: int | None = None
    total: int | None = None
    kind: str = ""
    at: int | None = None

    @classmethod
    def of_share(
        cls, name: Name, mode: str, share: Share, *, kind: str = "", at: int | None = None
    ) -> Measurement:
        return cls(name, mode, share.value, "share", share.count, share.total, kind, at)

    @property
    def share(self) -> Share | None:
        if self.unit != "share" or self.count is None or self.total is None:
            return None
        return Share(self.count, self.total)


@dataclass(frozen=True)
class Missing:
    """What could not be measured, and why, in both languages."""

    name: Name
    mode: str
    en: str
    zh: str
    at: int | None = None

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Doing:
    """What a trial is at; `done` of `total` are behind it, in the step's own unit."""

    step: Step
    done: int
    total: int


@dataclass(frozen=True)
class Trial:
    """Everything that was measured in one go, and of what.

    `evaluation` is the id of the one whose answers are behind the shares; it may have been deleted
    since. `created` is in seconds since 1970, UTC. `context_window` is the model's, in tokens.
    """

    id: str
    created: float
    language: Language
    evaluation: str
    context_window: int
    setup: Mapping[str, str]
    measurements: tuple[Measurement, ...]
    missing: tuple[Missing, ...] = ()
    seconds: float = 0.0

    def find(self, name: Name, mode: str, kind: str = "") -> Measurement | None:
        """The figure of this name, None if it was not measured."""
        return next(iter(self.all(name, mode, kind)), None)

    def all(self, name: Name, mode: str, kind: str = "") -> list[Measurement]:
        """All figures of this name, as they were taken."""
        return [
            one
            for one in self.measurements
            if (one.name, one.mode) == (name, mode) and kind in ("", one.kind)
        ]

    @property
    def modes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.mode for one in self.measurements))

    @property
    def sizes(self) -> list[int]:
        """The tokens of knowledge at which answers were counted as it grew."""
        grown = (one for one in self.measurements if one.name == "right_at_size")
        return sorted({one.at for one in grown if one.at})

    def right(self, mode: str, kinds: Iterable[str] = ()) -> Share | None:
        """The share of right answers over some kinds of questions, all if none are named."""
        wanted = set(kinds)
        shares = [
            one.share
            for one in self.measurements
            if one.name == "right" and one.mode == mode and (not wanted or one.kind in wanted)
        ]
        known = [share for share in shares if share]
        if not known:
            return None
        return Share(sum(share.count for share in known), sum(share.total for share in known))

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Trial:
        """What `to_json` wrote. Raises ValueError, TypeError or KeyError for anything else."""
        fields = json.loads(text)
        fields["measurements"] = tuple(Measurement(**one) for one in fields["measurements"])
        fields["missing"] = tuple(Missing(**one) for one in fields["missing"])
        return cls(**fields)
