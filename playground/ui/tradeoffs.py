"""The Trade-offs tab: the three methods against one another, in numbers of one's own."""

from __future__ import annotations

from typing import Any

import gradio as gr

from playground.app import Playground
from playground.errors import UnknownName
from playground.evaluation import Evaluation
from playground.reports import Report, gather
from playground.tradeoffs import Measuring, Prices, Situation, Trial, recommend
from playground.tradeoffs.own import together, trial_of
from playground.tradeoffs.trial import Trials
from playground.types import Language
from playground.ui import render, render_tradeoffs, render_tradeoffs_choice
from playground.ui.errors import placed
from playground.ui.options import option_widgets
from playground.ui.report import ReportPanel
from playground.ui.shows import Show
from playground.ui.steps import Steps
from playground.ui.strings import language_from, text
from playground.ui.tradeoffs_measuring import MeasuringPanel
from playground.ui.tradeoffs_situation import SituationPanel


class TradeoffsTab:
    """Builds the tab's components, and connects them to the Playground.

    What is shown is made of the chosen trial, and of the chosen evaluation if there is one.
    """

    def __init__(self, playground: Playground, measuring: Measuring) -> None:
        self._playground = playground
        self._trials = Trials(playground.settings)
        self._steps = Steps()
        with self._steps.step("measuring"):
            self.measuring = MeasuringPanel(playground, measuring)
        with self._steps.step("criteria"):
            self.problem = gr.HTML(elem_id="tradeoffs-problem")
            self.about = gr.HTML(elem_id="tradeoffs-about")
            self.table = gr.HTML(elem_id="criteria")
            self.report = ReportPanel(self._report, "trial")
        with self._steps.step("choice"):
            self.situation = SituationPanel()
            self.advice = gr.HTML(elem_id="advice")
        with self._steps.step("costs"):
            self.prices = list(option_widgets(Prices).values())
            self.costs = gr.HTML(elem_id="costs")
        self._connect()

    def _connect(self) -> None:
        self.report.connect(self.measuring.trial)
        chosen, answers = [self.measuring.trial, self.measuring.own], self._answers
        hidden: Any = {"show_progress": "hidden", "trigger_mode": "always_last"}
        gr.on([one.change for one in chosen], self._show, answers, self.shown, **hidden)
        gr.on(
            [one.change for one in (*self.situation.answers, *self.prices)],
            self._decide,
            answers,
            [self.problem, self.advice, self.costs],
            **hidden,
        )

    @property
    def _answers(self) -> list[Any]:
        """What the table, and what follows from it, are made of."""
        chosen = [self.measuring.trial, self.measuring.own]
        return [*chosen, *self.situation.answers, *self.prices]

    def _report(self, trial: str) -> Report:
        return gather(self._playground, trial=trial)

    @property
    def shown(self) -> list[Any]:
        """The components that are made of the chosen trial."""
        return [self.problem, self.about, self.table, self.advice, self.costs]

    @placed
    def _show(
        self, request: gr.Request, trial: str | None, own: str | None, *answers: Any
    ) -> dict[Any, Any]:
        """The table, and all that follows from it."""
        return self._drawn(language_from(request), trial, own, answers)

    @placed
    def _decide(
        self, request: gr.Request, trial: str | None, own: str | None, *answers: Any
    ) -> dict[Any, Any]:
        """What follows from the answers to the questions, and from the prices."""
        language = language_from(request)
        return self._decided(self._told(trial, own)[0], answers, language)

    def _drawn(
        self, language: Language, trial: str | None, own: str | None, answers: Any
    ) -> dict[Any, Any]:
        told, world, evaluation = self._told(trial, own)
        return {
            self.about: render_tradeoffs.about(world, evaluation, language),
            self.table: render_tradeoffs.table(told, language, own=evaluation is not None),
            **self._decided(told, answers, language),
        }

    def _told(
        self, trial: str | None, own: str | None
    ) -> tuple[Trial | None, Trial | None, Evaluation | None]:
        """What the figures are taken from, the built-in world's part of it, and the user's own."""
        world = evaluation = None
        try:
            world = self._trials.get(trial) if trial else None
            evaluation = self._playground.evaluations.records.get(own) if own else None
        except UnknownName:  # it was deleted
            pass
        if evaluation is None:
            return world, world, None
        return together(trial_of(self._playground, evaluation.id), world), world, evaluation

    def _decided(self, told: Trial | None, answers: Any, language: Language) -> dict[Any, Any]:
        if told is None:
            return {
                self.advice: render.note(text("advice.hint", language)),
                self.costs: render.note(text("costs.none", language)),
            }
        count = len(self.situation.answers)
        situation, prices = Situation(*answers[:count]), _prices(answers[count:])
        found = recommend(told, situation, told.modes)
        return {
            self.advice: render_tradeoffs_choice.recommendation(found, language),
            self.costs: render_tradeoffs_choice.costs(told, prices, language),
        }

    # ------------------------------------------------------------ what there is

    @property
    def shows(self) -> list[Show]:
        filled = [*self._steps.heads, *self.measuring.watched, *self.shown]
        return [Show(self._refresh, self._answers, filled)]

    @placed
    def _refresh(
        self, request: gr.Request, trial: str | None, own: str | None, *answers: Any
    ) -> dict[Any, Any]:
        """The chosen trial, or the latest in the visitor's language, and the one that goes on."""
        language = language_from(request)
        trial = trial or self.measuring.latest(language)
        return {
            **self._steps.load(language),
            **self.measuring.known(language, trial, own),
            **self._drawn(language, trial, own, answers),
        }


def _prices(values: Any) -> Prices:
    """Raises InvalidSetting; a field that is empty costs nothing."""
    return Prices(*(value or 0.0 for value in values))
