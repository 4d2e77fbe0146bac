"""Costs beforehand, of answers, and when a training is paid back."""

from __future__ import annotations

import math

import pytest

from playground.errors import InvalidSetting
from playground.tradeoffs import Measurement, Prices, bill, break_even
from playground.tradeoffs.money import spent
from tests.tradeoffs.examples import costs, share, trained, trial

TRIAL = trial(
    *costs("rag", 3.0, prompt=500, said=20),
    *costs("lora", 1.0, prompt=20, said=10),
    Measurement("indexing_seconds", "rag", 36.0, "s"),
    *trained(3636.0),
)


def test_a_bill_is_tokens_and_hours_at_their_prices():
    found = bill(TRIAL, "rag", Prices(prompt_million=2.0, completion_million=10.0))
    assert found
    assert found.beforehand == 0
    assert found.thousand_answers == pytest.approx(1000 * (500 * 2 + 20 * 10) / 1e6)
    found = bill(TRIAL, "rag", Prices(machine_hour=3.6))
    assert found
    assert found.beforehand == pytest.approx(0.036)
    assert found.thousand_answers == pytest.approx(3.0)


def test_training_is_paid_for_beforehand():
    found = bill(TRIAL, "lora", Prices(machine_hour=1.0))
    assert found
    assert found.beforehand == pytest.approx(1.01)


def test_what_was_not_measured_has_no_price():
    assert bill(TRIAL, "base", Prices(machine_hour=1.0)) is None
    assert spent(TRIAL, "base") is None
    assert break_even(TRIAL, "lora", "base") is None
    assert break_even(TRIAL, "rag", "lora") is None  # nothing was trained for it


def test_a_training_is_paid_back_by_quicker_answers():
    assert break_even(TRIAL, "lora", "rag") == pytest.approx((3636 - 36) / 2)


def test_a_training_whose_answers_are_no_quicker_is_never_paid_back():
    slow = trial(*costs("rag", 1.0), *costs("lora", 1.0), *trained(60.0))
    assert break_even(slow, "lora", "rag") == math.inf


def test_who_takes_no_more_beforehand_has_nothing_to_pay_back():
    index = Measurement("indexing_seconds", "rag", 100.0, "s")
    quick = trial(*costs("rag", 1.0), *costs("lora", 2.0), index, *trained(60.0))
    assert break_even(quick, "lora", "rag") == 0


def test_in_money_cheaper_answers_pay_a_training_back():
    prices = Prices(prompt_million=10.0, machine_hour=1.0)
    more = 1.01 - 0.01
    saved = (500 - 20) * 10 / 1e6 + 2 / 3600
    assert break_even(TRIAL, "lora", "rag", prices) == pytest.approx(more / saved)


def test_where_only_tokens_cost_training_is_free():
    assert break_even(TRIAL, "lora", "rag", Prices(prompt_million=1.0)) == 0


def test_prices_have_bounds():
    with pytest.raises(InvalidSetting):
        Prices(machine_hour=-1.0)
    assert not Prices().are_given
    assert Prices(completion_million=0.1).are_given


def test_answers_that_cost_nothing_yet_are_no_bill():
    assert bill(trial(share("rag", 1, 3)), "rag", Prices(machine_hour=1.0)) is None
