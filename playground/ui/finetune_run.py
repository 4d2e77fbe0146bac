"""Steps 6 and 7 of the Fine-tune tab: a training while it goes on, and its answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.errors import PlaygroundError, UnknownName
from playground.types import Language
from playground.ui import render, render_run
from playground.ui.errors import placed, said
from playground.ui.finetune_form import Form
from playground.ui.shows import Show
from playground.ui.strings import I18N, language_from, text

_POLL_SECONDS = 1.0


class RunPanel:
    """Builds its components; `over` is the run that is shown, once it has ended.

    What is shown is read from the run's folder each second, so that a page that was reloaded or
    opened elsewhere shows the same.
    """

    def __init__(self, playground: Playground) -> None:
        self._tuning = playground.tuning
        self.over = gr.State()
        with gr.Row(elem_classes="pg-bottom"):
            self.name = gr.Textbox(
                label=I18N("finetune.name"),
                info=I18N("finetune.name_help"),
                value="my-adapter",
                scale=3,
                min_width=220,
                elem_id="adapter-name",
            )
            self.start = gr.Button(
                I18N("finetune.start"), variant="primary", min_width=200, scale=0, elem_id="train"
            )
        self.problem = gr.HTML(elem_id="start-problem")
        with gr.Row(elem_classes="pg-bottom"):
            self.run = gr.Dropdown(
                [], label=I18N("finetune.run"), scale=3, min_width=220, elem_id="run"
            )
            small: Any = {"size": "sm", "min_width": 110, "scale": 0, "visible": False}
            self.stop = gr.Button(I18N("finetune.stop"), elem_id="stop-run", **small)
            self.resume = gr.Button(I18N("finetune.resume"), elem_id="resume-run", **small)
        self.status = gr.HTML(elem_id="run-status")
        self.live = gr.HTML(elem_id="run-live")
        self.timer = gr.Timer(_POLL_SECONDS, active=False)

    def connect(self, form: Form, answers: gr.HTML) -> None:
        """Bind it to what is filled in, and to where the answers before and after are shown."""
        self._form, self.answers = form, answers
        watched = self.watched
        hidden: Any = {"show_progress": "hidden"}
        self.start.click(
            self._start, form.inputs, [self.problem, self.run], concurrency_limit=1, **hidden
        )
        self.run.change(self._watch, self.run, watched, **hidden)
        self.timer.tick(self._watch, self.run, watched, **hidden)
        for button, act in ((self.stop, self._stop), (self.resume, self._resume)):
            acted = button.click(act, self.run, self.problem, **hidden)
            acted.then(self._watch, self.run, watched, **hidden)

    @property
    def watched(self) -> list[Any]:
        """What is known of a run."""
        return [
            *(self.status, self.live, self.answers, self.stop, self.resume),
            *(self.timer, self.over),
        ]

    @property
    def shows(self) -> list[Show]:
        return [Show(self._watch, [self.run], self.watched)]

    @placed
    def _start(self, request: gr.Request, *values: Any) -> Iterator[dict[Any, Any]]:
        language = language_from(request)
        recipe, material = self._form.read(values)
        yield {self.problem: render.waiting(text("run.preparing", language))}
        run = self._tuning.start(recipe, material)
        yield {self.run: self.choices(run.id)}

    @placed
    def _stop(self, request: gr.Request, run: str) -> dict[Any, Any]:
        self._tuning.runs.stop(run)
        return {}

    @placed
    def _resume(self, request: gr.Request, run: str) -> dict[Any, Any]:
        self._tuning.runs.resume(run)
        return {}

    def _watch(self, request: gr.Request, run: str | None) -> dict[Any, Any]:
        """All that is known of a run, and whether to look again."""
        language = language_from(request)
        try:
            return self._known(run, language) if run else self._idle(language)
        except UnknownName:  # it was deleted
            return self._idle(language)
        except PlaygroundError as error:
            return {self.status: said(error, request), self.timer: gr.Timer(active=False)}

    def _known(self, id: str, language: Language) -> dict[Any, Any]:
        tuning = self._tuning
        tuning.runs.advance()
        summary = tuning.summary(id)
        run, over = summary.run, summary.run.is_over
        others = tuning.runs.list() if run.status == "queued" else ()
        going_on = [other.name for other in others if other.status == "running"]
        return {
            self.status: render_run.status(run, len(summary.compared), going_on, language),
            self.live: render_run.live(summary, language),
            self.answers: render_run.answers(summary, language),
            self.stop: gr.Button(visible=not over),
            self.resume: gr.Button(visible=run.status in ("stopped", "failed")),
            self.timer: gr.Timer(active=not over),
            self.over: id if over else None,
        }

    def _idle(self, language: Language) -> dict[Any, Any]:
        hidden = gr.Button(visible=False)
        return {
            self.status: render.note(text("finetune.idle", language)),
            self.live: "",
            self.answers: render.note(text("compared.none", language)),
            self.stop: hidden,
            self.resume: hidden,
            self.timer: gr.Timer(active=False),
            self.over: None,
        }

    def choices(self, chosen: str | None) -> gr.Dropdown:
        """The runs; the chosen one stays until it is over and another is going on."""
        runs = self._tuning.runs.list()
        unfinished = [run.id for run in runs if not run.is_over and run.id == chosen]
        going_on = [run.id for run in runs if run.status == "running"]
        rest = [run.id for run in runs if run.id == chosen] + [run.id for run in runs]
        best = next(iter([*unfinished, *going_on, *rest]), None)
        labels = [(render_run.run_label(run), run.id) for run in runs]
        return gr.Dropdown(choices=labels, value=best)
