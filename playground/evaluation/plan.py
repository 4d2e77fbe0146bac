"""What is asked of whom: one JSON file, kept with every evaluation, so that it can be repeated."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, get_args

from playground.errors import (
    NoModeChosen,
    NoQuestionsLeft,
    PlanInvalid,
    UnknownName,
    WholeNumberOutOfRange,
)
from playground.modes import EXAM_MODES, AskOptions
from playground.options import unknown_fields
from playground.types import Language, Question

WORLD = "world"  # as `questions`: the built-in ones
PER_KIND = 3  # of the built-in questions, if nothing is said: all modes take some minutes
_MOST_PER_KIND = 1_000_000
_SHAPE = '{"modes": ["…"], "options": {…}}'


@dataclass(frozen=True)
class Plan:
    """An evaluation before it begins.

    `questions` is a file, or "world" for the built-in ones, of which `languages` are asked. Of each
    kind (of `kinds`, if there are any) `per_kind` are drawn, all if that is 0. Without `knowledge`,
    each question is asked of the built-in base in its language. With `multiple_choice`, each mode
    also chooses among a question's options, by their log-probability.
    """

    modes: tuple[str, ...]
    questions: str = WORLD
    languages: tuple[Language, ...] = get_args(Language)
    kinds: tuple[str, ...] = ()
    per_kind: int = 0
    knowledge: str = ""
    adapter: str = ""
    seed: int = 0
    multiple_choice: bool = False
    options: AskOptions = field(default_factory=AskOptions)

    def __post_init__(self) -> None:
        if wrong := _misshapen(self):
            raise PlanInvalid(reason=wrong)
        if not self.modes:
            raise NoModeChosen
        for mode in self.modes:
            if mode not in EXAM_MODES:
                raise UnknownName(kind="mode", name=mode, available=", ".join(EXAM_MODES))
        if not 0 <= self.per_kind <= _MOST_PER_KIND:
            raise WholeNumberOutOfRange(
                field="per_kind", value=self.per_kind, minimum=0, maximum=_MOST_PER_KIND
            )
        if not self.languages or set(self.languages) - set(get_args(Language)):
            raise PlanInvalid(reason=f"languages: {', '.join(self.languages)}? (en, zh)")

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """What `to_json` wrote, or a person; what is not named keeps its default.

        Raises:
            PlanInvalid: it is no such file, or names what there is not.
            InvalidSetting: a number is out of its bounds.
            NoModeChosen, UnknownName: there is no mode, or no such one.
        """
        try:
            given: Any = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise PlanInvalid(reason=str(error)[:200]) from error
        if not isinstance(given, dict) or "modes" not in given:
            raise PlanInvalid(reason=_SHAPE)
        if not isinstance(given.get("options", {}), dict):
            raise PlanInvalid(reason=_SHAPE)
        options = given.pop("options", {})
        for kind, named in ((cls, given), (AskOptions, options)):
            if unknown := unknown_fields(kind, named):
                raise PlanInvalid(reason=unknown)
        lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        return cls(**{**given, **lists}, options=AskOptions(**options))

    def drawn(self, questions: Sequence[Question]) -> tuple[Question, ...]:
        """Those that are asked, in their order: kinds and languages alike, the same each time.

        Raises:
            NoQuestionsLeft: there is none of a kind that is asked for.
        """
        available = dict.fromkeys(question.kind for question in questions)
        if missing := [kind for kind in self.kinds if kind not in available]:
            raise NoQuestionsLeft(kinds=", ".join(missing), available=", ".join(available))
        rng = random.Random(self.seed)
        chosen: set[str] = set()
        for alike in _by_kind(questions).values():
            if self.kinds and alike[0].kind not in self.kinds:
                continue
            count = min(self.per_kind or len(alike), len(alike))
            chosen.update(key(q) for q in rng.sample(alike, count))
        return tuple(q for q in questions if key(q) in chosen)


def key(question: Question) -> str:
    """What its answers are kept under: ids of the built-in ones are the same in both languages."""
    return f"{question.language}:{question.id}"


def _misshapen(plan: Plan) -> str:
    """The field that is not of its type, if there is one: people write plans, too."""
    for name, kind, shape in (
        *((name, tuple, '["…", "…"]') for name in ("modes", "languages", "kinds")),
        *((name, str, '"…"') for name in ("questions", "knowledge", "adapter")),
        *((name, int, "0, 1, 2 …") for name in ("per_kind", "seed")),
        ("multiple_choice", bool, "true, false"),
    ):
        value = getattr(plan, name)
        if not isinstance(value, kind):
            return f"{name}: {shape}"
        if isinstance(value, tuple):
            if not all(isinstance(part, str) for part in value):
                return f"{name}: {shape}"
            if twice := [part for part in set(value) if value.count(part) > 1]:
                return f"{name}: {twice[0]} × 2"
    return ""


def _by_kind(questions: Iterable[Question]) -> dict[tuple[str, str], list[Question]]:
    found: dict[tuple[str, str], list[Question]] = {}
    for question in questions:
        found.setdefault((question.language, question.kind), []).append(question)
    return found
