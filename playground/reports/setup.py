"""What was asked of whom, and what it ran on."""

from __future__ import annotations

from collections.abc import Mapping

from playground.evaluation import WORLD, Evaluation
from playground.modes import AskOptions
from playground.options import options_of
from playground.reports.blocks import Section, Terms
from playground.reports.numbers import NOTHING, when
from playground.reports.words import kind_name, known, mode_name, word
from playground.types import Language


def plan(evaluation: Evaluation, language: Language) -> Section:
    """The plan and its options."""
    asked = evaluation.plan
    comma = word("comma", language)
    every = word("all", language)
    built_in = asked.questions == WORLD
    languages = dict.fromkeys(question.language for question in evaluation.questions)
    pairs = {
        "plan.id": evaluation.id,
        "glance.when": when(evaluation.created, language),
        "plan.questions": word("plan.world", language) if built_in else asked.questions,
        "glance.modes": comma.join(mode_name(mode, language) for mode in asked.modes),
        "plan.languages": comma.join(word(f"language.{one}", language) for one in languages),
        "plan.kinds": comma.join(kind_name(kind, language) for kind in asked.kinds) or every,
        "plan.per_kind": str(asked.per_kind or every),
        "plan.seed": str(asked.seed),
        "plan.knowledge": asked.knowledge or word("plan.own_base", language),
        "plan.adapter": asked.adapter or word("none", language),
        "plan.multiple_choice": word("yes" if asked.multiple_choice else "no", language),
    }
    told = [(word(name, language), value) for name, value in pairs.items()]
    told += [
        (option.label(language), f"{getattr(asked.options, name)}")
        for name, (_, option) in options_of(AskOptions).items()
    ]
    return Section("plan", word("section.plan", language), [Terms(told)])


def machine(setup: Mapping[str, str], language: Language) -> Section:
    """Models, engine, versions and machine."""
    told = [
        (known(f"setup.{name}", language, name), _value(name, value, language) or NOTHING)
        for name, value in setup.items()
    ]
    return Section("setup", word("section.setup", language), [Terms(told)])


def _value(name: str, value: str, language: Language) -> str:
    """Why an engine was chosen is kept in English; elsewhere, its name must do."""
    return value.partition(" (")[0] if name == "engine" and language != "en" else value
