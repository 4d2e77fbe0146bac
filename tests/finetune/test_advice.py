"""Warnings before a training: there where they help, absent where all is well."""

from __future__ import annotations

import pytest

from playground.finetune import TrainConfig
from playground.finetune.advice import advise

SMALL, LARGE = 135_000_000, 7_000_000_000


def test_the_defaults_need_no_advice():
    assert advise(TrainConfig(), rows=100, parameters=SMALL) == ()


@pytest.mark.parametrize(
    ("changes", "rows", "parameters", "said"),
    [
        ({"learning_rate": 2e-4}, 100, SMALL, "low for a model this small"),
        ({"learning_rate": 1e-3}, 100, LARGE, "high for a model this large"),
        ({"epochs": 1}, 100, SMALL, "only 13 steps"),
        ({"batch_size": 64, "epochs": 20}, 1000, SMALL, "in batches of 64"),
        ({"target_modules": "attention"}, 100, SMALL, "attention layers alone"),
        ({"lora_alpha": 128}, 100, SMALL, "16 times r"),
        ({"epochs": 50}, 100, SMALL, "parroted"),
        ({"validation_share": 0.0, "early_stopping_patience": 2}, 100, SMALL, "no effect"),
    ],
)
def test_a_likely_disappointment_is_said_beforehand(changes, rows, parameters, said):
    (reason,) = advise(TrainConfig(**changes), rows=rows, parameters=parameters)
    assert said in reason.en
    assert reason.zh.endswith("。") or reason.zh.endswith("不起作用。")


def test_the_size_of_an_unknown_model_is_not_guessed():
    assert advise(TrainConfig(learning_rate=1e-4), rows=100, parameters=None) == ()
