"""The Ask tab: one question, one column a mode."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.errors import PlaygroundError
from playground.modes import DEFAULT_MODES, MODES, AskOptions
from playground.remote import Remote
from playground.types import Answer, Delta
from playground.ui import render
from playground.ui.ask_answers import AnswersPanel
from playground.ui.errors import shown
from playground.ui.options import choose_from, defaults, option_widgets
from playground.ui.panes import Pane, Round, begun
from playground.ui.strings import I18N, language_from
from playground.ui.votes import VotesTable, vote_on
from playground.world import BASE_NAMES, load_questions

_EXAMPLES = ("f12", "f05", "f11", "f01", "w02", "u02")
_LONG_CONTEXT = "long-context"
_DRAW_SECONDS = 0.1  # drawing every token would slow down the model that is being timed


class AskTab:
    """Builds the tab's components, and connects them to the Playground."""

    def __init__(self, playground: Playground, remote: gr.State) -> None:
        self._playground = playground
        self._remote = remote
        with gr.Row():
            self.modes = gr.CheckboxGroup(
                [(I18N(f"mode.{mode}"), mode) for mode in MODES],
                value=list(DEFAULT_MODES),
                label=I18N("ask.modes"),
                scale=3,
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
            with gr.Column(scale=0, min_width=110):
                self.send = gr.Button(I18N("ask.send"), variant="primary", elem_id="send")
                self.stop = gr.Button(I18N("ask.stop"), size="sm", elem_id="stop")
        self.blind = gr.Checkbox(
            label=I18N("votes.blind"), container=False, min_width=240, elem_id="blind"
        )
        self.meter = gr.HTML()
        self.examples = gr.Dataset(
            components=[self.question], samples=[], label=I18N("ask.examples"), elem_id="examples"
        )
        self.answers = AnswersPanel(playground)
        with gr.Accordion(I18N("ask.options"), open=False):
            self.options = option_widgets(AskOptions)
        self.votes = VotesTable(playground)
        self._connect()

    def _connect(self) -> None:
        inputs = [self._remote, self.question, self.modes, self.blind, self.knowledge, self.adapter]
        inputs = [*inputs, *self.options.values()]
        outputs, round = self.answers.outputs, self.answers.round
        # With each token, the browser looks up all that ever showed progress: let that be little.
        hidden: Any = {"show_progress": "hidden", "show_progress_on": self.answers.progress}
        example = self.examples.click(lambda sample: sample[0], self.examples, self.question)
        asking: list[Any] = [
            trigger(self._ask, inputs, self.answers.written, concurrency_limit=8, **hidden)
            for trigger in (self.send.click, self.question.submit, example.then)
        ]
        for asked in asking:
            asked.then(self._present, round, outputs, **hidden)
        self.stop.click(self._stop, round, outputs, cancels=asking, **hidden)
        self.answers.voting.connect(self._vote, round, [*outputs, *self.votes.outputs])
        boxes = [column.box for column in self.answers.columns.values()]
        self.modes.change(self._show_columns, self.modes, boxes, **hidden)
        measured = [self._remote, self.question, self.modes, self.knowledge]
        measured += self.options.values()
        for changed in (self.modes, self.knowledge, self.options["max_tokens"]):
            changed.change(self._budget, measured, self.meter, **hidden)
        self.question.blur(self._budget, measured, self.meter, **hidden)

    @shown
    def _ask(
        self,
        request: gr.Request,
        remote: Remote | None,
        question: str,
        modes: list[str],
        blind: bool,
        knowledge: str | None,
        adapter: str | None,
        *values: Any,
    ) -> Iterator[dict[Any, Any]]:
        language = language_from(request)
        options = AskOptions(*values)
        ordered = [mode for mode in MODES if mode in modes]
        asked: Any = {"adapter": adapter, "knowledge": knowledge}
        events = self._playground.compare(
            question, modes=ordered, options=options, remote=remote, **asked
        )
        chosen: Any = {**asked, "remote": remote, "chance": random.Random()}
        round = begun(question.strip(), ordered, blind=blind, **chosen)
        yield self.answers.write(round, language)
        drawn = 0.0
        for mode, event in events:
            round = round.after(mode, event)
            if isinstance(event, Delta) and time.monotonic() - drawn < _DRAW_SECONDS:
                continue
            drawn = time.monotonic()
            finished = isinstance(event, Answer)  # the bars of all share one scale
            yield self.answers.write(round, language, None if finished else mode)

    def _present(self, request: gr.Request, round: Round) -> dict[Any, Any]:
        """Show a blind round that has been answered."""
        if round.stage in ("open", "answering"):  # of a stopped one, it may not be known yet
            return {self.answers.progress: gr.skip()}
        return self.answers.draw(round, language_from(request))

    def _stop(self, request: gr.Request, round: Round) -> dict[Any, Any]:
        return self.answers.draw(round.stopped(), language_from(request))

    @shown
    def _vote(self, request: gr.Request, round: Round, pressed: int | str) -> dict[Any, Any]:
        """Count the vote, and reveal. `pressed` is the place of the best answer, or a word."""
        language = language_from(request)
        model = round.model or self._playground.settings.model
        if round.stage == "voting":
            choice = pressed if isinstance(pressed, str) else round.modes[pressed]
            round = replace(round, choice=choice)
            if round.is_counted:
                self._playground.votes.add(vote_on(round, model))
        table = self.votes.draw(model, language) if round.is_counted else {}
        return self.answers.draw(round, language) | table

    def _show_columns(self, modes: list[str]) -> list[Any]:
        return [gr.Column(visible=mode in modes) for mode in MODES]

    def _budget(
        self,
        request: gr.Request,
        remote: Remote | None,
        question: str,
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
            budget = self._playground.budget(
                question,
                mode=_LONG_CONTEXT,
                knowledge=knowledge,
                options=options,
                remote=remote,
            )
        except PlaygroundError as error:
            return render.notice(error.text(language), error=True)
        return render.budget_meter(budget, language)

    # ------------------------------------------------------------ what the page's load fills in

    @property
    def choosers(self) -> list[Any]:
        """The components that `choices` fills, in its order."""
        return [self.knowledge, self.adapter]

    @property
    def choosing(self) -> list[Any]:
        """What `choices` is called with."""
        return [self._remote, *self.choosers]

    def choices(
        self, remote: Remote | None, knowledge: str | None, adapter: str | None
    ) -> list[Any]:
        """The knowledge bases and adapters that there are now, with the chosen ones kept.

        Where a server answers, the adapter may be any id of its own.
        """
        bases = self._playground.bases.library.names()
        model = self._playground.settings.model
        adapters = [a.name for a in self._playground.adapters.list() if a.base_model == model]
        if remote and adapter and adapter not in adapters:
            return [choose_from(bases, knowledge), gr.Dropdown(choices=adapters, value=adapter)]
        return [choose_from(bases, knowledge), choose_from(adapters, adapter)]

    @property
    def loaded(self) -> list[Any]:
        """The components that `load` fills, in its order."""
        heads = [column.head for column in self.answers.columns.values()]
        return [*self.choosers, self.examples, self.meter, *heads]

    def load(self, request: gr.Request) -> list[Any]:
        """Everything that depends on what there is and on the visitor's language."""
        language = language_from(request)
        questions = {
            question.id: question.question
            for question in load_questions(self._playground.settings.world_dir, language)
        }
        samples = [[questions[id]] for id in _EXAMPLES]
        knowledge = BASE_NAMES[language]
        meter = self._budget(
            request, None, "", list(DEFAULT_MODES), knowledge, *defaults(AskOptions)
        )
        heads = [render.pane_head(Pane(mode), language) for mode in MODES]
        return [*self.choices(None, knowledge, None), gr.Dataset(samples=samples), meter, *heads]
