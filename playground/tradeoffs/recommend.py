"""Which method fits, from what was measured and four answers; each reason names its number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from playground.dataset.reasons import Reason
from playground.evaluation import Share
from playground.modes import MODES
from playground.tradeoffs.caveats import caveats
from playground.tradeoffs.measurement import Measurement, Trial
from playground.tradeoffs.situation import Situation, seconds_an_answer, share_for
from playground.tradeoffs.wording import seconds

_LEAST = 3  # questions, below which nothing can be said of a mode
_FEW = 0.5  # of the questions that another mode was asked: too few to come before it
_MOST_TRAINING = 0.1  # of the time between two changes
_LONGEST_TRAINING = 30 * 24 * 3600.0  # seconds, if nothing changes


@dataclass(frozen=True)
class Advice:
    """A method with what was found of it, for and against.

    `ruled_out` says why it cannot be, or nothing.
    """

    mode: str
    reasons: tuple[Reason, ...]
    ruled_out: Reason | None = None


@dataclass(frozen=True)
class Recommendation:
    """The methods, best first, those that are ruled out last; and what the evidence lacks."""

    ranked: tuple[Advice, ...]
    caveats: tuple[Reason, ...]


def recommend(trial: Trial, situation: Situation, modes: Sequence[str]) -> Recommendation:
    """Most right answers of the wanted kinds first; of equals, the quicker one.

    A mode of which much less was measured than of another comes after it, whatever its share. A
    mode is ruled out if next to nothing was measured of it, if its documents do not fit the window,
    or if its training takes longer than there is time for, or cannot be done on such a machine.
    Modes that only an exam can have are left out, as is `base`.
    """
    advised = [
        _advice(trial, situation, mode) for mode in modes if mode in MODES and mode != "base"
    ]
    possible = [one for one in advised if one.ruled_out is None]
    shares = {one.mode: share_for(situation, trial, one.mode) for one in possible}
    thin = _thinly_measured(shares)
    ranked = sorted(
        possible,
        key=lambda one: (
            one.mode in thin,
            -shares[one.mode].value,
            seconds_an_answer(trial, one.mode),
        ),
    )
    out = [one for one in advised if one.ruled_out is not None]
    ordered = {one.mode: shares[one.mode] for one in ranked}
    return Recommendation((*ranked, *out), tuple(caveats(trial, situation, ordered, thin)))


def _advice(trial: Trial, situation: Situation, mode: str) -> Advice:
    return Advice(mode, tuple(_reasons(trial, situation, mode)), _ruled_out(trial, situation, mode))


def _thinly_measured(shares: Mapping[str, Share]) -> frozenset[str]:
    """The modes that were asked much less than another."""
    most = max((share.total for share in shares.values()), default=0)
    return frozenset(mode for mode, share in shares.items() if share.total < _FEW * most)


def _is_tuned(mode: str) -> bool:
    return MODES[mode].tuned


# ---------------------------------------------------------------- what cannot be


def _ruled_out(trial: Trial, situation: Situation, mode: str) -> Reason | None:
    asked = share_for(situation, trial, mode).total
    if not asked:
        return Reason("nothing was measured of it for this", "在这方面没有它的实测数据")
    if asked < _LEAST:
        return Reason(
            f"too few such questions were asked of it ({asked})",
            f"只问了它 {asked} 个这类问题，太少",
        )
    tokens = situation.tokens
    if mode.startswith("long-context") and tokens > trial.context_window:
        return Reason(
            f"about {tokens:,} tokens do not fit the model’s window of {trial.context_window:,}",
            f"约 {tokens:,} 个 token 放不进模型 {trial.context_window:,} 的窗口",
        )
    if not _is_tuned(mode):
        return None
    if situation.hardware == "remote":
        return Reason(
            "the weights of a model behind an interface are not yours to train",
            "通过接口使用的模型，其权重无法由你训练",
        )
    return _too_long_to_train(trial, situation, mode)


def _too_long_to_train(trial: Trial, situation: Situation, mode: str) -> Reason | None:
    """Of facts in the weights; a style stays as it is, and passages bring their own facts."""
    training = _training(trial, mode)
    if training is None or situation.need == "style" or MODES[mode].needs_knowledge:
        return None
    wanted = training.value * _scale(trial, situation, mode)
    between = situation.seconds_between
    if wanted <= min(_MOST_TRAINING * between, _LONGEST_TRAINING):
        return None
    took = [seconds(wanted, language) for language in ("en", "zh")]
    if between == float("inf"):
        return Reason(
            f"teaching it so much would take about {took[0]}, at the rate of the last training",
            f"按上次训练的速度，学完这么多内容约需 {took[1]}",
        )
    every = [seconds(between, language) for language in ("en", "zh")]
    return Reason(
        f"teaching it all of that takes about {took[0]}, and it changes every {every[0]}",
        f"学完这些内容约需 {took[1]}，而知识每 {every[1]}就会变化",
    )


def _training(trial: Trial, mode: str) -> Measurement | None:
    return trial.find("training_seconds", mode) or trial.find("training_seconds", "lora")


def _scale(trial: Trial, situation: Situation, mode: str) -> float:
    """How much more there is to teach than was taught, if that is known; not less than as much."""
    taught = trial.find("document_tokens", mode) or trial.find("document_tokens", "lora")
    return max(1.0, situation.tokens / taught.value) if taught and taught.value else 1.0


# ---------------------------------------------------------------- what was found


def _reasons(trial: Trial, situation: Situation, mode: str) -> Iterator[Reason]:
    share = share_for(situation, trial, mode)
    if share.total:
        low, high = share.interval
        counted = f"{share.count}/{share.total}, {100 * low:.0f}–{100 * high:.0f} %"
        yield Reason(
            f"right in {100 * share.value:.0f} % of such questions ({counted})",
            f"这类问题答对 {100 * share.value:.0f} %（{counted}）",
        )
    if (grown := _at_such_a_size(trial, situation, mode)) and grown.share:
        of = f"{grown.share.count}/{grown.share.total}"
        yield Reason(
            f"{of} right with {grown.at:,} tokens of knowledge",
            f"资料量为 {grown.at:,} 个 token 时答对 {of}",
        )
    if found := trial.find("seconds_to_answer", mode):
        yield _timed("{s} an answer", "每个回答 {s}", found.value)
    if found := trial.find("prompt_tokens", mode):
        yield Reason(f"{found.value:,.0f} prompt tokens", f"提示 {found.value:,.0f} 个 token")
    if situation.change != "never":
        yield from _freshness(trial, mode)
    if _is_tuned(mode) and (found := _training(trial, mode)):
        yield _timed("{s} of training beforehand", "需先训练 {s}", found.value)


def _at_such_a_size(trial: Trial, situation: Situation, mode: str) -> Measurement | None:
    """The largest measured knowledge that is no larger than the user's."""
    grown = [one for one in trial.all("right_at_size", mode) if one.at]
    smaller = [one for one in grown if (one.at or 0) <= 1.1 * situation.tokens]
    return max(smaller, key=lambda one: one.at or 0, default=None)


def _freshness(trial: Trial, mode: str) -> Iterator[Reason]:
    if found := trial.find("freshness_seconds", mode):
        yield _timed(
            "{s} from a change to the first right answer", "从修改到第一次答对 {s}", found.value
        )
    for one in trial.missing:
        if (one.name, one.mode) == ("freshness_seconds", mode):
            yield Reason(f"after a change: {one.en}", f"修改之后：{one.zh}")


def _timed(en: str, zh: str, value: float) -> Reason:
    return Reason(en.format(s=seconds(value, "en")), zh.format(s=seconds(value, "zh")))
