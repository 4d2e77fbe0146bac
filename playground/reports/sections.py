"""Which sections a report has, in their order."""

from __future__ import annotations

from playground.reports.answers import asked
from playground.reports.blocks import Section, Terms
from playground.reports.figures import figures, legend
from playground.reports.judged import judged
from playground.reports.numbers import NOTHING, when
from playground.reports.positions import positions
from playground.reports.report import Report
from playground.reports.setup import machine, plan
from playground.reports.training import training
from playground.reports.trials import trade_offs
from playground.reports.words import mode_name, word
from playground.types import Language


def title(report: Report, language: Language) -> str:
    name = "evaluation" if report.evaluation else "trial"
    return word(f"report.{name}", language, model=report.model or NOTHING)


def glance(report: Report, language: Language) -> Terms:
    """What a reader wants to know first."""
    pairs = {"glance.model": report.model or NOTHING}
    if (found := report.evaluation) is not None:
        done = {"done": f"{len(report.answers):,}", "total": f"{len(found.asked):,}"}
        comma = word("comma", language)
        pairs |= {
            "glance.when": when(found.created, language),
            "glance.questions": f"{len(found.questions):,}",
            "glance.answers": word("glance.answers_of", language, **done),
            "glance.modes": comma.join(mode_name(mode, language) for mode in found.plan.modes),
        }
    return Terms([(word(name, language), value) for name, value in pairs.items()])


def made(report: Report, language: Language) -> str:
    """By what and when it was written."""
    return word("report.made", language, when=when(report.written, language))


def sections(report: Report, language: Language) -> list[Section]:
    """All that there is to say, in the order in which it is read; every answer comes last."""
    found: list[Section] = []
    evaluation, trial = report.evaluation, report.trial
    if evaluation:
        found += figures(evaluation, report.answers, language)
        found += positions(report.answers, language)
        found += judged(report.judged, language)
    if trial:
        found += trade_offs(trial, language)
    if report.run:
        found.append(training(report.run, language))
    if evaluation:
        found.append(plan(evaluation, language))
    if about := evaluation or trial:
        found.append(machine(about.setup, language))
    if evaluation and report.answers:
        found.append(Section("legend", word("section.legend", language), [Terms(legend(language))]))
        answers = asked(evaluation, report.answers, language)
        found.append(Section("answers", word("section.answers", language), answers))
    return found
