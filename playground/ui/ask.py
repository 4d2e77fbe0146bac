"""The Ask tab: one question, one column a mode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from playground.errors import PlaygroundError
from playground.modes import DEFAULT_MODES, MODES, AskOptions
from playground.remote import Remote
from playground.rounds import Pane, Round
from playground.ui import render
from playground.ui.ask_answers import AnswersPanel
from playground.ui.ask_before import After, BeforePanel
from playground.ui.ask_edit import EditPanel
from playground.ui.ask_examples import ExamplesPanel
from playground.ui.errors import shown
from playground.ui.options import choose_from, defaults, kept_or_first, option_widgets
from playground.ui.shows import Show
from playground.ui.strings import I18N, language_from
from playground.ui.visit import Visits
from playground.ui.votes import VotesTable, vote_on
from playground.world import BASE_NAMES

_LONG_CONTEXT = "long-context"


class AskTab:
    """Builds the tab's components, and connects them to the visitor's Asking."""

    def __init__(self, visits: Visits, remote: gr.State) -> None:
        self._visits = visits
        self._remote = remote
        with gr.Row():
            self.modes = gr.CheckboxGroup(
                [(I18N(f"mode.{mode}"), mode) for mode in MODES],
                value=list(DEFAULT_MODES),
                label=I18N("ask.modes"),
                scale=3,
                min_width=320,
            )
            self.knowledge = gr.Dropdown([], label=I18N("ask.knowledge"), scale=1)
            self.adapter = gr.Dropdown(
                [], label=I18N("ask.adapter"), allow_custom_value=True, scale=1
            )
        with gr.Row():
            self.question = gr.Textbox(
                label=I18N("ask.question"),
                placeholder=I18N("ask.placeholder"),
                autofocus=True,
                max_lines=6,
                scale=5,
                elem_id="question",
            )
            self.asked = gr.Textbox(visible="hidden")  # what was asked last, as the page is loaded
            with gr.Column(scale=0, min_width=110):
                self.send = gr.Button(I18N("ask.send"), variant="primary", elem_id="send")
                self.stop = gr.Button(I18N("ask.stop"), size="sm", elem_id="stop")
        with gr.Row(elem_classes="pg-switches"):
            switch: Any = {"container": False, "min_width": 240}
            self.follow = gr.Checkbox(label=I18N("ask.follow"), elem_id="follow", **switch)
            self.blind = gr.Checkbox(label=I18N("votes.blind"), elem_id="blind", **switch)
        self.meter = gr.HTML()
        self.examples = ExamplesPanel(visits, self.question)
        self.answers = AnswersPanel(visits.host)
        after = After()
        self.edit = EditPanel(visits, self.knowledge)
        self.before = BeforePanel(visits, after)
        with gr.Accordion(I18N("ask.options"), open=False):
            self.options = option_widgets(AskOptions)
        self.votes = VotesTable(visits.host)
        self._connect()

    def _connect(self) -> None:
        inputs = [self._remote, self.question, self.modes, self.blind, self.follow]
        inputs += [self.answers.round, self.knowledge, self.adapter, *self.options.values()]
        outputs, round = [*self.answers.outputs, *self.before.after.outputs], self.answers.round
        # With each token, the browser looks up all that ever showed progress: let that be little.
        hidden: Any = {"show_progress": "hidden", "show_progress_on": self.answers.progress}
        measured = [self._remote, self.question, self.modes, self.knowledge]
        measured += self.options.values()
        chosen = self.examples.connect(self.edit)
        for trigger in (self.send.click, self.question.submit, chosen.then):
            begun = trigger(self._ask, inputs, outputs, **hidden)
            self.following(begun.success)
        chosen.then(self._budget, measured, self.meter, **hidden)
        asked = self.before.after.again.click(self._again, [self._remote, round], outputs, **hidden)
        self.following(asked.success)
        self.stop.click(self._stop, None, outputs, **hidden)
        self.before.chosen.input(
            self._look_back,
            self.before.chosen,
            [*outputs, *self.before.outputs, self.question],
            **hidden,
        )
        self.answers.voting.connect(self._vote, round, [*outputs, *self.votes.outputs])
        boxes = [column.box for column in self.answers.columns.values()]
        self.modes.change(self._show_columns, self.modes, boxes, **hidden)
        changed = (self.modes, self.knowledge, self.options["max_tokens"])
        gr.on(
            [*(one.change for one in changed), self.question.blur, self.question.submit],
            self._budget,
            measured,
            self.meter,
            trigger_mode="always_last",
            **hidden,
        )

    def asked_again(self, after: Any) -> None:
        """Then, what was asked last is the question, unless the visitor has begun to type."""
        here = [self.asked, self.question]
        after(None, here, self.question, js="(asked, typed) => typed || asked")

    def following(self, after: Any) -> None:
        """Once `after` has happened, show the round that goes on until it is over."""
        hidden: Any = {"show_progress": "hidden", "show_progress_on": self.answers.progress}
        followed = after(self._follow, None, self.answers.written, concurrency_limit=None, **hidden)
        presented = [*self.answers.outputs, *self.before.outputs]
        followed.then(self._present, self.answers.round, presented, **hidden)

    @shown
    def _ask(
        self,
        request: gr.Request,
        remote: Remote | None,
        question: str,
        modes: list[str],
        blind: bool,
        follow: bool,
        shown: Round,
        knowledge: str | None,
        adapter: str | None,
        *values: Any,
    ) -> dict[Any, Any]:
        """Begin the round; it is answered whoever looks on."""
        round = self._visits.of(request).asking.ask(
            question,
            modes=modes,
            knowledge=knowledge,
            adapter=adapter,
            options=AskOptions(*values),
            remote=remote,
            blind=blind,
            follows=shown if follow else None,
        )
        return self._begun(request, round)

    @shown
    def _again(self, request: gr.Request, remote: Remote | None, shown: Round) -> dict[Any, Any]:
        """Begin the round that is shown once more."""
        round = self._visits.of(request).asking.again(shown, remote=remote)
        return self._begun(request, round)

    def _begun(self, request: gr.Request, round: Round) -> dict[Any, Any]:
        return {**self.answers.write(round, language_from(request)), **self.before.after.draw("")}

    def _follow(self, request: gr.Request) -> Iterator[dict[Any, Any]]:
        language = language_from(request)
        seen: Round | None = None
        for round in self._visits.of(request).asking.follow():
            yield self.answers.write(round, language, seen)
            seen = round

    def _present(self, request: gr.Request, round: Round) -> dict[Any, Any]:
        """Show a blind round that has been answered, and what can be done with any."""
        if not round.is_over:  # of a stopped one, it may not be known yet
            return {self.answers.progress: gr.skip()}
        language = language_from(request)
        return {**self.answers.draw(round, language), **self.before.draw(request, round)}

    def _stop(self, request: gr.Request) -> dict[Any, Any]:
        return self.answers.draw(self._visits.of(request).asking.stop(), language_from(request))

    @shown
    def _look_back(self, request: gr.Request, id: str | None) -> dict[Any, Any]:
        """Show a round that was, which can be followed up, too."""
        if not id:
            return {self.question: gr.skip()}
        asking = self._visits.of(request).asking
        round = asking.get(id)
        asking.show(round)
        return {
            **self.answers.draw(round, language_from(request)),
            **self.before.draw(request, round),
            self.question: round.question,
        }

    @shown
    def _vote(self, request: gr.Request, round: Round, pressed: int | str) -> dict[Any, Any]:
        """Count the vote, and reveal. `pressed` is the place of the best answer, or a word."""
        language = language_from(request)
        model = round.model or self._visits.host.settings.model
        if round.stage == "voting":
            choice = pressed if isinstance(pressed, str) else round.modes[pressed]
            round = replace(round, choice=choice)
            if round.is_counted:
                self._visits.host.votes.add(vote_on(round, model))
            asking = self._visits.of(request).asking
            asking.show(round)
            asking.keep(round)
        table = self.votes.draw(model, language) if round.is_counted else {}
        return self.answers.draw(round, language) | table

    def _show_columns(self, modes: list[str]) -> list[Any]:
        return [gr.Column(visible=mode in modes) for mode in MODES]

    def _budget(
        self,
        request: gr.Request,
        remote: Remote | None,
        question: str | None,
        modes: list[str],
        knowledge: str | None,
        *values: Any,
    ) -> str:
        wants = any(mode.startswith(_LONG_CONTEXT) for mode in modes)
        if not (wants and knowledge):
            return ""
        language = language_from(request)
        try:
            options = AskOptions(*values)
            budget = self._visits.of(request).playground.budget(
                question or "",
                mode=_LONG_CONTEXT,
                knowledge=knowledge,
                options=options,
                remote=remote,
            )
        except PlaygroundError as error:
            return render.notice(error.text(language), error=True)
        return render.budget_meter(budget, language)

    # ------------------------------------------------------------ what there is

    @property
    def shows(self) -> list[Show]:
        chosen = [self._remote, self.question, self.modes, self.knowledge, self.adapter]
        return [Show(self._refresh, [*chosen, *self.options.values()], self.filled)]

    @property
    def filled(self) -> list[Any]:
        """What depends on what there is and on the visitor's language."""
        places = [self.knowledge, self.adapter, self.meter, *self.examples.filled]
        return [*places, *self.before.outputs, *self.answers.outputs]

    def load(self, request: gr.Request) -> dict[Any, Any]:
        """What was asked last, or what a link to the page asks; else what is there stays, which
        the visitor may have begun to fill in."""
        asked, linked = self._visits.of(request).asking.now, request.query_params
        modes: Sequence[str] = [m for m in linked.get("modes", "").split(",") if m in MODES]
        knowledge, adapter, question = linked.get("knowledge"), None, linked.get("q")
        if asked.panes and question is None:
            modes, question = asked.modes, asked.question
            knowledge, adapter = asked.panes[0].knowledge, asked.panes[0].adapter
        rest = (list(modes or DEFAULT_MODES), knowledge, adapter, *defaults(AskOptions))
        return {
            **self._refresh(request, None, question or "", *rest),
            self.asked: question or "",
            self.modes: list(modes) or gr.skip(),
        }

    def _refresh(
        self,
        request: gr.Request,
        remote: Remote | None,
        question: str,
        modes: list[str],
        knowledge: str | None,
        adapter: str | None,
        *values: Any,
    ) -> dict[Any, Any]:
        """The knowledge bases and adapters that there are now, with the chosen ones kept; and the
        round that was asked last. Where a server answers, the adapter may be any id of its own."""
        language = language_from(request)
        visitor = self._visits.of(request)
        round, playground = visitor.asking.now, visitor.playground
        bases = playground.bases.library.names()
        knowledge = kept_or_first(bases, knowledge or BASE_NAMES[language])
        model = playground.settings.model
        adapters = [a.name for a in playground.adapters.list() if a.base_model == model]
        theirs = adapter if remote and adapter else kept_or_first(adapters, adapter)
        heads = {
            self.answers.columns[mode].head: render.pane_head(Pane(mode), language)
            for mode in MODES
        }
        return {
            self.knowledge: choose_from(bases, knowledge),
            self.adapter: gr.Dropdown(choices=adapters, value=theirs),
            self.meter: self._budget(request, remote, question, modes, knowledge, *values),
            **self.examples.show(request),
            **self.before.draw(request, round),
            **heads,
            **(self.answers.draw(round, language) if round.panes else {}),
        }
