"""A part of the Ask tab: the columns of a round, under the modes' names or without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.modes import DEFAULT_MODES, MODES
from playground.rounds import Round
from playground.types import Language
from playground.ui import render_votes
from playground.ui.votes import VotePanel


@dataclass(frozen=True)
class Column:
    """The components of one column."""

    box: gr.Column
    head: gr.HTML
    answer: gr.Markdown
    foot: gr.HTML

    @property
    def parts(self) -> tuple[gr.HTML, gr.Markdown, gr.HTML]:
        return self.head, self.answer, self.foot

    def filled(self, round: Round, place: int, language: Language) -> dict[Any, Any]:
        """The column with what stands at `place` of `round`; it is empty behind the last."""
        there = place < len(round.panes)
        parts = render_votes.column(round, place, language) if there else ("", "", "")
        return dict(zip(self.parts, parts, strict=True))


class AnswersPanel:
    """Builds its components, and says what is in them.

    A blind round has columns of its own: nothing in them tells which mode stands in which. They
    appear when all have answered, for as they are written, their speed and order would tell. The
    style sheet shows the ones or the others, by what is in `progress`.
    """

    def __init__(self, playground: Playground) -> None:
        self.round = gr.State(Round())
        with gr.Column(elem_classes="pg-round"):
            with gr.Row(elem_classes=["pg-panes", "pg-named"]):
                self.columns = {m: _column(m, visible=m in DEFAULT_MODES) for m in MODES}
            self.progress = gr.HTML(elem_id="progress")
            with gr.Column(elem_classes="pg-nameless"):
                with gr.Row(elem_classes="pg-panes"):
                    self.places = [_column(letter) for letter in render_votes.LETTERS]
                self.voting = VotePanel(playground)

    @property
    def written(self) -> list[Any]:
        """What changes while answers are written.

        No more than needed, for every token waits for Gradio to look at all of them; and no rows,
        for with each token the browser would make all that is in them anew.
        """
        parts = (part for column in self.columns.values() for part in column.parts)
        return [self.round, self.progress, *parts]

    @property
    def outputs(self) -> list[Any]:
        """Everything that `draw` draws."""
        parts = (part for column in self.places for part in column.parts)
        return [*self.written, *self.voting.outputs, *parts]

    def write(self, round: Round, language: Language, seen: Round | None = None) -> dict[Any, Any]:
        """What is seen of answers that are written; only what has changed, if `seen` was drawn.

        Of a blind round that is how many are finished.
        """
        drawn = {self.round: round, self.progress: render_votes.progress(round, language)}
        rescaled = seen is None or render_votes.scale_of(seen) != render_votes.scale_of(round)
        for place, pane in enumerate(() if round.blind else round.panes):
            if rescaled or seen is None or seen.panes[place] != pane:
                drawn |= self.columns[pane.mode].filled(round, place, language)
        return drawn

    def draw(self, round: Round, language: Language) -> dict[Any, Any]:
        """All of a round, which if it is blind has been answered."""
        drawn = self.write(round, language)
        if round.blind:
            drawn[self.progress] = render_votes.ANSWERED  # with all else: an earlier round is there
            drawn |= self.voting.draw(round, language)
            for place, column in enumerate(self.places):
                drawn |= column.filled(round, place, language)
        return drawn


def _column(name: str, *, visible: bool = True) -> Column:
    element = "pane-" + name.replace("+", "-").lower()
    with gr.Column(visible=visible, elem_classes="pg-pane", elem_id=element) as box:
        head = gr.HTML()
        answer = gr.Markdown(latex_delimiters=[], elem_classes="pg-answer", buttons=["copy"])
        foot = gr.HTML()
    return Column(box, head, answer, foot)
