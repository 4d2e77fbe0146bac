"""What an evaluation's answers add up to: tables and a chart."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType

from playground.charts import Dot, Shape, scatter
from playground.evaluation import (
    Evaluation,
    Marked,
    ModeSummary,
    Versus,
    known_by_heart,
    summarise,
    versus,
)
from playground.modes import EXAM_MODES
from playground.reports.blocks import Block, Chart, Note, Section, Table
from playground.reports.numbers import NOTHING, both, chance, count, number, seconds, share
from playground.reports.words import kind_name, mode_name, word
from playground.types import Language, Question

SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "base": "circle",
        "lora": "circle",
        "long-context": "square",
        "rag": "triangle",
        "oracle": "diamond",
    }
)
_SCRIPTS: Mapping[Language, str] = MappingProxyType({"en": "SQuAD", "zh": "CMRC"})
_FEW = 30  # questions
_SHORTEST = 1e-4  # seconds; a logarithmic axis has no zero
PAIR = ("both", "onlyfirst", "onlysecond", "neither", "difference", "p")
RETRIEVAL = ("searched", "hitone", "hitk", "recall", "mrr", "ndcg")
# Of a mode: (what the measure is called, how its figure is told).
_MEASURES: tuple[tuple[str, Callable[[ModeSummary], str]], ...] = (
    ("exact", lambda one: count(one.exact_match)),
    ("f1", lambda one: number(one.f1, ".3f")),
    ("rouge", lambda one: number(one.rouge_l, ".3f")),
    ("choice", lambda one: count(one.multiple_choice)),
    ("length", lambda one: number(one.characters, ",.0f")),
    ("refused", lambda one: count(one.refusals)),
    ("false", lambda one: count(one.false_answers)),
    ("first", lambda one: both(one.time_to_first_token)),
    ("cold", lambda one: both(one.cold)),
    ("warm", lambda one: both(one.warm)),
    ("total", lambda one: both(one.total_seconds)),
    ("speed", lambda one: both(one.tokens_per_second, ",.1f")),
    ("prompt", lambda one: both(one.prompt_tokens, ",.0f")),
    ("errors", lambda one: f"{one.failed:,}"),
)
_LEGEND = ("right", *(name for name, _ in _MEASURES), "difference", "p", *RETRIEVAL)


def without_base(answers: Sequence[Marked]) -> tuple[list[Marked], frozenset[str]]:
    """The answers of the modes that may be credited with more than memory; what to leave out."""
    return [one for one in answers if one.mode != "base"], known_by_heart(answers)


def figures(evaluation: Evaluation, answers: Sequence[Marked], language: Language) -> list[Section]:
    """All sections on how right the answers are and what they cost."""
    summaries = summarise(answers)
    if not summaries:
        nothing = Note(word("note.none", language))
        return [_section("figures", [nothing], language)]
    parts = [
        ("figures", _all(evaluation, answers, summaries, language)),
        ("filtered", _filtered(evaluation, answers, language)),
        ("pairs", _pairs(versus(answers), language)),
        ("retrieval", _retrieval(summaries, language)),
    ]
    return [_section(key, blocks, language) for key, blocks in parts if blocks]


def scripts_of(questions: Collection[Question]) -> str:
    """Whose scripts exact match and F1 are, by the languages of the questions."""
    asked: dict[Language, None] = dict.fromkeys(question.language for question in questions)
    return " / ".join(_SCRIPTS[language] for language in asked)


def legend(language: Language) -> list[tuple[str, str]]:
    """Every measure, and what it means."""
    return [
        (word(f"measure.{name}", language), word(f"measure.{name}_help", language))
        for name in _LEGEND
    ]


def _section(key: str, blocks: Sequence[Block], language: Language) -> Section:
    return Section(key, word(f"section.{key}", language), blocks)


def _all(
    evaluation: Evaluation,
    answers: Sequence[Marked],
    summaries: Sequence[ModeSummary],
    language: Language,
) -> list[Block]:
    done, total = len(answers), len(evaluation.asked)
    failed = sum(one.failed for one in summaries)
    blocks: list[Block] = []
    if done < total:
        told = word("note.partly", language, done=f"{done:,}", total=f"{total:,}")
        blocks.append(Note(told))
    if failed:
        blocks.append(Note(word("note.failed", language, count=f"{failed:,}")))
    if max(one.right.total for one in summaries) < _FEW:
        blocks.append(Note(word("note.too_few", language)))
    blocks.append(_by_mode(summaries, evaluation.questions, language))
    if chart := _chart(summaries, language):
        blocks += [chart, Note(word("scatter.note", language))]
    return blocks


def _filtered(evaluation: Evaluation, answers: Sequence[Marked], language: Language) -> list[Block]:
    others, by_heart = without_base(answers)
    if not by_heart:
        return []
    summaries = summarise(others, without=by_heart)
    if not summaries:
        return []
    return [
        Note(word("note.by_heart", language, count=f"{len(by_heart):,}")),
        _by_mode(summaries, evaluation.questions, language),
        *_pairs(versus(others, without=by_heart), language),
    ]


def _by_mode(
    summaries: Sequence[ModeSummary], questions: Collection[Question], language: Language
) -> Table:
    """A row a measure, a column a mode; measures that no mode has are left out."""
    right = word("measure.right", language)
    kinds = dict.fromkeys(kind for one in summaries for kind in one.by_kind)
    scripts = scripts_of(questions)
    rows = [(right, *(share(one.right) for one in summaries))]
    rows += [
        (
            right + word("colon", language) + kind_name(kind, language),
            *(count(one.by_kind.get(kind)) for one in summaries),
        )
        for kind in kinds
    ]
    for name, told in _MEASURES:
        label = word(f"measure.{name}", language)
        label += f"\n{scripts}" if name in ("exact", "f1") else ""
        rows.append((label, *map(told, summaries)))
    return Table(
        (
            word("measure.measure", language),
            *(mode_name(one.mode, language) for one in summaries),
        ),
        [row for row in rows if set(row[1:]) != {NOTHING}],
    )


def _chart(summaries: Sequence[ModeSummary], language: Language) -> Chart | None:
    marks = dots(summaries, language)
    if not marks:
        return None
    title, colon = word("scatter.title", language), word("colon", language)
    told = word("semicolon", language).join(f"{dot.name} {dot.value}" for dot in marks)
    figure = scatter(title, marks, x_label=word("scatter.x", language))
    return Chart(figure, title + colon + told)


def dots(summaries: Sequence[ModeSummary], language: Language) -> list[Dot]:
    """A mark for each mode of which there are scores, at its median seconds an answer."""
    found = []
    for one in summaries:
        if not one.right.total or not one.total_seconds:
            continue
        p50 = one.total_seconds.p50
        value = f"{one.right.value:.0%} · {word('seconds', language, value=seconds(p50))}"
        place = (max(p50, _SHORTEST), one.right.value, *one.right.interval)
        found.append(dot_of(one.mode, value, *place, language))
    return found


def dot_of(
    mode: str, value: str, x: float, y: float, low: float, high: float, language: Language
) -> Dot:
    """A mode's mark: its shape says where the context comes from, hollow ones are tuned."""
    shape = SHAPES[mode.partition("+")[0]]
    tuned = EXAM_MODES[mode].tuned
    return Dot(mode_name(mode, language), value, x, y, low, high, shape, hollow=tuned)


def _pairs(pairs: Sequence[Versus], language: Language) -> list[Block]:
    if not pairs:
        return []
    rows = [
        (
            f"{mode_name(pair.first, language)} / {mode_name(pair.second, language)}",
            *(
                f"{n:,}"
                for n in (
                    pair.outcome.both,
                    pair.outcome.only_first,
                    pair.outcome.only_second,
                    pair.outcome.neither,
                )
            ),
            f"{100 * pair.outcome.difference:+.1f}",
            chance(pair.outcome.p_value),
        )
        for pair in pairs
    ]
    heads = [word(f"measure.{name}", language) for name in ("versus", *PAIR)]
    return [Note(word("note.pairs", language)), Table(heads, rows)]


def _retrieval(summaries: Sequence[ModeSummary], language: Language) -> list[Block]:
    found = [(one.mode, one.retrieval) for one in summaries if one.retrieval]
    if not found:
        return []
    rows = []
    for mode, of in found:
        told = (of.hit_at_1, of.hit_at_k, of.recall_at_k, of.mrr_at_10, of.ndcg_at_10)
        cells = (f"{figure:.3f}" for figure in told)
        rows.append((mode_name(mode, language), f"{of.questions:,}", *cells))
    heads = [word(f"measure.{name}", language) for name in ("mode", *RETRIEVAL)]
    return [Table(heads, rows)]
