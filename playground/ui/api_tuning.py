"""A part of the API tab: the rows of the Fine-tune tab, trained on another server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from playground.dataset import Dataset
from playground.errors import NoModelNamed, NoRowsLoaded
from playground.finetune import TrainConfig
from playground.remote import Remote
from playground.ui import render_api
from playground.ui.errors import placed
from playground.ui.strings import I18N, language_from

_POLL_SECONDS = 4


class RemoteTuningPanel:
    """Builds its components. The server is asked when somebody looks, and keeps all state."""

    def __init__(self, named: Callable[[str, str, str | None], Remote]) -> None:
        self._named = named
        self.problem = gr.HTML(elem_id="tuning-problem")
        with gr.Row(elem_classes="pg-bottom"):
            self.name = gr.Textbox(label=I18N("remote.name"), elem_id="tuning-name")
            self.epochs = gr.Number(
                TrainConfig().epochs, label=I18N("remote.epochs"), precision=0, minimum=1
            )
            self.start = gr.Button(I18N("remote.tune"), variant="primary", elem_id="tuning-start")
            self.look = gr.Button(I18N("remote.jobs"), elem_id="tuning-jobs")
        with gr.Row(elem_classes="pg-bottom"):
            self.job = gr.Dropdown([], label=I18N("remote.job"), scale=3, elem_id="tuning-job")
            self.cancel = gr.Button(I18N("remote.cancel"), size="sm", elem_id="tuning-cancel")
        self.status = gr.HTML(elem_id="tuning-status")
        self.timer = gr.Timer(_POLL_SECONDS, active=False)

    def connect(self, server: list[Any], dataset: gr.State) -> None:
        """Bind it to the components of address, key and model, and to the rows."""
        hidden: Any = {"show_progress": "hidden"}
        watched = [self.problem, self.status, self.timer]
        told = [*server, dataset, self.name, self.epochs]
        self.start.click(self._start, told, [self.problem, self.job])
        self.look.click(self._look, server, [self.problem, self.job], **hidden)
        here = [*server, self.job]
        self.job.change(self._watch, here, watched, **hidden)
        self.timer.tick(self._watch, here, watched, **hidden)
        cancelled = self.cancel.click(self._cancel, here, self.problem, **hidden)
        cancelled.then(self._watch, here, watched, **hidden)

    @placed
    def _start(
        self,
        request: gr.Request,
        base_url: str,
        key: str,
        model: str | None,
        dataset: Dataset | None,
        name: str,
        epochs: float | None,
    ) -> dict[Any, Any]:
        if dataset is None:
            raise NoRowsLoaded
        if not model:
            raise NoModelNamed
        config = TrainConfig(epochs=int(epochs or 0))
        with self._platform(base_url, key, model) as platform:
            sent = platform.start(dataset.rows, suffix=name.strip(), config=config)
            return {self.job: _choices(platform, sent.job.id)}

    @placed
    def _look(
        self, request: gr.Request, base_url: str, key: str, model: str | None
    ) -> dict[Any, Any]:
        with self._platform(base_url, key, model) as platform:
            return {self.job: _choices(platform, None)}

    @placed
    def _cancel(
        self, request: gr.Request, base_url: str, key: str, model: str | None, job: str | None
    ) -> dict[Any, Any]:
        if job:
            with self._platform(base_url, key, model) as platform:
                platform.cancel(job)
        return {}

    @placed
    def _watch(
        self, request: gr.Request, base_url: str, key: str, model: str | None, job: str | None
    ) -> dict[Any, Any]:
        if not job:
            return {self.status: "", self.timer: gr.Timer(active=False)}
        with self._platform(base_url, key, model) as platform:
            found, events = platform.get(job), platform.events(job)
        status = render_api.job(found, events, language_from(request))
        return {self.status: status, self.timer: gr.Timer(active=not found.is_over)}

    def _platform(self, base_url: str, key: str, model: str | None) -> Any:
        from playground.finetune.platform import Platform

        return Platform(self._named(base_url, key, model))


def _choices(platform: Any, chosen: str | None) -> gr.Dropdown:
    jobs = platform.list()
    first = chosen or (jobs[0].id if jobs else None)
    return gr.Dropdown(choices=[(f"{job.id} · {job.model}", job.id) for job in jobs], value=first)
