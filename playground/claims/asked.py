"""Claims that questions alone decide."""

from __future__ import annotations

from statistics import median

from playground.claims.claim import Count, Verdict, below, better, paired, together
from playground.claims.given import Given, is_right
from playground.evaluation import Share
from playground.types import Answer

_WORTH = 0.6  # of long-context's tokens, the most that self-route may take
_LOSS = -0.05  # of right answers, the most that self-route may lose
_SLOWER = 0.9  # of base's tokens a second, the least that tuned weights must have


def style(given: Given) -> Verdict:
    """2: the house's phrases, from tuned weights and from passages."""
    outcome = paired(given.right("rag", "style"), given.right("lora", "style"))
    ruling, test = better("rag", "lora", outcome)
    counts = (Count.of(mode, given.share(mode, "style")) for mode in ("base", "rag", "lora"))
    return Verdict(2, ruling, tuple(counts), (test,))


def utilisation(given: Given) -> Verdict:
    """6: the gold passage above what was found, and that above nothing."""
    rulings, tests = [], []
    for first, second in (("base", "rag"), ("rag", "oracle")):
        outcome = paired(given.right(first, "fact"), given.right(second, "fact"))
        ruling, test = better(first, second, outcome)
        rulings.append(ruling)
        tests.append(test)
    counts = (Count.of(mode, given.share(mode, "fact")) for mode in ("base", "rag", "oracle"))
    return Verdict(6, together(rulings), tuple(counts), tuple(tests))


def tuned_cost(given: Given) -> Verdict:
    """8: the same prompts at the same speed, and less of what it knew before."""
    outcome = paired(given.right("lora", "general"), given.right("base", "general"))
    forgets, test = better("lora", "base", outcome)
    base, lora = (median(given.metrics(mode, "tokens_per_second")) for mode in ("base", "lora"))
    tokens = [median(given.metrics(mode, "prompt_tokens")) for mode in ("base", "lora")]
    is_free = tokens[0] == tokens[1] and lora >= _SLOWER * base
    counts = (
        Count("prompt tokens, base", tokens[0]),
        Count("prompt tokens, lora", tokens[1]),
        Count("tokens/s, base", base),
        Count("tokens/s, lora", lora),
        *(Count.of(f"general, {mode}", given.share(mode, "general")) for mode in ("base", "lora")),
    )
    ruling = together(["holds" if is_free else "does not hold", forgets])
    return Verdict(8, ruling, counts, (test,))


def self_route(given: Given) -> Verdict:
    """9: rag's answer, or long-context's where rag says that there is none."""
    kinds = ("fact", "whole-document")
    rag, whole = given.of("rag", *kinds), given.of("long-context", *kinds)
    routed, tokens, all_tokens, kept = [], 0, 0, 0
    for key, one in rag.items():
        first, second = one.answer, whole[key].answer
        answered = isinstance(first, Answer) and first.outcome == "answered"
        kept += answered
        routed.append(is_right(one if answered else whole[key]))
        tokens += _prompt_tokens(first) + (0 if answered else _prompt_tokens(second))
        all_tokens += _prompt_tokens(second)
    outcome = paired([is_right(one) for one in whole.values()], routed)
    part = tokens / all_tokens if all_tokens else float("nan")
    _, test = better("long-context", "self-route", outcome)
    loses = outcome.difference < _LOSS and outcome.p_value < 0.05
    ruling = (
        "does not hold"
        if loses or part > _WORTH
        else "holds"
        if outcome.difference >= _LOSS
        else "not decided"
    )
    counts = (
        Count.of("long-context", Share.of(is_right(one) for one in whole.values())),
        Count.of("self-route", Share.of(routed)),
        Count.of("answered from passages alone", Share(kept, len(rag))),
        Count("tokens, of long-context's", part),
    )
    return Verdict(9, ruling, counts, (test,))


def abstention(given: Given) -> Verdict:
    """10: questions that nothing in the documents answers."""
    counts, rulings = [], []
    for mode in ("rag", "long-context"):
        wrong = Share.of(not right for right in given.right(mode, "unanswerable"))
        counts.append(Count.of(f"false answers, {mode}", wrong))
        rulings.append(below(wrong, 0.5))
    counts.append(Count.of("refused although it is there, rag", Share.of(_refused(given, "rag"))))
    return Verdict(10, together(rulings), tuple(counts))


def _refused(given: Given, mode: str) -> list[bool]:
    return [bool(one.mark and one.mark.abstained) for one in given.of(mode, "fact").values()]


def _prompt_tokens(answer: object) -> int:
    return answer.metrics.prompt_tokens if isinstance(answer, Answer) else 0
