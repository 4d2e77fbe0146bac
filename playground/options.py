"""One option is one dataclass field: its label, help and bounds, in both languages.

The CLI's flags, the form's widgets and the checks are all made from here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from playground.errors import NotAChoice, NumberOutOfRange, WholeNumberOutOfRange
from playground.types import Language


@dataclass(frozen=True)
class Option:
    """What a field says of itself: numbers have bounds (inclusive), strings have choices.

    A bool is a switch.
    """

    en: str
    zh: str
    help_en: str
    help_zh: str
    minimum: float = -math.inf
    maximum: float = math.inf
    choices: tuple[str, ...] = ()

    def label(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def help(self, language: Language) -> str:
        return self.help_zh if language == "zh" else self.help_en


def option(default: Any, described: Option) -> Any:
    """A dataclass field with `default`, described by an Option."""
    return field(default=default, metadata={"option": described})


def options_of(config: type) -> dict[str, tuple[Any, Option]]:
    """Field name -> (default, Option), in the order of the class."""
    return {
        f.name: (f.default, f.metadata["option"]) for f in fields(config) if "option" in f.metadata
    }


def unknown_fields(kind: type, given: Iterable[str]) -> str:
    """What `given` names that the dataclass `kind` does not have, and what it has; else nothing."""
    known = [f.name for f in fields(kind)]
    unknown = [name for name in given if name not in known]
    return f"{', '.join(unknown)}? ({', '.join(known)})" if unknown else ""


def check(config: Any) -> None:
    """Raise InvalidSetting for the first field of `config` that is out of its bounds."""
    for name, (default, described) in options_of(type(config)).items():
        value = getattr(config, name)
        given = {"field": name, "value": value}
        low, high = described.minimum, described.maximum
        if described.choices:
            if value not in described.choices:
                raise NotAChoice(**given, choices=", ".join(described.choices))
        elif isinstance(default, bool):
            if not isinstance(value, bool):
                raise NotAChoice(**given, choices="true, false")
        elif isinstance(default, int):
            if not (isinstance(value, int) and low <= value <= high):
                raise WholeNumberOutOfRange(**given, minimum=low, maximum=high)
        elif not (isinstance(value, int | float) and low <= value <= high):
            raise NumberOutOfRange(**given, minimum=low, maximum=high)
