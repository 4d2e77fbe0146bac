"""The Evaluate tab: many questions, asked in several modes, marked and timed."""

from __future__ import annotations

from functools import partial
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.errors import NoQuestionFile, PlaygroundError
from playground.evaluation import Evaluation
from playground.reports import gather
from playground.ui import render, render_evaluate
from playground.ui.errors import said
from playground.ui.evaluate_form import PlanForm, Upload
from playground.ui.evaluate_found import AnswersPanel, Found, ResultsPanel
from playground.ui.evaluate_modes import ModesPanel
from playground.ui.evaluate_plan import PlanPanel
from playground.ui.evaluate_questions import QuestionsPanel
from playground.ui.evaluate_run import RunPanel
from playground.ui.report import ReportPanel
from playground.ui.shows import Show
from playground.ui.steps import Steps
from playground.ui.strings import language_from, text


class EvaluateTab:
    """Builds the tab's components, and connects them to the Playground.

    Each step is a panel. What is filled in lies in the browser's session; all that is known of an
    evaluation lies in the records.
    """

    def __init__(self, playground: Playground) -> None:
        self._evaluations = playground.evaluations
        self._steps = Steps()
        with self._steps.step("asked"):
            self.questions = QuestionsPanel()
        with self._steps.step("answering"):
            self.modes = ModesPanel(playground)
            self.plan = PlanPanel(playground)
        with self._steps.step("evaluation"):
            self.run = RunPanel(playground)
        with self._steps.step("figures"):
            self.results = ResultsPanel()
            self.report = ReportPanel(partial(gather, playground), "evaluation")
        with self._steps.step("sides"):
            self.answers = AnswersPanel()
        self.found = Found(playground, self.results, self.answers)
        self.form = PlanForm(self._fields())
        self._connect()

    def _fields(self) -> dict[str, Any]:
        return {
            "source": self.questions.source,
            "upload": self.questions.upload,
            "languages": self.questions.languages,
            "kinds": self.questions.kinds,
            "per_kind": self.questions.per_kind,
            "draw": self.questions.draw,
            "modes": self.modes.modes,
            "knowledge": self.modes.knowledge,
            "adapter": self.modes.adapter,
            "multiple_choice": self.modes.multiple_choice,
            **self.modes.options,
        }

    def _connect(self) -> None:
        self.plan.connect(self.form, self.questions, self.modes, self.run.shown)
        self.run.connect(self.form)
        self.found.connect(self.run.shown, self.run.seen)
        self.report.connect(self.run.shown)
        gr.on(
            [*self.questions.changed, self.modes.modes.change],
            self._preview,
            self.form.inputs,
            self.previewed,
            trigger_mode="always_last",
            show_progress="hidden",
        )

    @property
    def previewed(self) -> list[Any]:
        """What is said of the questions."""
        return [self.questions.view, self.run.size]

    def _preview(self, request: gr.Request, *values: Any) -> dict[Any, Any]:
        """What will be asked, and how much that is."""
        language = language_from(request)
        try:
            plan, data = self.form.read(values)
        except NoQuestionFile:
            told = render.note(text("asked.no_file", language))
            return {self.questions.view: told, self.run.size: ""}
        except PlaygroundError as error:
            return {self.run.size: said(error, request)}
        try:
            drawn = self._evaluations.drawn(plan, data)
        except PlaygroundError as error:
            return {self.questions.view: said(error, request), self.run.size: ""}
        planned = Evaluation("", 0.0, plan, drawn.questions, {})
        return {
            self.questions.view: render_evaluate.preview(drawn, language),
            self.run.size: render_evaluate.size(planned, language),
        }

    # ------------------------------------------------------------ what there is

    @property
    def shows(self) -> list[Show]:
        filled = [
            *self._steps.heads,
            *self.questions.filled,
            *(self.modes.hints, *self.modes.choosers),
            self.plan.help,
            *self.run.listed,
        ]
        chosen = [*self.questions.chosen, *self.modes.choosers, self.run.shown]
        return [
            Show(self._refresh, chosen, filled),
            Show(self._preview, self.form.inputs, self.previewed),
            *self.run.shows,
            *self.found.shows,
        ]

    def _refresh(
        self,
        request: gr.Request,
        source: str,
        upload: Upload | None,
        languages: list[str],
        kinds: list[str],
        knowledge: str | None,
        adapter: str | None,
        shown: str | None,
    ) -> dict[Any, Any]:
        language = language_from(request)
        return {
            **self._steps.load(language),
            **self.questions.show(language, source, upload, languages, kinds),
            **self.modes.show(language, knowledge, adapter),
            self.plan.help: render.note(text("plan.help", language)),
            **self.run.show(language, shown),
        }
