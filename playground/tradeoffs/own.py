"""A trial out of an evaluation: a user's own questions in place of the built-in ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from playground.app import Playground
from playground.errors import PlaygroundError
from playground.evaluation import Evaluation
from playground.modes import EXAM_MODES
from playground.tradeoffs.answers import failures, figures
from playground.tradeoffs.data import taught
from playground.tradeoffs.measurement import Measurement, Missing, Name, Trial
from playground.types import Adapter, Language

# What the questions, the documents and the adapter decide; the rest is the world's.
OWN: frozenset[Name] = frozenset(
    {
        "right",
        "seconds_to_first_token",
        "seconds_to_answer",
        "prompt_tokens",
        "completion_tokens",
        "labelled_rows",
        "training_seconds",
        "documents",
        "document_tokens",
        "indexing_seconds",
        "second_base_seconds",
    }
)


def trial_of(playground: Playground, evaluation: str) -> Trial:
    """What an evaluation says of each mode, as far as it has come.

    Raises:
        UnknownName: there is none of this id.
    """
    found = playground.evaluations.records.get(evaluation)
    marked = playground.evaluations.marked(evaluation)
    told = [*figures(marked), *failures(marked), *_prepared(playground, found)]
    languages = Counter[Language](question.language for question in found.questions)
    return Trial(
        id=found.id,
        created=found.created,
        language=languages.most_common(1)[0][0],
        evaluation=found.id,
        context_window=playground.engine.context_window,
        setup=found.setup,
        measurements=tuple(one for one in told if isinstance(one, Measurement)),
        missing=tuple(one for one in told if isinstance(one, Missing)),
    )


def together(own: Trial, world: Trial | None) -> Trial:
    """`own`, with what only a trial on the built-in world measures taken from there."""
    if world is None:
        return own
    return replace(
        own,
        context_window=world.context_window,
        measurements=(*own.measurements, *(m for m in world.measurements if m.name not in OWN)),
        missing=(*own.missing, *(m for m in world.missing if m.name not in OWN)),
    )


def _prepared(playground: Playground, evaluation: Evaluation) -> Iterator[Measurement | Missing]:
    """The documents and the adapter that were asked, as they are now."""
    plan = evaluation.plan
    documents = _documents(playground, plan.knowledge)
    for mode in plan.modes:
        if documents and EXAM_MODES[mode].needs_knowledge:
            count, tokens = documents
            yield Measurement("documents", mode, count, "documents")
            yield Measurement("document_tokens", mode, tokens, "tokens")
        if plan.adapter and EXAM_MODES[mode].tuned:
            yield from taught(_adapter(playground, plan.adapter), mode, plan.adapter)


def _documents(playground: Playground, knowledge: str) -> tuple[int, int] | None:
    """How many documents a base has, and tokens; None if it is gone, or was the built-in one."""
    try:
        infos = playground.bases.library.get(knowledge).documents() if knowledge else ()
    except PlaygroundError:
        return None
    return (len(infos), sum(info.tokens for info in infos)) if infos else None


def _adapter(playground: Playground, name: str) -> Adapter | None:
    try:
        return playground.adapters.get(name)
    except PlaygroundError:
        return None
