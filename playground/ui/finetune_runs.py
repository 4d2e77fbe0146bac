"""A part of step 8 of the Fine-tune tab: all trainings, and two of them side by side."""

from __future__ import annotations

from typing import Any

import gradio as gr

from playground.app import Playground
from playground.ui import render_run, render_runs
from playground.ui.confirm import Confirm
from playground.ui.errors import placed
from playground.ui.strings import I18N, language_from, text


class RunsPanel:
    """Builds its components, and connects them to the Playground; `shown` is the run of step 6."""

    def __init__(self, playground: Playground, shown: gr.Dropdown) -> None:
        self._tuning = playground.tuning
        self.table = gr.HTML(elem_id="runs")
        with gr.Row(elem_classes="pg-bottom"):
            self.first = gr.Dropdown([], label=I18N("runs.first"), scale=2, min_width=200)
            self.second = gr.Dropdown([], label=I18N("runs.second"), scale=2, min_width=200)
            self.look = gr.Button(I18N("runs.look"), size="sm", min_width=110, scale=0)
            self.drop = Confirm("runs.delete", "knowledge.drop_really", self.first)
        self.problem = gr.HTML()
        self.comparison = gr.HTML(elem_id="run-comparison")
        hidden: Any = {"show_progress": "hidden"}
        self.look.click(lambda run: run, self.first, shown, **hidden)
        chosen = [self.first, self.second]
        gr.on(
            [one.change for one in chosen],
            self._compare,
            chosen,
            [self.problem, self.comparison],
            trigger_mode="always_last",
            **hidden,
        )
        self.deleted = self.drop.connect(self._delete, [self.problem, *self.outputs])

    @property
    def outputs(self) -> list[Any]:
        return [self.table, self.first, self.second]

    def show(
        self, request: gr.Request, first: str | None = None, second: str | None = None
    ) -> dict[Any, Any]:
        """All runs, the latest first, with the chosen kept."""
        language = language_from(request)
        summaries = [self._tuning.summary(run.id) for run in self._tuning.runs.list()]
        labels = [(render_run.run_label(one.run), one.run.id) for one in summaries]
        ids = [one.run.id for one in summaries]
        first = first if first in ids else next(iter(ids), None)
        none = (text("runs.none", language), "")
        return {
            self.table: render_runs.run_table(summaries, language),
            self.first: gr.Dropdown(choices=labels, value=first),
            self.second: gr.Dropdown(
                choices=[none, *labels], value=second if second in ids else ""
            ),
        }

    @placed
    def _compare(self, request: gr.Request, *ids: str | None) -> dict[Any, Any]:
        chosen = [id for id in dict.fromkeys(ids) if id]
        if len(chosen) < 2:
            return {self.comparison: ""}
        first, second = map(self._tuning.summary, chosen)
        compared = render_runs.comparison(first, second, language_from(request))
        return {self.comparison: compared}

    @placed
    def _delete(self, request: gr.Request, run: str) -> dict[Any, Any]:
        self._tuning.runs.delete(run)
        return self.show(request)
