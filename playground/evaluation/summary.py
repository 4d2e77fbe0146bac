"""An evaluation in figures: for each mode how often it was right, and what that took."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from playground.evaluation.marks import Mark, mark
from playground.evaluation.paired import Paired
from playground.evaluation.plan import key
from playground.evaluation.questions import UNANSWERABLE
from playground.evaluation.ranking import hit_at, ndcg_at, recall_at, reciprocal_rank
from playground.evaluation.records import Evaluation, Failed, Results
from playground.evaluation.shares import Share
from playground.types import Answer, Question


@dataclass(frozen=True)
class Marked:
    """One question in one mode: what was answered, and how good that is."""

    question: Question
    mode: str
    answer: Answer | Failed
    mark: Mark | None  # of an answer


@dataclass(frozen=True)
class Quantiles:
    """The median and the 95th percentile of what was measured, each in its own unit."""

    p50: float
    p95: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Quantiles | None:
        """None of nothing."""
        ordered = sorted(values)
        return cls(_quantile(ordered, 0.5), _quantile(ordered, 0.95)) if ordered else None


@dataclass(frozen=True)
class Retrieval:
    """How well passages were found: means over the `questions` of which the document is known."""

    questions: int
    hit_at_1: float
    hit_at_k: float
    recall_at_k: float
    mrr_at_10: float
    ndcg_at_10: float


@dataclass(frozen=True)
class ModeSummary:
    """One mode over all its questions; None where nothing could be measured.

    `false_answers` are the share of unanswerable questions that were answered all the same,
    `refusals` that of the answerable ones that were not. `multiple_choice` counts the questions of
    which a right option was found likeliest. `failed` gave an error and count nowhere else. Times
    are in seconds; `cold` is the time to the first token of prompts of which nothing was in the
    prefix cache, `warm` that of the others.
    """

    mode: str
    answered: int
    failed: int
    right: Share
    by_kind: dict[str, Share]
    exact_match: Share
    f1: float | None
    rouge_l: float | None
    characters: float | None
    refusals: Share
    false_answers: Share
    multiple_choice: Share
    time_to_first_token: Quantiles | None
    cold: Quantiles | None
    warm: Quantiles | None
    total_seconds: Quantiles | None
    tokens_per_second: Quantiles | None
    prompt_tokens: Quantiles | None
    retrieval: Retrieval | None


@dataclass(frozen=True)
class Versus:
    """Two modes on the questions that both were scored on."""

    first: str
    second: str
    outcome: Paired


@dataclass(frozen=True)
class Judged:
    """What a model as judge took for right of one mode's answers; `unscored` got no verdict."""

    judge: str
    mode: str
    right: Share
    unscored: int


def marked(evaluation: Evaluation, results: Results) -> tuple[Marked, ...]:
    """All answers so far, question by question, marked."""
    found, multiple_choice = [], evaluation.plan.multiple_choice
    for question, mode in evaluation.asked:
        result = results.get((key(question), mode))
        if isinstance(result, Answer):
            given = mark(question, result, multiple_choice=multiple_choice)
            found.append(Marked(question, mode, result, given))
        elif result is not None:
            found.append(Marked(question, mode, result, None))
    return tuple(found)


def known_by_heart(answers: Iterable[Marked]) -> frozenset[str]:
    """Keys of what `base` got right with no document: nothing that retrieval may be credited with.

    The closed-book filter of "Long Context vs RAG" (arXiv 2501.01880). That a question cannot be
    answered is no memory.
    """
    return frozenset(
        key(one.question)
        for one in answers
        if one.mode == "base" and one.mark and one.mark.right and one.question.kind != UNANSWERABLE
    )


def summarise(answers: Sequence[Marked], *, without: Collection[str] = ()) -> list[ModeSummary]:
    """A ModeSummary for each mode, in the order of the answers; `without` are keys left out."""
    kept = [one for one in answers if key(one.question) not in without]
    modes = dict.fromkeys(one.mode for one in kept)
    return [_summary(mode, [one for one in kept if one.mode == mode]) for mode in modes]


def versus(answers: Sequence[Marked], *, without: Collection[str] = ()) -> list[Versus]:
    """The win/lose matrix of every two modes."""
    right: dict[str, dict[str, bool]] = {}
    for one in answers:
        if one.mark and one.mark.right is not None and key(one.question) not in without:
            right.setdefault(one.mode, {})[key(one.question)] = one.mark.right
    return [
        Versus(a, b, Paired.of((right[a][k], right[b][k]) for k in right[a] if k in right[b]))
        for a, b in itertools.combinations(right, 2)
    ]


def judged(verdicts: Mapping[str, Mapping[tuple[str, str], bool | None]]) -> list[Judged]:
    """For each judge and mode, from judge -> (question's key, mode) -> verdict."""
    found = []
    for judge, given in verdicts.items():
        for mode in dict.fromkeys(mode for _, mode in given):
            said = [verdict for (_, asked), verdict in given.items() if asked == mode]
            right = Share.of(verdict for verdict in said if verdict is not None)
            found.append(Judged(judge, mode, right, said.count(None)))
    return found


def _summary(mode: str, asked: Sequence[Marked]) -> ModeSummary:
    marks = [(one.question, one.mark) for one in asked if one.mark]
    answers = [one.answer for one in asked if isinstance(one.answer, Answer)]
    generated = [answer.metrics for answer in answers if answer.metrics.prompt_tokens]
    kinds = dict.fromkeys(question.kind for question, _ in marks)
    answerable = [given for question, given in marks if question.kind != UNANSWERABLE]
    hopeless = [given for question, given in marks if question.kind == UNANSWERABLE]
    return ModeSummary(
        mode,
        answered=len(answers),
        failed=len(asked) - len(answers),
        right=_share(given for _, given in marks),
        by_kind={kind: _share(given for q, given in marks if q.kind == kind) for kind in kinds},
        exact_match=Share.of(m.exact_match for m in answerable if m.exact_match is not None),
        f1=_mean(m.f1 for m in answerable),
        rouge_l=_mean(m.rouge_l for m in answerable),
        characters=_mean(m.characters for _, m in marks),
        refusals=Share.of(m.abstained for m in answerable),
        false_answers=Share.of(not m.abstained for m in hopeless),
        multiple_choice=Share.of(m.chosen_right for m in answerable if m.chosen_right is not None),
        time_to_first_token=Quantiles.of(m.time_to_first_token for m in generated),
        cold=Quantiles.of(m.time_to_first_token for m in generated if not m.cached_tokens),
        warm=Quantiles.of(m.time_to_first_token for m in generated if m.cached_tokens),
        total_seconds=Quantiles.of(answer.metrics.total_seconds for answer in answers),
        tokens_per_second=Quantiles.of(
            m.tokens_per_second for m in generated if m.tokens_per_second
        ),
        prompt_tokens=Quantiles.of(m.prompt_tokens for m in generated),
        retrieval=_retrieval([given for _, given in marks], answers),
    )


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The value that `share` of them are below, between the two nearest ones in proportion."""
    place, part = divmod(share * (len(ordered) - 1), 1)
    low, high = ordered[int(place)], ordered[math.ceil(place + part)]
    return low + part * (high - low)


def _share(marks: Iterable[Mark]) -> Share:
    return Share.of(given.right for given in marks if given.right is not None)


def _mean(values: Iterable[float | None]) -> float | None:
    listed = [value for value in values if value is not None]
    return fmean(listed) if listed else None


def _retrieval(marks: Sequence[Mark], answers: Sequence[Answer]) -> Retrieval | None:
    found = [given.ranks for given in marks if given.ranks]
    if not found:
        return None
    k = max(len(answer.sources) for answer in answers)

    def over(figure: Callable[..., float], *args: int) -> float:
        return fmean(figure(ranks, *args) for ranks in found)

    return Retrieval(
        len(found),
        hit_at_1=over(hit_at, 1),
        hit_at_k=over(hit_at, k),
        recall_at_k=over(recall_at, k),
        mrr_at_10=over(reciprocal_rank),
        ndcg_at_10=over(ndcg_at),
    )
