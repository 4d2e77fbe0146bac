"""The options of a training run: bounds, and help in both languages."""

from __future__ import annotations

from dataclasses import fields

import pytest

from playground.errors import InvalidSetting
from playground.finetune import TrainConfig
from playground.options import options_of


def test_every_option_is_described_in_both_languages():
    described = options_of(TrainConfig)
    assert list(described) == [field.name for field in fields(TrainConfig)]
    for _, option in described.values():
        assert option.en
        assert option.zh
        assert option.help_en.endswith(".")
        assert option.help_zh.endswith("。")


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": 0},
        {"epochs": 1.5},
        {"learning_rate": 0},
        {"learning_rate": float("nan")},
        {"batch_size": -1},
        {"r": 0},
        {"lora_dropout": 1},
        {"validation_share": 0.9},
        {"max_length": 1},
    ],
)
def test_a_value_out_of_bounds_is_refused_by_name(wrong):
    with pytest.raises(InvalidSetting, match=next(iter(wrong))):
        TrainConfig(**wrong)
