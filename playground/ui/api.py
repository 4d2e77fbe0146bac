"""The API tab: how programs call this playground, and how another server answers here."""

from __future__ import annotations

from typing import Any

import gradio as gr

from playground.adapters.snippets import client_snippet
from playground.api.model_ids import cards
from playground.app import Playground
from playground.remote import Remote
from playground.ui import render_api
from playground.ui.api_remote import RemotePanel
from playground.ui.api_tuning import RemoteTuningPanel
from playground.ui.options import choose_from, kept_or_first, program_code
from playground.ui.shows import Show
from playground.ui.steps import Steps
from playground.ui.strings import I18N, language_from
from playground.ui.visit import address_of


class ApiTab:
    """Builds the tab's components.

    `remote` holds what the visitor lets answer in Ask, `rows` those of the Fine-tune tab.
    """

    def __init__(self, playground: Playground, remote: gr.State, rows: gr.State) -> None:
        self._playground = playground
        self._remote = remote
        self.steps = Steps()
        with self.steps.step("calling"):
            self.address = gr.HTML(elem_id="api-address")
            self.model = gr.Dropdown([], label=I18N("api.model"), elem_id="api-model")
            self.program = program_code("api.program", "api-program")
            self.ids = gr.HTML(elem_id="api-ids")
        with self.steps.step("remote"):
            self.panel = RemotePanel(remote, public_only=playground.settings.public_servers_only)
        with self.steps.step("tuning"):
            self.tuning = RemoteTuningPanel(self.panel.named)
        self.tuning.connect(self.panel.server_inputs, rows)
        self.model.change(self._program, self.model, self.program, show_progress="hidden")

    def _program(self, request: gr.Request, model: str | None) -> str:
        return client_snippet(model or "base", address_of(request))

    # ------------------------------------------------------------ what there is

    @property
    def shows(self) -> list[Show]:
        filled = [self.address, self.model, self.program, self.ids, self.panel.state]
        return [Show(self._refresh, [self.model, self._remote], [*self.steps.heads, *filled])]

    def _refresh(
        self, request: gr.Request, model: str | None, remote: Remote | None
    ) -> dict[Any, Any]:
        """What there is now to be called."""
        language, settings = language_from(request), self._playground.settings
        found, address = list(cards(self._playground)), address_of(request)
        chat = [card["id"] for card in found if card["id"] != settings.embedder]
        model = kept_or_first(chat, model)
        return {
            **self.steps.load(language),
            self.address: render_api.address(settings, address, language),
            self.model: choose_from(chat, model),
            self.program: client_snippet(model or settings.model, address),
            self.ids: render_api.model_ids(found, language),
            self.panel.state: render_api.remote_state(remote, language),
        }
