"""Step 1 of the Fine-tune tab: which model is trained, and what that takes here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.dataset import load
from playground.types import Language
from playground.ui import render, render_training
from playground.ui.errors import placed
from playground.ui.finetune_form import Form
from playground.ui.strings import I18N, language_from, text
from playground.world import training_file


class ModelPanel:
    """Builds its components; `connect` binds them to what is filled in below."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
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
                I18N("finetune.measure"), size="sm", min_width=220, scale=0, elem_id="measure"
            )
        self.problem = gr.HTML(elem_id="measured")

    def connect(self, form: Form) -> None:
        self._form = form
        hidden: Any = {"show_progress": "hidden"}
        self.measure.click(self._measure, form.inputs, self.problem, concurrency_limit=1, **hidden)

    @placed
    def _measure(self, request: gr.Request, *values: Any) -> Iterator[dict[Any, Any]]:
        language = language_from(request)
        recipe, material = self._form.read(values, otherwise=self._builtin(language))
        yield {self.problem: render.waiting(text("finetune.measuring", language))}
        found = self._playground.tuning.estimate(recipe, material)
        yield {self.problem: render_training.estimate(found, material.dataset.file, language)}

    def _builtin(self, language: Language) -> Any:
        file = training_file(self._playground.settings.world_dir, language)
        return load(file.name, file.read_bytes())
