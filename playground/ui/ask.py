"""The Ask tab: one question, one column a mode."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.errors import PlaygroundError
from playground.modes import DEFAULT_MODES, MODES, AskOptions
from playground.types import Delta, Language
from playground.ui import render
from playground.ui.errors import shown
from playground.ui.options import choose_from, defaults, option_widgets
from playground.ui.panes import Pane, advance, stopped
from playground.ui.strings import I18N, language_from
from playground.world import BASE_NAMES, load_questions

_EXAMPLES = ("f12", "f05", "f11", "f01", "w02", "u02")
_LONG_CONTEXT = "long-context"
_DRAW_SECONDS = 0.1  # drawing every token would slow down the model that is being timed


@dataclass(frozen=True)
class Column:
    """The components of one mode's column."""

    box: gr.Column
    head: gr.HTML
    answer: gr.Markdown
    foot: gr.HTML


class AskTab:
    """Builds the tab's components, and connects them to the Playground."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self.panes = gr.State({})
        with gr.Row():
            self.modes = gr.CheckboxGroup(
                [(I18N(f"mode.{mode}"), mode) for mode in MODES],
                value=list(DEFAULT_MODES),
                label=I18N("ask.modes"),
                scale=3,
            )
            self.knowledge = gr.Dropdown([], label=I18N("ask.knowledge"), scale=1)
            self.adapter = gr.Dropdown([], label=I18N("ask.adapter"), scale=1)
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
        self.meter = gr.HTML()
        self.examples = gr.Dataset(
            components=[self.question], samples=[], label=I18N("ask.examples"), elem_id="examples"
        )
        with gr.Row(elem_classes="pg-panes"):
            self.columns = {mode: self._column(mode) for mode in MODES}
        with gr.Accordion(I18N("ask.options"), open=False):
            self.options = option_widgets(AskOptions)
        self._connect()

    @staticmethod
    def _column(mode: str) -> Column:
        visible = mode in DEFAULT_MODES
        with gr.Column(visible=visible, elem_classes="pg-pane", elem_id=_element(mode)) as box:
            head = gr.HTML()
            answer = gr.Markdown(latex_delimiters=[], elem_classes="pg-answer")
            foot = gr.HTML()
        return Column(box, head, answer, foot)

    def _connect(self) -> None:
        inputs = [self.question, self.modes, self.knowledge, self.adapter, *self.options.values()]
        outputs: list[Any] = [
            component
            for column in self.columns.values()
            for component in (column.head, column.answer, column.foot)
        ]
        outputs.append(self.panes)
        asking: list[Any] = [
            trigger(self._ask, inputs, outputs, concurrency_limit=8, show_progress="hidden")
            for trigger in (self.send.click, self.question.submit)
        ]
        example = self.examples.click(lambda sample: sample[0], self.examples, self.question)
        asking.append(
            example.then(self._ask, inputs, outputs, concurrency_limit=8, show_progress="hidden")
        )
        self.stop.click(self._stop, self.panes, outputs, cancels=asking, show_progress="hidden")
        boxes = [column.box for column in self.columns.values()]
        self.modes.change(self._show_columns, self.modes, boxes, show_progress="hidden")
        measured = [self.question, self.modes, self.knowledge, *self.options.values()]
        for changed in (self.modes, self.knowledge, self.options["max_tokens"]):
            changed.change(self._budget, measured, self.meter, show_progress="hidden")
        self.question.blur(self._budget, measured, self.meter, show_progress="hidden")

    @shown
    def _ask(
        self,
        request: gr.Request,
        question: str,
        modes: list[str],
        knowledge: str | None,
        adapter: str | None,
        *values: Any,
    ) -> Iterator[dict[Any, Any]]:
        language = language_from(request)
        options = AskOptions(*values)
        ordered = [mode for mode in MODES if mode in modes]
        events = self._playground.compare(
            question, modes=ordered, knowledge=knowledge, adapter=adapter, options=options
        )
        waiting = Pane("", "waiting", adapter=adapter, knowledge=knowledge)
        panes = {mode: replace(waiting, mode=mode) for mode in ordered}
        yield self._draw(panes.values(), panes, language)
        drawn = 0.0
        for mode, event in events:
            panes[mode] = advance(panes[mode], event)
            if isinstance(event, Delta) and time.monotonic() - drawn < _DRAW_SECONDS:
                continue
            drawn = time.monotonic()
            finished = panes[mode].answer is not None  # the bars of all share one scale
            yield self._draw(panes.values() if finished else [panes[mode]], panes, language)

    def _draw(self, changed: Any, panes: dict[str, Pane], language: Language) -> dict[Any, Any]:
        totals = [pane.answer.metrics.total_seconds for pane in panes.values() if pane.answer]
        drawn: dict[Any, Any] = {self.panes: dict(panes)}
        for pane in changed:
            column = self.columns[pane.mode]
            drawn[column.head] = render.pane_head(pane, language)
            drawn[column.answer] = pane.text
            drawn[column.foot] = render.pane_foot(pane, max(totals, default=0), language)
        return drawn

    def _stop(self, request: gr.Request, panes: dict[str, Pane]) -> dict[Any, Any]:
        panes = {mode: stopped(pane) for mode, pane in panes.items()}
        return self._draw(panes.values(), panes, language_from(request))

    def _show_columns(self, modes: list[str]) -> list[Any]:
        return [gr.Column(visible=mode in modes) for mode in MODES]

    def _budget(
        self,
        request: gr.Request,
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
                question, mode=_LONG_CONTEXT, knowledge=knowledge, options=options
            )
        except PlaygroundError as error:
            return render.notice(error.text(language), error=True)
        return render.budget_meter(budget, language)

    # ------------------------------------------------------------ what the page's load fills in

    @property
    def choosers(self) -> list[Any]:
        """The components that `choices` fills, in its order."""
        return [self.knowledge, self.adapter]

    def choices(self, knowledge: str | None, adapter: str | None) -> list[Any]:
        """The knowledge bases and adapters that there are now, with the chosen ones kept."""
        bases = self._playground.bases.library.names()
        model = self._playground.settings.model
        adapters = [a.name for a in self._playground.adapters.list() if a.base_model == model]
        return [choose_from(bases, knowledge), choose_from(adapters, adapter)]

    @property
    def loaded(self) -> list[Any]:
        """The components that `load` fills, in its order."""
        heads = [column.head for column in self.columns.values()]
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
        meter = self._budget(request, "", list(DEFAULT_MODES), knowledge, *defaults(AskOptions))
        heads = [render.pane_head(Pane(mode), language) for mode in MODES]
        return [*self.choices(knowledge, None), gr.Dataset(samples=samples), meter, *heads]


def _element(mode: str) -> str:
    return "pane-" + mode.replace("+", "-")
