"""What measured tokens and seconds come to, at prices that the user enters."""

from __future__ import annotations

from dataclasses import dataclass

from playground.options import Option, check, option
from playground.tradeoffs.measurement import Trial

ANSWERS = 1000
_MILLION = 1_000_000
_HOUR = 3600


@dataclass(frozen=True)
class Prices:
    """In any currency. Raises InvalidSetting for values out of bounds."""

    prompt_million: float = option(
        0.0,
        Option(
            "Price of a million prompt tokens",
            "每百万输入 token 的价格",
            "As the provider lists it; 0 if the model runs on your own machine.",
            "按服务商的报价填写；在自己的机器上运行则填 0。",
            minimum=0,
            maximum=1e6,
        ),
    )
    completion_million: float = option(
        0.0,
        Option(
            "Price of a million answer tokens",
            "每百万输出 token 的价格",
            "As the provider lists it.",
            "按服务商的报价填写。",
            minimum=0,
            maximum=1e6,
        ),
    )
    machine_hour: float = option(
        0.0,
        Option(
            "Price of an hour of the machine",
            "机器每小时的价格",
            "What an hour of this machine costs; training, indexing and answers are charged by it.",
            "这台机器每小时的费用；训练、索引和回答都按它计费。",
            minimum=0,
            maximum=1e6,
        ),
    )

    def __post_init__(self) -> None:
        check(self)

    @property
    def are_given(self) -> bool:
        return bool(self.prompt_million or self.completion_million or self.machine_hour)


@dataclass(frozen=True)
class Bill:
    """What a mode costs beforehand, and for a thousand answers."""

    mode: str
    beforehand: float
    thousand_answers: float


def bill(trial: Trial, mode: str, prices: Prices) -> Bill | None:
    """None if the mode's answers were not measured."""
    tokens, seconds = trial.find("prompt_tokens", mode), trial.find("seconds_to_answer", mode)
    if not (tokens and seconds):
        return None
    said = trial.find("completion_tokens", mode)
    one = (
        tokens.value * prices.prompt_million / _MILLION
        + (said.value if said else 0.0) * prices.completion_million / _MILLION
        + seconds.value * prices.machine_hour / _HOUR
    )
    return Bill(mode, _before(trial, mode) * prices.machine_hour / _HOUR, ANSWERS * one)


def break_even(trial: Trial, tuned: str, other: str, prices: Prices | None = None) -> float | None:
    """Answers after which the training of `tuned` is paid for by its quicker answers.

    Counted in time, or in money at `prices`, which may be by cheaper ones. None if that is not
    known; infinite if its answers take no less; 0 if it takes no more beforehand.
    """
    if not trial.find("training_seconds", tuned):
        return None
    ours, theirs = (spent(trial, mode, prices) for mode in (tuned, other))
    if ours is None or theirs is None:
        return None
    more, saved = ours.before - theirs.before, theirs.answer - ours.answer
    if more <= 0:
        return 0.0
    return more / saved if saved > 0 else float("inf")


@dataclass(frozen=True)
class Spent:
    """Beforehand and for one answer, in seconds or in money."""

    before: float
    answer: float


def spent(trial: Trial, mode: str, prices: Prices | None = None) -> Spent | None:
    """In seconds, or in money at `prices`; None if the mode's answers were not measured."""
    if prices:
        found = bill(trial, mode, prices)
        return found and Spent(found.beforehand, found.thousand_answers / ANSWERS)
    seconds = trial.find("seconds_to_answer", mode)
    return seconds and Spent(_before(trial, mode), seconds.value)


def _before(trial: Trial, mode: str) -> float:
    """Seconds of work before the first answer: training and indexing."""
    found = (trial.find("training_seconds", mode), trial.find("indexing_seconds", mode))
    return sum(one.value for one in found if one)
