"""A part of step 2: which column holds what, where that is not certain."""

from __future__ import annotations

from typing import Any

import gradio as gr

from playground.dataset.mapping import Mapping, columns_of
from playground.types import Language
from playground.ui import render
from playground.ui.strings import I18N, text

_PARTS = ("prompt", "completion", "system", "text")


class ColumnsPanel:
    """Builds its components, which are hidden until `ask`; `source` is the file's name and data."""

    def __init__(self) -> None:
        self.source = gr.State()
        with gr.Column(visible=False, elem_classes="pg-ask", elem_id="columns") as self.box:
            self.why = gr.HTML()
            with gr.Row(elem_classes="pg-bottom"):
                self.choosers = [
                    gr.Dropdown([], label=I18N(f"column.{part}"), min_width=150, interactive=True)
                    for part in _PARTS
                ]
                self.apply = gr.Button(
                    I18N("column.apply"), variant="primary", size="sm", min_width=140
                )

    @property
    def outputs(self) -> list[Any]:
        return [self.source, self.box, self.why, *self.choosers]

    def ask(self, name: str, data: bytes, language: Language) -> dict[Any, Any]:
        """The columns of a file, with what they may mean already chosen."""
        columns = columns_of(name, data)
        names = [(text("column.none", language), ""), *((n, n) for n in columns.names)]
        best = columns.suggested or Mapping(text=columns.names[0])
        chosen = (best.prompt, best.completion, best.system, best.text)
        return {
            self.source: (name, data),
            self.box: gr.Column(visible=True),
            self.why: render.warning(text("column.why", language, file=name)),
            **{
                chooser: gr.Dropdown(choices=names, value=value)
                for chooser, value in zip(self.choosers, chosen, strict=True)
            },
        }

    def hidden(self) -> dict[Any, Any]:
        return {self.source: None, self.box: gr.Column(visible=False)}
