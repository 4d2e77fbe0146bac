"""Step 5 of the Fine-tune tab: the hyper-parameters, and all settings as a file."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from playground.finetune import TrainConfig
from playground.finetune.config import PRESETS
from playground.material import as_files
from playground.options import options_of
from playground.quota import Quota
from playground.ui import render
from playground.ui.errors import placed
from playground.ui.finetune_exam import EXAM_OPTIONS
from playground.ui.finetune_form import Form
from playground.ui.options import option_widgets
from playground.ui.strings import I18N, language_from, text

_FIRST = ("epochs", "learning_rate", "batch_size", "r")
_OTHERS = [name for name in options_of(TrainConfig) if name not in (*_FIRST, *EXAM_OPTIONS)]
START = "facts"  # the preset that the page begins with


class SettingsPanel:
    """Builds its components; `options` are those of this step, `exam_options` of the third.

    With a `quota`, what they begin with is within it.
    """

    def __init__(self, exam_options: dict[str, Any], *, quota: Quota | None = None) -> None:
        self._quota = quota
        start = self._config(START)
        self.preset = gr.Dropdown(
            [(I18N(f"preset.{name}"), name) for name in PRESETS],
            value=START,
            label=I18N("settings.preset"),
            info=I18N("settings.preset_help"),
            elem_id="preset",
        )
        self.options = option_widgets(TrainConfig, start=start, only=_FIRST, columns=4)
        with gr.Accordion(I18N("settings.more"), open=False):
            self.options |= option_widgets(TrainConfig, start=start, only=_OTHERS, columns=4)
        self.all_options = {**self.options, **exam_options}
        self.advice = gr.HTML(elem_id="advice")
        self.filled = self.preset.input(
            self._fill, self.preset, list(self.all_options.values()), show_progress="hidden"
        )

    def _fill(self, preset: str) -> list[Any]:
        config = self._config(preset)
        return [getattr(config, name) for name in self.all_options]

    def _config(self, preset: str) -> TrainConfig:
        config = PRESETS[preset].config()
        if self._quota:
            return replace(config, max_length=min(config.max_length, self._quota.max_length))
        return config


class RecipePanel:
    """The whole training as files that the command line takes; `connect` binds it to the form."""

    def __init__(self) -> None:
        self._files = tempfile.TemporaryDirectory(prefix="playground-recipe-")
        with gr.Accordion(I18N("recipe.title"), open=False, elem_id="recipe"):
            self.problem = gr.HTML()
            with gr.Row():
                self.show = gr.Button(I18N("recipe.show"), size="sm", scale=0, min_width=240)
            self.code = gr.Code(language="json", visible=False, label=I18N("recipe.code"))
            self.files = gr.File(
                label=I18N("recipe.files"), file_count="multiple", visible=False, interactive=False
            )

    def connect(self, form: Form) -> None:
        self._form = form
        self.show.click(self._show, form.inputs, [self.problem, self.code, self.files])

    @placed
    def _show(self, request: gr.Request, *values: Any) -> dict[Any, Any]:
        files = as_files(*self._form.read(values))
        folder = Path(tempfile.mkdtemp(dir=self._files.name))
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
        recipe = next(iter(files))
        told = text("recipe.told", language_from(request), file=recipe)
        return {
            self.problem: render.note(told),
            self.code: gr.Code(files[recipe], visible=True),
            self.files: gr.File([str(folder / name) for name in files], visible=True),
        }
