"""Parts of the Ask tab: the vote on a blind round, and what all votes say."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.errors import NotOnPublicPages
from playground.rounds import NO_VOTE, Round
from playground.types import Language
from playground.ui import render_votes
from playground.ui.confirm import Confirm
from playground.ui.errors import shown
from playground.ui.options import choose_from
from playground.ui.render_votes import LETTERS
from playground.ui.strings import I18N, language_from, text
from playground.votes import BAD, TIE, Vote


class VotePanel:
    """Builds its components; a button says which answer is best, or what holds of all."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self.state = gr.HTML(elem_id="vote-state")
        small: Any = {"size": "sm", "min_width": 110, "visible": False}
        with gr.Row(elem_id="vote"):
            self.best = [gr.Button(elem_id=f"vote-{letter.lower()}", **small) for letter in LETTERS]
            self.tie = gr.Button(elem_id="vote-tie", **small)
            self.bad = gr.Button(elem_id="vote-bad", **small)
            self.skip = gr.Button(elem_id="vote-skip", **small)

    @property
    def outputs(self) -> list[Any]:
        return [self.state, *self.best, self.tie, self.bad, self.skip]

    def connect(self, handler: Callable[..., Any], round: gr.State, outputs: list[Any]) -> None:
        """Call `handler(request, round, pressed)`: the place of the best answer, or a word."""
        hidden: Any = {"show_progress": "hidden", "show_progress_on": self.state}
        places = [(button, place) for place, button in enumerate(self.best)]
        words = [(self.tie, TIE), (self.bad, BAD), (self.skip, NO_VOTE)]
        for button, pressed in (*places, *words):
            button.click(_pressing(handler, pressed), round, outputs, **hidden)

    def draw(self, round: Round, language: Language) -> dict[Any, Any]:
        """The panel for `round`: buttons while it can be voted on; afterwards they are dead."""
        votes, model = self._playground.votes, self._playground.settings.model
        tallies = votes.tallies(model) if round.is_counted else ()
        state = render_votes.state(round, tallies, model, language)
        visible, votable = round.stage in ("voting", "revealed"), round.stage == "voting"
        pressed: Any = {"visible": visible, "interactive": votable}
        two = len(round.panes) == 2
        labels = {
            self.tie: text("votes.tie", language),
            self.bad: text("votes.both_bad" if two else "votes.all_bad", language),
            self.skip: text("votes.skip", language),
        }
        drawn = {button: gr.Button(label, **pressed) for button, label in labels.items()}
        better = "votes.better" if two else "votes.best"
        for place, button in enumerate(self.best):
            label = text(better, language, letter=LETTERS[place])
            there = visible and place < len(round.panes)
            drawn[button] = gr.Button(label, visible=there, interactive=votable)
        return {self.state: state, **drawn}


class VotesTable:
    """Builds its components: what was voted with a model, and how to forget that."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        with gr.Accordion(I18N("votes.title"), open=False, elem_id="votes") as accordion:
            with gr.Row(elem_classes="pg-bottom"):
                self.model = gr.Dropdown([], label=I18N("votes.model"), min_width=240)
                self.drop = Confirm("votes.reset", "votes.reset_really", self.model)
            self.table = gr.HTML()
        hidden: Any = {"show_progress": "hidden"}
        # Others vote, too: what is shown is what there is when one looks.
        accordion.expand(self._refresh, self.model, self.outputs, **hidden)
        self.model.input(self._refresh, self.model, self.outputs, **hidden)
        self.drop.connect(self._reset, self.outputs)

    @property
    def outputs(self) -> list[Any]:
        return [self.model, self.table]

    def draw(self, chosen: str, language: Language) -> dict[Any, Any]:
        """The models that were voted on, and the votes on the chosen one."""
        models = self._playground.votes.models()
        chosen = chosen if chosen in models else next(iter(models), chosen)
        tallies = self._playground.votes.tallies(chosen)
        table = render_votes.all_votes(tallies, language)
        return {self.model: choose_from(models, chosen), self.table: table}

    @shown
    def _refresh(self, request: gr.Request, model: str | None) -> dict[Any, Any]:
        return self.draw(model or self._playground.settings.model, language_from(request))

    @shown
    def _reset(self, request: gr.Request, model: str) -> dict[Any, Any]:
        if self._playground.settings.public:
            raise NotOnPublicPages(what="shipped")
        self._playground.votes.reset(model)
        return self._refresh(request, None)


def _pressing(
    handler: Callable[..., Any], pressed: int | str
) -> Callable[[gr.Request, Round], dict[Any, Any]]:
    """A function of the request and the round alone: Gradio looks at its signature."""

    def press(request: gr.Request, round: Round) -> dict[Any, Any]:
        return handler(request, round, pressed)

    return press


def vote_on(round: Round, model: str) -> Vote:
    """The vote that a visitor has just given on `round`."""
    assert round.choice
    return Vote(
        id=round.id,
        created=time.time(),
        question=round.question,
        model=model,
        knowledge=round.panes[0].knowledge,
        adapter=round.panes[0].adapter,
        shown=round.modes,
        choice=round.choice,
    )
