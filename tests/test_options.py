"""Options say what is wrong with a value."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from playground.errors import InvalidSetting
from playground.finetune import TrainConfig
from playground.modes import AskOptions
from playground.options import Option, check, option, options_of


@dataclass(frozen=True)
class Config:
    count: int = option(3, Option("Count", "数量", "How many.", "多少。", minimum=1, maximum=9))
    rate: float = option(0.5, Option("Rate", "比率", "How fast.", "多快。", minimum=0, maximum=1))
    kind: str = option("a", Option("Kind", "种类", "Which.", "哪种。", choices=("a", "b")))

    def __post_init__(self) -> None:
        check(self)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("count", 0, "a whole number from 1 to 9"),
        ("count", 10, "a whole number from 1 to 9"),
        ("count", 2.5, "a whole number from 1 to 9"),
        ("count", None, "a whole number from 1 to 9"),
        ("rate", -0.1, "a number from 0 to 1"),
        ("rate", float("nan"), "a number from 0 to 1"),
        ("rate", None, "a number from 0 to 1"),
        ("kind", "c", "one of a, b"),
    ],
)
def test_a_wrong_value_names_its_field_and_the_rule(field, value, rule):
    with pytest.raises(InvalidSetting, match=f"{field} is .* must be {rule}"):
        Config(**{field: value})


def test_bounds_are_inclusive():
    assert Config(count=1).count + Config(count=9).count == 10


@pytest.mark.parametrize("config", [AskOptions, TrainConfig, Config])
def test_every_option_has_words_in_both_languages(config):
    for default, described in options_of(config).values():
        assert default is not None
        assert described.label("en")
        assert described.label("zh")
        assert described.help("en").endswith(".")
        assert described.help("zh").endswith("。")
