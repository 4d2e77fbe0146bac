"""The API tab: how programs call this playground, and how another server answers here."""

from __future__ import annotations

from typing import Any

import gradio as gr

from playground.adapters.snippets import client_snippet
from playground.api.model_ids import cards
from playground.app import Playground
from playground.ui import render_api
from playground.ui.api_remote import RemotePanel
from playground.ui.api_tuning import RemoteTuningPanel
from playground.ui.options import choose_from
from playground.ui.steps import Steps
from playground.ui.strings import I18N, language_from
from playground.ui.visit import address_of


class ApiTab:
    """Builds the tab's components.

    `remote` holds what the visitor lets answer in Ask, `rows` those of the Fine-tune tab.
    """

    def __init__(self, playground: Playground, remote: gr.State, rows: gr.State) -> None:
        self._playground = playground
        self.steps = Steps()
        with self.steps.step("calling"):
            self.address = gr.HTML(elem_id="api-address")
            self.model = gr.Dropdown([], label=I18N("api.model"), elem_id="api-model")
            self.program = gr.Code(
                label=I18N("api.program"), language="python", elem_id="api-program"
            )
            self.ids = gr.HTML(elem_id="api-ids")
        with self.steps.step("remote"):
            self.panel = RemotePanel(remote, public_only=playground.settings.public_servers_only)
        with self.steps.step("tuning"):
            self.tuning = RemoteTuningPanel(self.panel.named)
        self.tuning.connect(self.panel.server_inputs, rows)
        self.model.change(self._program, self.model, self.program, show_progress="hidden")

    def _program(self, request: gr.Request, model: str | None) -> str:
        return client_snippet(model or "base", address_of(request))

    @property
    def choosers(self) -> list[Any]:
        return [self.model]

    @property
    def refreshed(self) -> list[Any]:
        return [self.model, self.ids]

    def refresh(self, request: gr.Request, model: str | None) -> dict[Any, Any]:
        """What there is now to be called."""
        found = list(cards(self._playground))
        embedder = self._playground.settings.embedder
        chat = [card["id"] for card in found if card["id"] != embedder]
        return {
            self.model: choose_from(chat, model),
            self.ids: render_api.model_ids(found, language_from(request)),
        }

    @property
    def loaded(self) -> list[Any]:
        return [*self.steps.heads, self.address, self.program, *self.refreshed, *self.panel.loaded]

    def load(self, request: gr.Request) -> dict[Any, Any]:
        """Everything that depends on what there is and on the visitor's language."""
        language, settings = language_from(request), self._playground.settings
        address = address_of(request)
        return {
            **self.steps.load(language),
            self.address: render_api.address(settings, address, language),
            self.program: client_snippet(settings.model, address),
            **self.refresh(request, None),
            **self.panel.load(request),
        }
