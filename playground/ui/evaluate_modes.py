"""Step 2 of the Evaluate tab: which modes answer, over what, and how they are asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.modes import DEFAULT_MODES, EXAM_MODES, AskOptions
from playground.types import Language
from playground.ui.options import option_widgets
from playground.ui.render_evaluate import mode_hints
from playground.ui.strings import I18N, text
from playground.world import WORLD_ADAPTER


class ModesPanel:
    """Builds its components; what there is to choose from is filled in by `choices`."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self.modes = gr.CheckboxGroup(
            [(I18N(f"mode.{mode}"), mode) for mode in EXAM_MODES],
            value=list(DEFAULT_MODES),
            label=I18N("answering.modes"),
            elem_id="answering-modes",
        )
        self.hints = gr.HTML()
        with gr.Row():
            self.knowledge = gr.Dropdown(
                [], label=I18N("ask.knowledge"), min_width=240, elem_id="answering-knowledge"
            )
            self.adapter = gr.Dropdown(
                [], label=I18N("ask.adapter"), min_width=240, elem_id="answering-adapter"
            )
        self.multiple_choice = gr.Checkbox(
            label=I18N("answering.multiple_choice"),
            info=I18N("answering.multiple_choice_help"),
            value=False,
        )
        with gr.Accordion(I18N("ask.options"), open=False):
            self.options = option_widgets(AskOptions)

    @property
    def choosers(self) -> list[Any]:
        """The components of which the choices change."""
        return [self.knowledge, self.adapter]

    def choices(
        self, language: Language, knowledge: str | None, adapter: str | None
    ) -> dict[Any, Any]:
        """The knowledge bases and adapters that there are now, with the chosen ones kept."""
        own, none = (text(f"answering.{key}", language) for key in ("own_base", "no_adapter"))
        return {
            self.knowledge: _dropdown(own, self.bases(), knowledge),
            self.adapter: _dropdown(none, self.adapters(), adapter),
        }

    def bases(self) -> Sequence[str]:
        """The names of the knowledge bases."""
        return self._playground.bases.library.names()

    def adapters(self) -> Sequence[str]:
        """The names of the adapters for the model that answers."""
        model = self._playground.settings.model
        return [one.name for one in self._playground.adapters.list() if one.base_model == model]

    def show(
        self, language: Language, knowledge: str | None, adapter: str | None
    ) -> dict[Any, Any]:
        """What depends on the visitor's language and on what there is."""
        adapter = WORLD_ADAPTER if adapter is None else adapter
        return {self.hints: mode_hints(language), **self.choices(language, knowledge, adapter)}


def _dropdown(default: str, names: Sequence[str], chosen: str | None) -> gr.Dropdown:
    """A dropdown of `names` after a `default`, which stands for no name."""
    choices = [(default, ""), *((name, name) for name in names)]
    return gr.Dropdown(choices=choices, value=chosen if chosen in names else "")
