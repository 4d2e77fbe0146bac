"""Every answer of every mode, question by question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from playground.evaluation import Evaluation, Failed, Marked
from playground.evaluation.plan import key
from playground.evaluation.questions import UNANSWERABLE
from playground.reports.blocks import Asked, Said
from playground.reports.numbers import NOTHING, seconds
from playground.reports.words import kind_name, mode_name, word
from playground.types import Answer, Language, Question

_MOST_TITLES = 6


def asked(evaluation: Evaluation, answers: Sequence[Marked], language: Language) -> list[Asked]:
    """An entry a question of which there is an answer, in their order."""
    given: dict[str, dict[str, Marked]] = {}
    for one in answers:
        given.setdefault(key(one.question), {})[one.mode] = one
    can_be = {(key(question), mode) for question, mode in evaluation.asked}
    found = []
    for number, question in enumerate(evaluation.questions, start=1):
        id = key(question)
        if id not in given:
            continue
        said = [
            _said(question, mode, given[id].get(mode), (id, mode) in can_be, language)
            for mode in evaluation.plan.modes
        ]
        notes = (accepted(question, language), kind_name(question.kind, language))
        disputed = _are_disputed(given[id])
        found.append(Asked(number, question.question, notes, said, disputed))
    return found


def accepted(question: Question, language: Language) -> str:
    """What counts as right."""
    if question.kind == UNANSWERABLE:
        return word("answer.unanswerable", language)
    if not question.answers:
        return word("answer.unscored", language)
    return word("answer.accepted", language, answers=" | ".join(question.answers))


def outcome(given: Marked, language: Language) -> str:
    """What kind of an answer it is, right or not."""
    if isinstance(given.answer, Failed):
        return word("answer.failed", language)
    if given.answer.outcome == "not-in-knowledge":
        return word("answer.absent", language)
    if given.mark and given.mark.abstained:
        return word("answer.abstained", language)
    cut = given.answer.finish_reason == "length"
    return word("answer.cut" if cut else "answer.answered", language)


def chosen(given: Marked, language: Language) -> str:
    """The option that a mode found likeliest, if it was to choose among them; else nothing."""
    if not isinstance(given.answer, Answer) or not given.mark or given.mark.chosen_right is None:
        return ""
    if given.answer.chosen is None:
        return word("answer.no_option", language)
    return given.question.options[given.answer.chosen]


def titles(answer: Answer) -> tuple[str, ...]:
    """Where its sources come from, each title once."""
    return tuple(dict.fromkeys(source.title for source in answer.sources))


def _said(
    question: Question, mode: str, given: Marked | None, can_be: bool, language: Language
) -> Said:
    name = mode_name(mode, language)
    if given is None:
        why = "answer.waits" if can_be else "answer.not_asked"
        return Said(name, None, word("answer.unmarked", language), NOTHING, (word(why, language),))
    if isinstance(given.answer, Failed):
        told = given.answer.text(language)
        return Said(name, None, outcome(given, language), told, failed=True)
    right = given.mark.right if given.mark else None
    verdict = "unmarked" if right is None else "right" if right else "wrong"
    return Said(
        name,
        right,
        word(f"answer.{verdict}", language),
        given.answer.text,
        _notes(given, given.answer, language),
        _sources(titles(given.answer), language),
    )


def _notes(given: Marked, answer: Answer, language: Language) -> tuple[str, ...]:
    metrics = answer.metrics
    tokens = {"prompt": f"{metrics.prompt_tokens:,}", "completion": metrics.completion_tokens}
    option = chosen(given, language)
    if option and answer.chosen is not None:
        option = word("answer.chosen", language, option=option)
    return (
        outcome(given, language),
        word("seconds", language, value=seconds(metrics.total_seconds)),
        word("answer.tokens", language, **tokens),
        *([option] if option else []),
    )


def _sources(named: Sequence[str], language: Language) -> str:
    if not named:
        return ""
    more = len(named) - _MOST_TITLES
    rest = (word("and_more", language, count=more),) if more > 0 else ()
    return word("comma", language).join((*named[:_MOST_TITLES], *rest))


def _are_disputed(given: Mapping[str, Marked]) -> bool:
    return len(set(_verdicts(given.values()))) > 1


def _verdicts(given: Iterable[Marked]) -> Iterable[bool]:
    return (one.mark.right for one in given if one.mark and one.mark.right is not None)
