"""Step 2 of the Fine-tune tab: the rows to learn from, and in which form they are learned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.dataset import load
from playground.dataset.mapping import Mapping
from playground.errors import PlaygroundError, UnknownShape
from playground.finetune.config import PRESETS
from playground.finetune.recipe import FORMS
from playground.readers import read_bytes
from playground.ui import render
from playground.ui.errors import placed, said
from playground.ui.finetune_columns import ColumnsPanel
from playground.ui.finetune_rows import RowsPanel
from playground.ui.finetune_settings import START
from playground.ui.strings import I18N, language_from, text
from playground.world import training_file


class DataPanel:
    """Builds its components. `changed` are the events after which `dataset` may be another."""

    def __init__(self, playground: Playground, dataset: gr.State) -> None:
        self._playground = playground
        self.dataset = dataset
        with gr.Row():
            with gr.Column(scale=2, min_width=280):
                self.file = gr.File(label=I18N("finetune.file"), height=160, elem_id="rows-file")
                with gr.Row(elem_classes="pg-bottom"):
                    self.builtin = gr.Button(
                        I18N("finetune.builtin"),
                        size="sm",
                        min_width=180,
                        scale=0,
                        elem_id="builtin",
                    )
                    self.hub = gr.Textbox(
                        label=I18N("finetune.hub"),
                        placeholder=I18N("finetune.hub_placeholder"),
                        min_width=200,
                        scale=2,
                        elem_id="hub-id",
                    )
                    self.fetch = gr.Button(I18N("finetune.fetch"), size="sm", min_width=90, scale=0)
            with gr.Column(scale=2, min_width=280):
                self.form = gr.Radio(
                    [(I18N(f"form.{form}"), form) for form in FORMS],
                    value=FORMS[0],
                    label=I18N("finetune.form"),
                    elem_id="form",
                )
                self.knowledge = gr.Dropdown([], label=I18N("finetune.knowledge"), visible=False)
                self.start_from = gr.Dropdown(
                    [], label=I18N("finetune.start_from"), info=I18N("finetune.start_from_help")
                )
        self.problem = gr.HTML(elem_id="rows-problem")
        self.columns = ColumnsPanel()
        self.view = gr.HTML(elem_id="rows-view")
        self.stop = gr.Button(
            I18N("finetune.stop"), size="sm", visible=False, elem_id="stop-looking"
        )
        self.rows = RowsPanel(self.dataset)
        self._connect()

    def _connect(self) -> None:
        loaded: list[Any] = [self.problem, self.dataset, *self.columns.outputs]
        chosen = [self.columns.source, *self.columns.choosers]
        hidden: Any = {"show_progress": "hidden"}
        self.changed: tuple[Any, ...] = (
            self.file.upload(self._load_file, self.file, loaded),
            self.file.clear(self._clear, None, loaded, **hidden),
            self.builtin.click(self._load_builtin, None, loaded),
            self.fetch.click(self._load_hub, self.hub, loaded),
            self.hub.submit(self._load_hub, self.hub, loaded),
            self.columns.apply.click(self._load_columns, chosen, loaded),
            self.rows.applied,
        )
        for changed in self.changed:
            changed.then(self.rows.show, self.dataset, self.rows.outputs, **hidden)
        self.form.change(
            lambda form: gr.Dropdown(visible=form != FORMS[0]), self.form, self.knowledge, **hidden
        )

    @placed
    def _load_file(self, request: gr.Request, path: str) -> dict[Any, Any]:
        return self._load(request, Path(path))

    @placed
    def _load_builtin(self, request: gr.Request) -> dict[Any, Any]:
        language = language_from(request)
        file = training_file(self._playground.settings.world_dir, language)
        if not self._playground.quota:
            return self._load(request, file)
        rows = read_bytes(file, file.name).splitlines(keepends=True)
        few = self._playground.quota.row_epochs // PRESETS[START].config().epochs
        counts = {"few": few, "rows": f"{len(rows):,}"}
        said_here = {self.problem: render.note(text("finetune.builtin_few", language, **counts))}
        return {**self._read(request, file.name, b"".join(rows[:few])), **said_here}

    def _load(self, request: gr.Request, file: Path) -> dict[Any, Any]:
        try:
            data = read_bytes(file, file.name)
        except PlaygroundError as error:
            return {self.dataset: None, self.problem: said(error, request)}
        return self._read(request, file.name, data)

    @placed
    def _load_hub(self, request: gr.Request, id: str) -> dict[Any, Any]:
        found = self._playground.tuning.fetch(id)
        return self._read(request, found.name, found.data)

    @placed
    def _load_columns(
        self, request: gr.Request, source: tuple[str, bytes], *columns: str
    ) -> dict[Any, Any]:
        return {self.dataset: load(*source, Mapping(*columns))}

    def _read(self, request: gr.Request, name: str, data: bytes) -> dict[Any, Any]:
        """Rows that were understood; else the columns to choose from, or why there are none."""
        try:
            return {self.dataset: load(name, data), **self.columns.hidden()}
        except UnknownShape:
            return {self.dataset: None, **self.columns.ask(name, data, language_from(request))}
        except PlaygroundError as error:
            said_here = {self.problem: said(error, request)}
            return {self.dataset: None, **self.columns.hidden(), **said_here}

    def _clear(self) -> dict[Any, Any]:
        return {self.dataset: None, self.problem: "", **self.columns.hidden()}
