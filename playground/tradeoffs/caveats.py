"""What the evidence behind a recommendation lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from playground.dataset.reasons import Reason
from playground.evaluation import Share
from playground.tradeoffs.measurement import Trial
from playground.tradeoffs.situation import Situation, seconds_an_answer
from playground.tradeoffs.wording import method

_THIN = 20  # questions a mode, below which a share says little


def caveats(
    trial: Trial, situation: Situation, ranked: Mapping[str, Share], thin: frozenset[str]
) -> Iterator[Reason]:
    """`ranked` are the modes that can be, best first; of the `thin` ones little was measured."""
    if not ranked:
        return
    asked = {mode: share for mode, share in ranked.items() if mode not in thin}
    least = min(share.total for share in asked.values())
    if least < _THIN:
        yield Reason(
            f"Only {least} such questions a method were asked: ask more before you rely on this.",
            f"每种方式只问了 {least} 个这类问题：正式采用前请多问一些。",
        )
    for mode in sorted(thin):
        en, zh = (method(mode, language) for language in ("en", "zh"))
        yield Reason(
            f"Only {ranked[mode].total} such questions were asked of {en}: so it comes last.",
            f"{zh}只回答了 {ranked[mode].total} 个这类问题，因此排在最后。",
        )
    yield from _chance(trial, asked)
    best = next(iter(asked.values()))
    if best.value < 0.5:
        yield Reason(
            f"Even the best is right in only {100 * best.value:.0f} %: a larger model matters more "
            "than the method.",
            f"最好的方式也只答对 {100 * best.value:.0f} %：换更大的模型比换方法更重要。",
        )
    yield from _beyond_what_was_measured(trial, situation)


def _chance(trial: Trial, asked: Mapping[str, Share]) -> Iterator[Reason]:
    first, *rest = asked
    close = [mode for mode in rest if asked[mode].interval[1] >= asked[first].value]
    if not close:
        return
    rivals = (first, *close)
    quickest = min(rivals, key=lambda mode: seconds_an_answer(trial, mode))
    names = [method(mode, "en") for mode in rivals], [method(mode, "zh") for mode in rivals]
    yield Reason(
        f"Chance may explain the difference between {', '.join(names[0])}; "
        f"of these, {method(quickest, 'en')} answers quickest.",
        f"{'、'.join(names[1])}之间的差别可能只是偶然；其中{method(quickest, 'zh')}回答最快。",
    )


def _beyond_what_was_measured(trial: Trial, situation: Situation) -> Iterator[Reason]:
    measured = max(trial.sizes, default=0)
    if situation.tokens > measured:
        en, zh = (
            (f", only up to {measured:,}", f"，最多测到 {measured:,} 个") if measured else ("", "")
        )
        yield Reason(
            f"Knowledge of about {situation.tokens:,} tokens was not measured{en}.",
            f"没有测过约 {situation.tokens:,} 个 token 的资料量{zh}。",
        )
    if situation.hardware != "laptop":
        yield Reason(
            "All seconds were measured on this machine; on another they differ, mostly alike for "
            "all methods.",
            "所有用时都在当前机器上测得；换了硬件数值会不同，各方式大致同比例变化。",
        )
