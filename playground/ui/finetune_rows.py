"""A part of step 2: the rows as text to edit, and as files that platforms take."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import gradio as gr

from playground.dataset import Dataset, load
from playground.dataset.rows_export import export_rows
from playground.errors import NoRowsChosen
from playground.material import as_json_lines
from playground.types import Language
from playground.ui import render, render_training
from playground.ui.errors import placed
from playground.ui.strings import I18N, language_from, text

_MOST_ROWS = 500  # a browser's editor becomes slow
_EDITED = "edited.jsonl"


class RowsPanel:
    """Builds its components; what is edited becomes the `dataset`."""

    def __init__(self, dataset: gr.State) -> None:
        self._exports = tempfile.TemporaryDirectory(prefix="playground-rows-")
        self._dataset = dataset
        with gr.Accordion(I18N("rows.edit"), open=False, elem_id="edit-rows"):
            self.note = gr.HTML()
            self.code = gr.Code(
                language=None, lines=8, max_lines=20, label=I18N("rows.code"), visible=False
            )
            with gr.Row():
                self.apply = gr.Button(
                    I18N("rows.apply"),
                    size="sm",
                    visible=False,
                    scale=0,
                    min_width=160,
                    elem_id="apply-rows",
                )
                self.openai = gr.Button(I18N("rows.openai"), size="sm", scale=0, min_width=180)
                self.siliconflow = gr.Button(
                    I18N("rows.siliconflow"), size="sm", scale=0, min_width=180
                )
                self.download = gr.DownloadButton(
                    visible=False, variant="primary", size="sm", scale=0, min_width=180
                )
            self.problem = gr.HTML(elem_id="rows-exported")
        self._connect()

    def _connect(self) -> None:
        self.applied = self.apply.click(self._apply, self.code, [self.problem, self._dataset])
        given = [self.problem, self.download]
        self.openai.click(self._openai, self._dataset, given)
        self.siliconflow.click(self._siliconflow, self._dataset, given)

    @property
    def outputs(self) -> list[Any]:
        return [self.note, self.code, self.apply, self.download, self.problem]

    def show(self, request: gr.Request, dataset: Dataset | None) -> dict[Any, Any]:
        """The rows as text, if there are not too many of them."""
        language = language_from(request)
        count = len(dataset.rows) if dataset else 0
        key = "rows.edit_help" if 0 < count <= _MOST_ROWS else "rows.too_many"
        editable = key == "rows.edit_help"
        note = text(key, language, count=f"{count:,}", most=_MOST_ROWS) if count else ""
        lines = as_json_lines(dataset.rows) if dataset and editable else ""
        return {
            self.note: render.note(note or text("rows.none", language)),
            self.code: gr.Code(lines, visible=editable),
            self.apply: gr.Button(visible=editable),
            self.download: gr.DownloadButton(visible=False),
            self.problem: "",
        }

    @placed
    def _apply(self, request: gr.Request, lines: str) -> dict[Any, Any]:
        return {self._dataset: load(_EDITED, lines.encode())}

    @placed
    def _openai(self, request: gr.Request, dataset: Dataset | None) -> dict[Any, Any]:
        return self._export("openai", dataset, language_from(request))

    @placed
    def _siliconflow(self, request: gr.Request, dataset: Dataset | None) -> dict[Any, Any]:
        return self._export("siliconflow", dataset, language_from(request))

    def _export(self, rules: Any, dataset: Dataset | None, language: Language) -> dict[Any, Any]:
        if dataset is None:
            raise NoRowsChosen
        exported = export_rows(dataset.rows, rules=rules)
        file = Path(tempfile.mkdtemp(dir=self._exports.name), f"{rules}.jsonl")
        file.write_bytes(exported.data)
        label = text("knowledge.download", language, file=file.name)
        return {
            self.problem: render_training.exported(exported, language),
            self.download: gr.DownloadButton(label, value=file, visible=exported.rows > 0),
        }
