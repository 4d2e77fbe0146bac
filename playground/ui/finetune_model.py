"""Step 1 of the Fine-tune tab: which model is trained, and what that takes here."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.dataset import load
from playground.pace import Pace
from playground.types import Language, Progress
from playground.ui import render, render_training
from playground.ui.errors import placed
from playground.ui.finetune_form import Form
from playground.ui.strings import I18N, language_from, text
from playground.world import training_file


class ModelPanel:
    """Builds its components; `connect` binds them to what is filled in below."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._stopping = threading.Event()  # the panel is one visitor's
        with gr.Row(elem_classes="pg-bottom"):
            self.model = gr.Textbox(
                label=I18N("finetune.model"),
                info=I18N("finetune.model_help"),
                placeholder=playground.settings.model,
                scale=4,
                min_width=280,
                elem_id="train-model",
            )
            self.measure = gr.Button(
                I18N("finetune.measure"),
                size="sm",
                min_width=220,
                scale=0,
                elem_id="measure-training",
            )
            self.stop = gr.Button(
                I18N("finetune.stop"),
                size="sm",
                min_width=110,
                scale=0,
                visible=False,
                elem_id="stop-trying",
            )
        self.problem = gr.HTML(elem_id="measured")

    def connect(self, form: Form) -> None:
        self._form = form
        hidden: Any = {"show_progress": "hidden"}
        told = [self.problem, self.stop]
        measured = self.measure.click(
            self._measure, form.inputs, told, concurrency_limit=1, **hidden
        )
        measured.then(lambda: gr.Button(visible=False), None, self.stop, **hidden)
        self.stop.click(self._stopping.set, None, None, **hidden)

    @placed
    def _measure(self, request: gr.Request, *values: Any) -> Iterator[dict[Any, Any]]:
        language, pace = language_from(request), Pace()
        recipe, material = self._form.read(values, otherwise=self._builtin(language))
        self._stopping.clear()
        with closing(self._playground.tuning.estimate(recipe, material)) as events:
            for found in events:
                if not isinstance(found, Progress):
                    told = render_training.estimate(found, material.dataset.file, language)
                    yield {self.problem: told}
                elif self._stopping.is_set():
                    yield {self.problem: render.note(text("finetune.measuring_stopped", language))}
                    break
                else:
                    pace.take(found, time.monotonic())
                    told = render_training.preparing(found, pace.seconds_left, language)
                    yield {self.problem: told, self.stop: gr.Button(visible=True)}

    def _builtin(self, language: Language) -> Any:
        file = training_file(self._playground.settings.world_dir, language)
        return load(file.name, file.read_bytes())
