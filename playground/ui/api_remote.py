"""A part of the API tab: a server whose model answers in Ask, for this visitor alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr

from playground.errors import NoModelNamed
from playground.remote import PRESETS, Remote
from playground.ui import render_api
from playground.ui.errors import placed
from playground.ui.strings import I18N, language_from


class RemotePanel:
    """Builds its components. The key is in the visitor's state, in memory, and nowhere else."""

    def __init__(self, remote: gr.State, *, public_only: bool) -> None:
        self._remote = remote
        self._public_only = public_only
        self.problem = gr.HTML(elem_id="remote-problem")
        with gr.Row():
            self.server = gr.Dropdown(
                [*PRESETS.items()],
                value=None,
                label=I18N("remote.server"),
                elem_id="remote-server",
            )
            self.base_url = gr.Textbox(
                label=I18N("remote.base_url"),
                placeholder="https://api.example.com/v1",
                elem_id="remote-url",
            )
            self.key = gr.Textbox(label=I18N("remote.key"), type="password", elem_id="remote-key")
        with gr.Row():
            self.find = gr.Button(
                I18N("remote.find"), size="sm", scale=0, min_width=220, elem_id="remote-find"
            )
        with gr.Row():
            self.model = gr.Dropdown(
                [], label=I18N("remote.model"), allow_custom_value=True, elem_id="remote-model"
            )
            whole: Any = {"precision": 0, "minimum": 0, "value": 0}
            self.window = gr.Number(
                label=I18N("remote.window"), info=I18N("remote.window_help"), **whole
            )
            price: Any = {"minimum": 0, "value": 0}
            self.input_price = gr.Number(label=I18N("remote.input_price"), **price)
            self.output_price = gr.Number(label=I18N("remote.output_price"), **price)
        with gr.Row():
            self.use = gr.Button(I18N("remote.use"), variant="primary", elem_id="remote-use")
            self.leave = gr.Button(I18N("remote.leave"), elem_id="remote-leave")
        self.state = gr.HTML(elem_id="remote-state")
        self._connect()

    def _connect(self) -> None:
        hidden: Any = {"show_progress": "hidden"}
        self.server.change(lambda url: url or gr.skip(), self.server, self.base_url, **hidden)
        where = [self.base_url, self.key]
        self.find.click(self._find, where, [self.problem, self.model])
        told = [*where, self.model, self.window, self.input_price, self.output_price]
        outputs = [self.problem, self.state, self._remote]
        self.use.click(self._use, told, outputs, **hidden)
        self.leave.click(self._leave, None, outputs, **hidden)

    @placed
    def _find(self, request: gr.Request, base_url: str, key: str) -> dict[Any, Any]:
        """Ask the server for its models."""
        from playground.remote.client import model_ids

        ids = model_ids(self.named(base_url, key, ""))
        return {self.model: gr.Dropdown(choices=list(ids), value=ids[0] if ids else None)}

    @placed
    def _use(
        self,
        request: gr.Request,
        base_url: str,
        key: str,
        model: str | None,
        window: float | None,
        input_price: float | None,
        output_price: float | None,
    ) -> dict[Any, Any]:
        remote = replace(
            self.named(base_url, key, model),
            context_window=int(window or 0),
            input_price=input_price or 0.0,
            output_price=output_price or 0.0,
        )
        if not remote.model:
            raise NoModelNamed
        return self._now(request, remote)

    @placed
    def _leave(self, request: gr.Request) -> dict[Any, Any]:
        return self._now(request, None)

    def _now(self, request: gr.Request, remote: Remote | None) -> dict[Any, Any]:
        state = render_api.remote_state(remote, language_from(request))
        return {self._remote: remote, self.state: state}

    def named(self, base_url: str, key: str, model: str | None) -> Remote:
        """What the values of `server_inputs` name."""
        typed = (base_url.strip(), (model or "").strip(), key.strip())
        return Remote(*typed, public_only=self._public_only)

    @property
    def server_inputs(self) -> list[Any]:
        """Address, key and model, as they are typed."""
        return [self.base_url, self.key, self.model]
