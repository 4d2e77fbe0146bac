"""From questions, plans and the progress of an evaluation to HTML: pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from html import escape

from playground.dataset.reasons import Reason
from playground.evaluating import EvaluationState
from playground.evaluation import Evaluation, QuestionFile
from playground.modes import EXAM_MODES
from playground.types import Language
from playground.ui.render import duration, meter, note, notice, table, waiting, warning
from playground.ui.render_run import wide_table
from playground.ui.strings import STRINGS, text

_SHOWN = 5
_COMMAS: Mapping[Language, str] = {"en": ", ", "zh": "、"}
# A file of questions in each shape that it may have.
EXAMPLES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "questions.jsonl": '{"question": "When does the shop open?", "answers": ["9:00", "nine"],'
        ' "kind": "fact", "source": "hours.md"}\n'
        '{"question": "Who owns the moon?", "kind": "unanswerable"}',
        "questions.csv": "question,answers,kind,source\n"
        "When does the shop open?,9:00|nine,fact,hours.md",
        "questions.txt": "When does the shop open? => 9:00 | nine",
    },
    "zh": {
        "questions.jsonl": '{"question": "商店几点开门？", "answers": ["9点", "九点"],'
        ' "kind": "fact", "source": "hours.md"}\n'
        '{"question": "月亮归谁所有？", "kind": "unanswerable"}',
        "questions.csv": "问题,答案,类型,来源\n商店几点开门？,9点|九点,fact,hours.md",
        "questions.txt": "商店几点开门？ => 9点 | 九点",
    },
}


def mode_label(mode: str, language: Language) -> str:
    """What a mode is called."""
    return text(f"mode.{mode}", language)


def kind_label(kind: str, language: Language) -> str:
    """What a kind of question is called; one of the user's own is what it is."""
    key = f"question.{kind}"
    return text(key, language) if key in STRINGS else kind


def mode_hints(language: Language) -> str:
    """What each mode is, in a phrase."""
    items = "".join(
        f"<div><dt>{mode_label(mode, language)}</dt><dd>{text(f'hint.{mode}', language)}</dd></div>"
        for mode in EXAM_MODES
    )
    return f"<dl class='pg-hints'>{items}</dl>"


def file_example(language: Language) -> str:
    """What a file of questions looks like: as JSON lines, as CSV, and as text."""
    blocks = "".join(
        f"<div class='pg-turn'><small>{name}</small>{escape(example)}</div>"
        for name, example in EXAMPLES[language].items()
    )
    return note(text("asked.columns_help", language)) + blocks


def preview(drawn: QuestionFile, language: Language) -> str:
    """How many questions are asked, the first of them, and the rows that cannot be."""
    questions = drawn.questions
    kinds = Counter(question.kind for question in questions)
    counts = [text("asked.count", language, count=f"{len(questions):,}")]
    counts += [f"{kind_label(kind, language)} {count:,}" for kind, count in kinds.items()]
    rows = [
        (
            escape(question.question),
            escape(" | ".join(question.answers)) or "–",
            escape(kind_label(question.kind, language)),
            escape(" | ".join(question.documents)) or "–",
        )
        for question in questions[:_SHOWN]
    ]
    return (
        f"<p><b>{escape(' · '.join(counts))}</b></p>"
        + _problems(drawn.problems, language)
        + wide_table(text("asked.head", language).split("|"), rows)
        + _more(len(questions) - _SHOWN, language)
    )


def _problems(problems: Mapping[int, Reason], language: Language) -> str:
    told = [
        warning(text("asked.unusable", language, row=row, reason=reason.text(language)))
        for row, reason in list(problems.items())[:_SHOWN]
    ]
    return "".join(told) + _more(len(problems) - _SHOWN, language)


def _more(count: int, language: Language) -> str:
    return note(text("list.more", language, count=f"{count:,}")) if count > 0 else ""


def size(evaluation: Evaluation, language: Language) -> str:
    """How much is to be asked."""
    counts = {
        "questions": f"{len(evaluation.questions):,}",
        "modes": len(evaluation.plan.modes),
        "answers": f"{len(evaluation.asked):,}",
    }
    return note(text("evaluation.size", language, **counts))


def status(
    evaluation: Evaluation,
    state: EvaluationState,
    done: Collection[tuple[str, str]],
    language: Language,
    *,
    stopping: bool = False,
) -> str:
    """Where an evaluation stands. `done` are the (question's key, mode) that were asked.

    `stopping` is one that was asked to stop, and goes on.
    """
    counts = {"done": f"{state.done:,}", "total": f"{state.total:,}"}
    if state.running:
        line = text("evaluation.running", language, **counts)
        if state.seconds_left is not None:
            line += " · " + text("job.left", language, left=duration(state.seconds_left, language))
        told = meter(line, state.done / max(state.total, 1))
        if state.elsewhere:
            told += note(text("evaluation.elsewhere", language))
        elif stopping:
            told += waiting(text("evaluation.stopping", language))
        return told + _by_mode(evaluation, done, language)
    told = notice(state.failure.text(language), error=True) if state.failure else ""
    if state.done < state.total:
        told += warning(text("evaluation.stopped", language, **counts))
        told += _by_mode(evaluation, done, language)
    elif not state.failure:
        told += notice(text("evaluation.done", language, **counts))
    if state.failed:
        told += warning(text("evaluation.failed", language, count=f"{state.failed:,}"))
    return told


def _by_mode(evaluation: Evaluation, done: Collection[tuple[str, str]], language: Language) -> str:
    asked = Counter(mode for _, mode in evaluation.asked)
    there = Counter(mode for _, mode in done)
    items = "".join(
        f"<div><dt>{mode_label(mode, language)}</dt><dd>{there[mode]:,} / {total:,}</dd></div>"
        for mode, total in asked.items()
    )
    return f"<dl class='pg-figures'>{items}</dl>"


def evaluation_label(evaluation: Evaluation, language: Language) -> str:
    """An evaluation in a list: when it was made, and how much it asks."""
    counts = {"questions": f"{len(evaluation.questions):,}", "modes": len(evaluation.plan.modes)}
    return text("evaluation.label", language, when=when(evaluation), **counts)


def when(evaluation: Evaluation) -> str:
    """When it was made, by the clock of this machine."""
    return f"{datetime.fromtimestamp(evaluation.created):%Y-%m-%d %H:%M:%S}"


def evaluation_table(
    listed: Sequence[tuple[Evaluation, EvaluationState]], language: Language
) -> str:
    """All evaluations, a line each."""
    if not listed:
        return note(text("evaluation.none", language))
    rows = [
        (
            when(evaluation),
            _status_word(state, language),
            f"{len(evaluation.questions):,}",
            f"{state.done:,} / {state.total:,}",
            evaluation.setup.get("model", "–"),
            _COMMAS[language].join(mode_label(mode, language) for mode in evaluation.plan.modes),
        )
        for evaluation, state in listed
    ]
    return table(text("evaluation.columns", language).split("|"), rows)


def _status_word(state: EvaluationState, language: Language) -> str:
    if state.running:
        return text("status.running", language)
    if state.failure:
        return text("status.failed", language)
    if state.done < state.total:
        return text("status.stopped", language)
    done = text("status.done", language)
    failed = text("evaluation.some_failed", language, count=f"{state.failed:,}")
    return f"{done} · {failed}" if state.failed else done
