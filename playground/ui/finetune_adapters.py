"""A part of step 8 of the Fine-tune tab: the adapters, their names, and how each is used."""

from __future__ import annotations

from typing import Any

import gradio as gr

from playground.adapters.describing import describe
from playground.adapters.snippets import client_snippet, vllm_command
from playground.app import Playground
from playground.errors import ModelError
from playground.types import Adapter
from playground.ui import render_runs
from playground.ui.confirm import Confirm
from playground.ui.errors import placed, said
from playground.ui.finetune_giving import GivingPanel
from playground.ui.options import choose_from, program_code
from playground.ui.shows import Show
from playground.ui.strings import I18N, language_from
from playground.ui.visit import address_of


class AdaptersPanel:
    """Builds its components, and connects them to the Playground."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self.table = gr.HTML(elem_id="adapters")
        with gr.Row(elem_classes="pg-bottom"):
            self.adapter = gr.Dropdown(
                [], label=I18N("finetune.adapter"), scale=3, min_width=200, elem_id="adapter"
            )
            self.new_name = gr.Textbox(
                label=I18N("adapter.new_name"), scale=2, min_width=160, elem_id="new-name"
            )
            self.rename = gr.Button(I18N("knowledge.rename"), size="sm", min_width=110, scale=0)
            self.drop = Confirm("finetune.delete", "knowledge.drop_really", self.adapter)
        self.problem = gr.HTML(elem_id="adapter-problem")
        with gr.Column(visible=False) as self.body:
            with gr.Row():
                with gr.Column(scale=2, min_width=280):
                    self.facts = gr.HTML(elem_id="adapter-facts")
                with gr.Column(scale=3, min_width=280):
                    self.client = program_code("adapter.client", "client")
                    self.vllm = program_code("adapter.vllm", "vllm")
            self.giving = GivingPanel(playground, self.adapter)
        self._connect()

    def _connect(self) -> None:
        listed: list[Any] = [self.problem, *self.outputs, self.new_name]
        told = self.told
        hidden: Any = {"show_progress": "hidden"}
        self.adapter.change(self._tell, self.adapter, told, **hidden)
        self.rename.click(self._rename, [self.adapter, self.new_name], listed, **hidden)
        self.drop.connect(self._delete, listed)

    @property
    def told(self) -> list[Any]:
        """What is known of the chosen adapter."""
        return [self.problem, self.body, self.facts, self.client, self.vllm]

    @property
    def shows(self) -> list[Show]:
        return [Show(self._tell, [self.adapter], self.told)]

    @property
    def outputs(self) -> list[Any]:
        return [self.table, self.adapter]

    def show(self, request: gr.Request, chosen: str | None = None) -> dict[Any, Any]:
        """The adapters that can be used, and why others cannot."""
        adapters = self._playground.adapters.list()
        table = render_runs.adapter_table(adapters, language_from(request))
        broken = "".join(said(error, request) for error in self._playground.adapters.problems())
        names = [adapter.name for adapter in adapters]
        return {self.table: table + broken, self.adapter: choose_from(names, chosen)}

    @placed
    def _tell(self, request: gr.Request, name: str | None) -> dict[Any, Any]:
        if not name:
            return {self.body: gr.Column(visible=False)}
        adapter, language = self._playground.adapters.get(name), language_from(request)
        address = address_of(request)
        return {
            self.body: gr.Column(visible=True),
            self.facts: render_runs.facts(adapter, describe(adapter), language),
            self.client: client_snippet(f"lora:{name}", address),
            self.vllm: self._vllm(adapter, request),
        }

    def _vllm(self, adapter: Adapter, request: gr.Request) -> str:
        try:
            return vllm_command(adapter, models_dir=self._playground.settings.models_dir)
        except ModelError as error:  # the other facts hold without the base
            return f"# {error.text(language_from(request))}"

    @placed
    def _rename(self, request: gr.Request, name: str | None, new: str) -> dict[Any, Any]:
        self._playground.adapters.rename(name or "", new.strip())
        return {**self.show(request, new.strip()), self.new_name: ""}

    @placed
    def _delete(self, request: gr.Request, name: str) -> dict[Any, Any]:
        self._playground.adapters.delete(name)
        return self.show(request)
