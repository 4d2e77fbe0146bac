"""The Fine-tune tab: eight steps from a model and rows to an adapter that can be used."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.errors import NoRowsChosen, PlaygroundError
from playground.finetune.config import PRESETS
from playground.pace import Pace
from playground.types import Language, Progress
from playground.ui import render, render_training
from playground.ui.errors import said
from playground.ui.finetune_adapters import AdaptersPanel
from playground.ui.finetune_data import DataPanel
from playground.ui.finetune_exam import ExamPanel, QuestionsPanel
from playground.ui.finetune_form import Form
from playground.ui.finetune_model import ModelPanel
from playground.ui.finetune_run import RunPanel
from playground.ui.finetune_runs import RunsPanel
from playground.ui.finetune_settings import START, RecipePanel, SettingsPanel
from playground.ui.options import choose_from
from playground.ui.shows import Show
from playground.ui.steps import Steps
from playground.ui.strings import language_from, text
from playground.world import BASE_NAMES


class FinetuneTab:
    """Builds the tab's components, and connects them to the Playground.

    Each step is a panel. What is filled in lies in the browser's session, the loaded `rows` among
    it; all that is known of a run lies in its folder.
    """

    def __init__(self, playground: Playground, rows: gr.State) -> None:
        self._playground = playground
        self._stopping = threading.Event()  # the tab is one visitor's
        self._steps = Steps()
        with self._steps.step("model"):
            self.model = ModelPanel(playground)
        with self._steps.step("data"):
            self.data = DataPanel(playground, rows)
        with self._steps.step("exam"):
            self.exam = ExamPanel(PRESETS[START].config())
        with self._steps.step("questions"):
            self.questions = QuestionsPanel()
        with self._steps.step("settings"):
            self.settings = SettingsPanel(self.exam.options, quota=playground.quota)
        with self._steps.step("train"):
            self.run = RunPanel(playground)
            self.recipe = RecipePanel()
        with self._steps.step("compared"):
            self.answers = gr.HTML(elem_id="answers")
        with self._steps.step("after"):
            self.adapters = AdaptersPanel(playground)
            self.runs = RunsPanel(playground, self.run.run)
        self.form = Form(playground, self._fields())
        self._connect()

    def _fields(self) -> dict[str, Any]:
        return {
            "dataset": self.data.dataset,
            "validation": self.exam.validation,
            "questions": self.questions.questions,
            "name": self.run.name,
            "model": self.model.model,
            "form": self.data.form,
            "knowledge": self.data.knowledge,
            "start_from": self.data.start_from,
            "held_out_questions": self.questions.held_out,
            "general_questions": self.questions.general,
            "replay_rows": self.questions.replay,
            **self.settings.all_options,
        }

    def _connect(self) -> None:
        self.model.connect(self.form)
        self.run.connect(self.form, self.answers)
        self.recipe.connect(self.form)
        hidden: Any = {"show_progress": "hidden"}
        examined = self.examined
        for changed in (*self.data.changed, *self.exam.changed, self.settings.filled):
            changed.then(self._examine, self.form.inputs, examined, **hidden)
        gr.on(
            [
                *(self.model.model.blur, self.data.form.input, self.data.knowledge.input),
                *(widget.input for widget in self.settings.all_options.values()),
            ],
            self._examine,
            self.form.inputs,
            examined,
            trigger_mode="always_last",
            **hidden,
        )
        self.data.stop.click(self._stopping.set, None, None, **hidden)
        listed = [*self.adapters.outputs, *self.runs.outputs]
        chosen = [self.run.over, self.adapters.adapter, self.runs.first, self.runs.second]
        self.run.over.change(self._list, chosen, listed, **hidden)
        self.runs.deleted.then(self.run.choices, self.run.run, self.run.run, **hidden)

    @property
    def examined(self) -> list[Any]:
        """What is said of the rows and the settings."""
        return [self.data.view, self.data.stop, self.exam.split, self.settings.advice]

    def _examine(self, request: gr.Request, *values: Any) -> Iterator[dict[Any, Any]]:
        """What the model will see, and what speaks against starting."""
        language = language_from(request)
        try:
            yield from self._examining(values, language)
        except NoRowsChosen:
            yield self._unexamined(render.note(text("finetune.empty", language)))
        except PlaygroundError as error:
            yield self._unexamined(said(error, request))

    def _examining(self, values: Sequence[Any], language: Language) -> Iterator[dict[Any, Any]]:
        recipe, material = self.form.read(values)
        pace = Pace()
        self._stopping.clear()
        for found in self._playground.tuning.examine(recipe, material):
            if not isinstance(found, Progress):
                shown = render_training.dataset(material.dataset, found, language, form=recipe.form)
                yield {
                    self.data.view: shown,
                    self.data.stop: gr.Button(visible=False),
                    self.exam.split: render_training.split_sizes(found, language),
                    self.settings.advice: render_training.advice(found.advice, language),
                }
            elif self._stopping.is_set():
                counts = {"done": f"{found.done:,}", "total": f"{found.total:,}"}
                told = text("finetune.looking_stopped", language, **counts)
                yield self._unexamined(render.warning(told))
                break
            else:
                pace.take(found, time.monotonic())
                told = render_training.preparing(found, pace.seconds_left, language)
                yield {self.data.view: told, self.data.stop: gr.Button(visible=True)}

    def _unexamined(self, told: str) -> dict[Any, Any]:
        hidden = gr.Button(visible=False)
        cleared = {self.exam.split: "", self.settings.advice: ""}
        return {self.data.view: told, self.data.stop: hidden, **cleared}

    def _list(
        self,
        request: gr.Request,
        over: str | None = None,
        adapter: str | None = None,
        first: str | None = None,
        second: str | None = None,
    ) -> dict[Any, Any]:
        """All runs and adapters; chosen are those of the run that is `over`, or what was."""
        made = self._playground.tuning.runs.get(over).name if over else adapter
        return {
            **self.adapters.show(request, made),
            **self.runs.show(request, over or first, second),
        }

    # ------------------------------------------------------------ what there is

    @property
    def shows(self) -> list[Show]:
        chosen = [self.adapters.adapter, self.runs.first, self.runs.second]
        choosers = [self.data.knowledge, self.data.start_from, self.run.run, *chosen]
        listed = [*choosers, self.adapters.table, self.runs.table]
        return [
            Show(self._refresh, choosers, [*self._steps.heads, *listed]),
            Show(self._examine, self.form.inputs, self.examined),
            Show(self.data.rows.show, [self.data.dataset], self.data.rows.outputs),
            *self.run.shows,
            *self.adapters.shows,
        ]

    def _refresh(
        self,
        request: gr.Request,
        knowledge: str | None,
        start_from: str | None,
        run: str | None,
        *listed: str | None,
    ) -> dict[Any, Any]:
        language = language_from(request)
        fresh = text("finetune.fresh", language)
        names = [adapter.name for adapter in self._playground.adapters.list()]
        bases = self._playground.bases.library.names()
        return {
            **self._steps.load(language),
            self.data.knowledge: choose_from(bases, knowledge or BASE_NAMES[language]),
            self.data.start_from: gr.Dropdown(
                choices=[(fresh, ""), *((name, name) for name in names)],
                value=start_from if start_from in names else "",
            ),
            self.run.run: self.run.choices(run),
            **self._list(request, None, *listed),
        }
