"""A part of the Ask tab: what can be done with a comparison, and those that were."""

from __future__ import annotations

from typing import Any

import gradio as gr

from playground.errors import PlaygroundError
from playground.rounds import Round
from playground.ui import render, render_comparison
from playground.ui.confirm import Confirm
from playground.ui.errors import shown
from playground.ui.strings import I18N, language_from
from playground.ui.visit import Visits


class After:
    """Under the answers: a button that asks again, and where the comparison is saved."""

    def __init__(self) -> None:
        with gr.Row(elem_classes="pg-after"):
            self.again = gr.Button(
                I18N("ask.again"), size="sm", visible=False, scale=0, elem_id="again"
            )
            self.links = gr.HTML(elem_id="links")

    @property
    def outputs(self) -> list[Any]:
        return [self.again, self.links]

    def draw(self, links: str, *, can_ask: bool = False) -> dict[Any, Any]:
        return {self.again: gr.Button(visible=can_ask), self.links: links}


class BeforePanel:
    """Builds a list of earlier rounds; with the shown one chosen, `after` can be used."""

    def __init__(self, visits: Visits, after: After) -> None:
        self._visits = visits
        self.after = after
        folded = gr.Accordion(I18N("before.title"), open=False, elem_id="before")
        with folded, gr.Row(elem_classes="pg-bottom"):
            self.chosen = gr.Dropdown([], label=I18N("before.chosen"), scale=4)
            self.everything = gr.State(False)  # whether there is anything
            self.drop = Confirm("before.forget", "before.forget_really", self.everything)
        self.drop.connect(self._forget, self.outputs)

    @property
    def outputs(self) -> list[Any]:
        return [*self.after.outputs, self.chosen, self.everything]

    def draw(self, request: gr.Request, round: Round) -> dict[Any, Any]:
        """The links of `round`, and what was asked with `round` chosen."""
        language = language_from(request)
        asking = self._visits.of(request).asking
        links = render_comparison.links(round, language) if round.panes else ""
        try:
            asked = asking.before()
        except PlaygroundError as error:
            links += render.notice(error.text(language), error=True)
            return self.after.draw(links, can_ask=bool(round.panes))
        choices = [(render_comparison.label(one), one.id) for one in asked]
        known = round.id in {one.id for one in asked}
        return {
            **self.after.draw(links if known else "", can_ask=bool(round.panes)),
            self.chosen: gr.Dropdown(choices=choices, value=round.id if known else None),
            self.everything: bool(choices),
        }

    @shown
    def _forget(self, request: gr.Request, _: bool) -> dict[Any, Any]:
        self._visits.of(request).asking.forget()
        return self.draw(request, Round())
