"""A part of the Trade-offs tab: the four questions from which a recommendation is made."""

from __future__ import annotations

from typing import get_args

import gradio as gr

from playground.tradeoffs import Situation
from playground.tradeoffs.situation import Change, Hardware, Need, Size
from playground.ui.strings import I18N

_CHOICES = {
    "change": get_args(Change),
    "size": get_args(Size),
    "need": get_args(Need),
    "hardware": get_args(Hardware),
}
_START = Situation("monthly", "book", "facts", "laptop")


class SituationPanel:
    """Builds its components; `answers` are those of a Situation, in its order."""

    def __init__(self) -> None:
        self.defaults = [getattr(_START, name) for name in _CHOICES]
        with gr.Row():
            self.answers = [
                gr.Radio(
                    [(I18N(f"situation.{choice}"), choice) for choice in choices],
                    value=getattr(_START, name),
                    label=I18N(f"situation.{name}"),
                    min_width=240,
                    elem_id=f"situation-{name}",
                )
                for name, choices in _CHOICES.items()
            ]
