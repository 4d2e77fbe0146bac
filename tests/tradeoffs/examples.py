"""Trials whose figures are known."""

from __future__ import annotations

from playground.evaluation import Share
from playground.tradeoffs import Measurement, Missing, Trial

WINDOW = 8192


def share(mode, count, total, *, kind="fact"):
    return Measurement.of_share("right", mode, Share(count, total), kind=kind)


def grown(mode, count, at, *, total=3):
    return Measurement.of_share("right_at_size", mode, Share(count, total), at=at)


def costs(mode, seconds, *, prompt=100, said=10):
    return (
        Measurement("seconds_to_first_token", mode, seconds / 2, "s", total=9),
        Measurement("seconds_to_answer", mode, seconds, "s", total=9),
        Measurement("prompt_tokens", mode, prompt, "tokens", total=9),
        Measurement("completion_tokens", mode, said, "tokens", total=9),
    )


def trained(seconds, *, mode="lora", rows=800, tokens=4000):
    return (
        Measurement("labelled_rows", mode, rows, "rows"),
        Measurement("training_seconds", mode, seconds, "s"),
        Measurement("document_tokens", mode, tokens, "tokens"),
    )


def trial(*measurements, missing=(), id="20260101-000000-abcd", language="en", window=WINDOW):
    return Trial(
        id=id,
        created=1767225600.5,
        language=language,
        evaluation="20260101-000000-1234",
        context_window=window,
        setup={"model": "some-model", "processor": "Some CPU"},
        measurements=tuple(measurements),
        missing=tuple(missing),
        seconds=321.0,
    )


OVER = "The prompt is too long."
OVER_ZH = "提示词太长。"


def full_trial(language="en"):
    """Figures in every row, and something missing."""
    return trial(
        share("base", 1, 9),
        share("long-context", 8, 9),
        share("rag", 6, 9),
        share("rag", 3, 3, kind="style"),
        share("rag", 0, 3, kind="fresh"),
        share("lora", 7, 9),
        share("lora", 3, 3, kind="style"),
        *costs("base", 0.5),
        *costs("long-context", 4.0, prompt=6000),
        *costs("rag", 2.0, prompt=600),
        *costs("lora", 0.5, prompt=20),
        Measurement("seconds_to_first_token", "long-context", 9.0, "s", total=2, kind="cold"),
        Measurement("seconds_to_first_token", "long-context", 0.4, "s", total=7, kind="cached"),
        Measurement("documents", "rag", 16, "documents"),
        *trained(1620.0),
        Measurement("indexing_seconds", "rag", 3.2, "s"),
        Measurement("freshness_seconds", "rag", 2.5, "s", count=2, total=2),
        Measurement("second_base_seconds", "rag", 6.0, "s", at=1120),
        Measurement("memory_bytes", "rag", 1.5e9, "bytes"),
        Measurement("memory_bytes", "lora", 1.1e9, "bytes", kind="training"),
        *(grown("rag", n, at) for n, at in ((3, 1085), (3, 4162), (2, 64_162))),
        *(grown("long-context", n, at) for n, at in ((3, 1085), (2, 4162))),
        missing=(
            Missing("freshness_seconds", "lora", "none of 2 was right", "2 处都没有答对"),
            Missing("right_at_size", "long-context", OVER, OVER_ZH, at=16_260),
            Missing("right_at_size", "long-context", OVER, OVER_ZH, at=64_162),
        ),
        language=language,
    )
