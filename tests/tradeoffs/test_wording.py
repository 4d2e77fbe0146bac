"""Figures in words."""

from __future__ import annotations

import math
from typing import get_args

import pytest

from playground.tradeoffs import Measurement, Missing
from playground.tradeoffs.measurement import Name, Step
from playground.tradeoffs.wording import (
    KINDS,
    MONEY,
    STEPS,
    TIME,
    lacking,
    method,
    paid_back,
    phrases,
    seconds,
    told,
)
from playground.world import QuestionKind
from tests.tradeoffs.examples import OVER, OVER_ZH, grown, share


@pytest.mark.parametrize(
    ("one", "en", "zh"),
    [
        (share("rag", 2, 3), "facts: 2/3 right", "事实：答对 2/3"),
        (share("rag", 2, 3, kind=""), "2/3 right", "答对 2/3"),
        (share("rag", 2, 3, kind="quiz"), "quiz: 2/3 right", "quiz：答对 2/3"),
        (grown("rag", 1, 64_162), "1/3 right at 64,162 tokens", "64,162 token 时答对 1/3"),
        (
            Measurement("seconds_to_first_token", "rag", 0.034, "s", kind="cached"),
            "mostly in the cache: first token after 0.03 s",
            "大部分已缓存：首个 token 0.03 秒",
        ),
        (
            Measurement("freshness_seconds", "rag", 2.5, "s", count=1, total=2),
            "2.5 s from an edit to the first right answer (1 of 2 edits)",
            "从修改到第一次答对 2.5 秒（2 处修改中 1 处）",
        ),
        (
            Measurement("memory_bytes", "rag", 1.54e9, "bytes"),
            "at most 1.5 GB of memory",
            "内存最多 1.5 GB",
        ),
        (
            Measurement("training_seconds", "lora", 1620, "s"),
            "27 min of training, when it was made",
            "制作时训练了 27 分钟",
        ),
        (
            Measurement("labelled_rows", "lora", 1462, "rows"),
            "1,462 labelled rows",
            "1,462 行标注数据",
        ),
    ],
)
def test_a_figure_is_a_phrase_in_each_language(one, en, zh):
    assert told(one, "en") == en
    assert told(one, "zh") == zh
    assert phrases([one], "en") == [en]


@pytest.mark.parametrize("name", get_args(Name))
def test_every_figure_has_words(name):
    one = Measurement(name, "rag", 1.0, "s", count=1, total=2, at=5)
    assert told(one, "en").isascii()
    assert told(one, "zh") != told(one, "en")


def test_every_kind_and_every_step_has_words():
    assert set(get_args(QuestionKind)) <= set(KINDS)
    assert set(STEPS) == set(get_args(Step))


def test_kinds_with_the_same_share_stand_together_and_so_do_sizes():
    measured = [
        share("rag", 0, 3),
        share("rag", 3, 3, kind="style"),
        share("rag", 0, 3, kind="fresh"),
        grown("rag", 3, 1085),
        grown("rag", 2, 64_162),
        Measurement("prompt_tokens", "rag", 600, "tokens"),
    ]
    assert phrases(measured, "en") == [
        "facts, just edited: 0/3 right",
        "style: 3/3 right",
        "3/3 right at 1,085 tokens, 2/3 at 64,162",
        "600 prompt tokens",
    ]
    assert phrases(measured, "zh")[2] == "1,085 token 时答对 3/3，64,162 时 2/3"


def test_what_was_not_measured_says_what_and_why_once_for_all_sizes():
    missing = [
        Missing("right_at_size", "long-context", OVER, OVER_ZH, at=8000),
        Missing("right_at_size", "long-context", OVER, OVER_ZH, at=16_000),
        Missing("freshness_seconds", "lora", "it failed", "失败了"),
    ]
    assert lacking(missing, "en") == [
        f"not measured – at 8,000; 16,000 tokens: {OVER}",
        "not measured – from an edit to an answer: it failed",
    ]
    assert lacking(missing, "zh")[0] == f"未测得——8,000、16,000 token 时：{OVER_ZH}"


@pytest.mark.parametrize(
    ("answers", "en", "zh"),
    [
        (
            1799.2,
            "paid back in time after 1,800 answers of knowledge base",
            "1,800 次回答后收回时间",
        ),
        (math.inf, "never paid back", "永远收不回来"),
        (0.0, "takes no more time than knowledge base", "不高于知识库"),
    ],
)
def test_when_a_training_is_paid_back(answers, en, zh):
    assert en in paid_back(answers, "lora", "rag", TIME, "en")
    assert zh in paid_back(answers, "lora", "rag", TIME, "zh")
    assert "money" in paid_back(answers, "lora", "rag", MONEY, "en")
    assert "费用" in paid_back(answers, "lora", "rag", MONEY, "zh")


def test_combined_modes_have_names():
    assert method("rag+lora", "en") == "knowledge base + fine-tuning"
    assert method("long-context", "zh") == "长文本"


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (0, "0 s", "0 秒"),
        (0.004, "0 s", "0 秒"),
        (0.034, "0.03 s", "0.03 秒"),
        (1.25, "1.2 s", "1.2 秒"),
        (45.4, "45 s", "45 秒"),
        (119.0, "119 s", "119 秒"),
        (150.0, "2.5 min", "2.5 分钟"),
        (1620.0, "27 min", "27 分钟"),
        (86_400.0, "24 h", "24 小时"),
        (2_592_000.0, "30 days", "30 天"),
    ],
)
def test_durations_are_told_as_people_say_them(value, en, zh):
    assert seconds(value, "en") == en
    assert seconds(value, "zh") == zh
