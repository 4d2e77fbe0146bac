"""One option is one dataclass field: its label, help and bounds, in both languages.

The CLI's flags, the form's widgets and the checks are all made from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from playground.errors import InvalidSetting
from playground.types import Language


@dataclass(frozen=True)
class Option:
    """What a field says of itself. `minimum` and `maximum` are inclusive."""

    en: str
    zh: str
    help_en: str
    help_zh: str
    minimum: float | None = None
    maximum: float | None = None
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


def check(config: Any) -> None:
    """Raise InvalidSetting for the first field of `config` that is out of its bounds."""
    for name, (default, described) in options_of(type(config)).items():
        value = getattr(config, name)
        if described.choices:
            if value not in described.choices:
                rule = "one of " + ", ".join(described.choices)
                raise InvalidSetting(field=name, value=value, rule=rule)
            continue
        low, high = described.minimum, described.maximum
        wrong_type = isinstance(default, int) and not isinstance(value, int)
        too_low = low is not None and not value >= low
        too_high = high is not None and not value <= high
        if wrong_type or too_low or too_high:
            kind = "a whole number" if isinstance(default, int) else "a number"
            rule = f"{kind} from {low:g} to {high:g}" if high is not None else f"{kind} ≥ {low:g}"
            raise InvalidSetting(field=name, value=value, rule=rule)
