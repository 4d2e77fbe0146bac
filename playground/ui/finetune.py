"""The Fine-tune tab: from rows to an adapter, with the loss drawn while it falls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
import pandas as pd

from playground.app import Playground
from playground.finetune import Dataset, TrainConfig, load
from playground.readers import read_bytes
from playground.types import Language
from playground.ui import render, render_training
from playground.ui.errors import shown
from playground.ui.options import option_widgets
from playground.ui.strings import I18N, language_from, text
from playground.world import training_file

_POLL_SECONDS = 1.0


class FinetuneTab:
    """Builds the tab's components, and connects them to the Playground.

    What is shown of a run is read from its folder each second, so that a page that was reloaded
    or opened elsewhere shows the same.
    """

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self.dataset = gr.State()
        self.run = gr.State()
        with gr.Row():
            with gr.Column(scale=1):
                self.file = gr.File(label=I18N("finetune.file"), height=150)
                self.builtin = gr.Button(I18N("finetune.builtin"), size="sm", elem_id="builtin")
                self.name = gr.Textbox(
                    label=I18N("finetune.name"), value="my-adapter", elem_id="adapter-name"
                )
                with gr.Accordion(I18N("finetune.settings"), open=False):
                    self.options = option_widgets(TrainConfig)
                with gr.Row():
                    self.start = gr.Button(
                        I18N("finetune.start"), variant="primary", elem_id="train"
                    )
                    self.stop = gr.Button(I18N("finetune.stop"))
            with gr.Column(scale=2):
                self.status = gr.HTML(elem_id="run-status")
                self.plot = gr.LinePlot(
                    x="step",
                    y="loss",
                    color="kind",
                    label=I18N("finetune.loss"),
                    height=300,
                    elem_id="loss",
                    visible=False,
                    buttons=[],
                )
                self.preview = gr.HTML()
        self.adapters = gr.HTML()
        with gr.Row(elem_classes="pg-bottom"):
            self.adapter = gr.Dropdown([], label=I18N("finetune.adapters"), scale=3)
            self.delete = gr.Button(I18N("finetune.delete"), size="sm", min_width=140)
        self.timer = gr.Timer(_POLL_SECONDS, active=False)
        self._connect()

    def _connect(self) -> None:
        watched = [self.status, self.plot, self.timer]
        listed = [self.adapters, self.adapter]
        loaded = [self.dataset, self.preview]
        hidden: Any = {"show_progress": "hidden"}
        self.file.upload(self._load_file, self.file, loaded)
        self.builtin.click(self._load_builtin, None, loaded)
        self.start.click(
            self._start,
            [self.dataset, self.name, *self.options.values()],
            [self.run, *watched],
            **hidden,
        )
        self.stop.click(self._stop, self.run, None, **hidden)
        self.timer.tick(self._watch, self.run, watched, **hidden)
        # A run ends, and its adapter is there, when the timer is switched off.
        self.status.change(self._list, None, listed, **hidden)
        self.delete.click(self._delete, self.adapter, listed)

    @shown
    def _load_file(self, request: gr.Request, path: str) -> list[Any]:
        return self._loaded(Path(path), language_from(request))

    @shown
    def _load_builtin(self, request: gr.Request) -> list[Any]:
        language = language_from(request)
        world = self._playground.settings.world_dir
        return self._loaded(training_file(world, language), language)

    def _loaded(self, file: Path, language: Language) -> list[Any]:
        dataset = load(file.name, read_bytes(file, file.name))
        preview = self._playground.preview(dataset)
        return [dataset, render_training.dataset(dataset, preview, language)]

    @shown
    def _start(
        self, request: gr.Request, dataset: Dataset | None, name: str, *values: Any
    ) -> list[Any]:
        language = language_from(request)
        if dataset is None:
            message = render.notice(text("finetune.nodata", language), error=True)
            return [gr.skip(), message, gr.skip(), gr.skip()]
        run = self._playground.train(name.strip(), dataset, TrainConfig(*values))
        return [run.id, *self._watch(request, run.id)]

    @shown
    def _stop(self, request: gr.Request, run: str | None) -> None:
        if run:
            self._playground.runs.stop(run)

    @shown
    def _watch(self, request: gr.Request, run: str | None) -> list[Any]:
        """The run's state, its losses, and whether to look again."""
        language = language_from(request)
        if run is None:
            idle = f"<p class='pg-wait'>{text('finetune.idle', language)}</p>"
            return [idle, gr.LinePlot(visible=False), gr.Timer(active=False)]
        watched = self._playground.runs.get(run)
        events = self._playground.runs.events(run)
        losses = render_training.losses(events, language)
        plot = gr.LinePlot(
            pd.DataFrame(losses, columns=["step", "loss", "kind"]),
            x_title=text("finetune.step", language),
            y_title=text("finetune.loss", language),
            color_title="",
            visible=bool(losses),
        )
        status = render_training.run_status(watched, events, language)
        return [status, plot, gr.Timer(active=not watched.is_over)]

    @shown
    def _list(self, request: gr.Request) -> list[Any]:
        adapters = self._playground.adapters.list()
        names = [adapter.name for adapter in adapters]
        table = render_training.adapter_table(adapters, language_from(request))
        return [table, gr.Dropdown(choices=names, value=names[0] if names else None)]

    @shown
    def _delete(self, request: gr.Request, name: str) -> list[Any]:
        self._playground.adapters.delete(name)
        return self._list(request)

    # ------------------------------------------------------------ what the page's load fills in

    @property
    def loaded(self) -> list[Any]:
        """The components that `load` fills, in its order."""
        return [self.run, self.status, self.plot, self.timer, self.adapters, self.adapter]

    def load(self, request: gr.Request) -> list[Any]:
        """The latest run, whoever started it, and the adapters there are."""
        latest = next((run.id for run in self._playground.runs.list()), None)
        return [latest, *self._watch(request, latest), *self._list(request)]
