"""The questions of the world, in each mode: how many are right, and what an answer costs."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from statistics import median

from playground.evaluating import Asked
from playground.evaluation import Evaluation, Failed, Marked, Plan, summarise
from playground.tradeoffs.ground import Ground
from playground.tradeoffs.measurement import Doing, Measurement, Missing
from playground.tradeoffs.memory import PeakMemory
from playground.types import Answer, Metrics

PER_KIND = 2
# Models stay in memory once they are loaded, so what needs the least is asked first.
_LIGHTEST_FIRST = ("base", "rag", "long-context", "lora")


def evaluation_of(ground: Ground, modes: Sequence[str], per_kind: int) -> Evaluation:
    """A new evaluation, whose answers are counted."""
    plan = Plan(
        tuple(sorted(modes, key=_heaviness)),
        languages=(ground.language,),
        per_kind=per_kind,
        adapter=ground.adapter,
        options=ground.options,
    )
    evaluations = ground.playground.evaluations
    return evaluations.create(plan, evaluations.questions(plan))


def _heaviness(mode: str) -> int:
    return _LIGHTEST_FIRST.index(mode) if mode in _LIGHTEST_FIRST else len(_LIGHTEST_FIRST)


def answers(ground: Ground, evaluation: str) -> Generator[Doing | Measurement | Missing]:
    """Runs the evaluation of this id, and says what came of it.

    What memory the program takes is looked at while each mode gives its first answer.
    """
    evaluations = ground.playground.evaluations
    to_ask = evaluations.records.get(evaluation).asked
    waiting = {mode for _, mode in to_ask}
    yield Doing("answers", 0, len(to_ask))
    with closing(evaluations.run(evaluation)) as running:
        while waiting:
            with PeakMemory() as peak:
                asked = next(running)
            if asked.mode in waiting:
                waiting.remove(asked.mode)
                yield _memory(asked, peak.bytes)
            yield Doing("answers", asked.done, asked.total)
        for asked in running:
            yield Doing("answers", asked.done, asked.total)
    marked = evaluations.marked(evaluation)
    yield from figures(marked)
    yield from failures(marked)


def _memory(asked: Asked, taken: float) -> Measurement | Missing:
    if isinstance(failed := asked.result, Failed):
        return Missing("memory_bytes", asked.mode, failed.en, failed.zh)
    return Measurement("memory_bytes", asked.mode, taken, "bytes")


def figures(marked: Sequence[Marked]) -> Iterator[Measurement]:
    """What an evaluation's answers say: shares by kind, medians of cost.

    Costs are of answers that the model gave: where nothing was found, it was not asked.
    """
    for summary in summarise(marked):
        for kind, share in summary.by_kind.items():
            if share.total:  # else nobody knows what would be right
                yield Measurement.of_share("right", summary.mode, share, kind=kind)
        yield from _costs(summary.mode, _metrics(marked, summary.mode))


def failures(marked: Sequence[Marked]) -> Iterator[Missing]:
    """For each mode that gave errors alone, its first one."""
    for mode in dict.fromkeys(one.mode for one in marked):
        results = [one.answer for one in marked if one.mode == mode]
        errors = [result for result in results if isinstance(result, Failed)]
        if errors and len(errors) == len(results):
            yield Missing("right", mode, errors[0].en, errors[0].zh)


def _metrics(marked: Sequence[Marked], mode: str) -> list[Metrics]:
    given = (one.answer for one in marked if one.mode == mode)
    return [a.metrics for a in given if isinstance(a, Answer) and a.metrics.prompt_tokens]


def _costs(mode: str, metrics: Sequence[Metrics]) -> Iterator[Measurement]:
    if not metrics:
        return
    count = len(metrics)
    first = median(m.time_to_first_token for m in metrics)
    total = median(m.total_seconds for m in metrics)
    prompt = median(m.prompt_tokens for m in metrics)
    said = median(m.completion_tokens for m in metrics)
    yield Measurement("seconds_to_first_token", mode, first, "s", total=count)
    yield Measurement("seconds_to_answer", mode, total, "s", total=count)
    yield Measurement("prompt_tokens", mode, prompt, "tokens", total=count)
    yield Measurement("completion_tokens", mode, said, "tokens", total=count)
    cached = [m.time_to_first_token for m in metrics if _is_cached(m)]
    cold = [m.time_to_first_token for m in metrics if not _is_cached(m)]
    if cached and cold:
        for kind, values in (("cold", cold), ("cached", cached)):
            yield Measurement(
                "seconds_to_first_token", mode, median(values), "s", total=len(values), kind=kind
            )


def _is_cached(metrics: Metrics) -> bool:
    """All prompts begin alike, so that some of their tokens are nearly always there."""
    return metrics.cached_tokens > metrics.prompt_tokens / 2
