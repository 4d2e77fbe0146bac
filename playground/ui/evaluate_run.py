"""Step 3 of the Evaluate tab: an evaluation is started, followed, stopped, and goes on."""

from __future__ import annotations

import math
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.errors import PlaygroundError, UnknownName
from playground.types import Language
from playground.ui import render, render_evaluate
from playground.ui.confirm import Confirm
from playground.ui.errors import placed, said
from playground.ui.evaluate_form import PlanForm, check_adapter
from playground.ui.shows import Show
from playground.ui.strings import I18N, language_from, text

_POLL_SECONDS = 1.5
_MORE = 1.05  # marking all answers takes time from the model that is being timed


class RunPanel:
    """Builds its components; `seen` changes whenever there may be new answers to show.

    What is shown is read from the records, so that a page that was reloaded or opened elsewhere
    shows the same.
    """

    def __init__(self, playground: Playground) -> None:
        self._evaluations = playground.evaluations
        self.seen = gr.State()
        self._stopping = gr.State()
        small: Any = {"size": "sm", "min_width": 110, "scale": 0}
        self.size = gr.HTML(elem_id="evaluation-size")
        with gr.Row():
            self.start = gr.Button(
                I18N("evaluation.start"),
                variant="primary",
                min_width=200,
                scale=0,
                elem_id="evaluate",
            )
        self.problem = gr.HTML(elem_id="evaluation-problem")
        with gr.Row(elem_classes="pg-bottom"):
            self.shown = gr.Dropdown(
                [], label=I18N("evaluation.shown"), scale=3, min_width=260, elem_id="evaluation"
            )
            self.stop = gr.Button(
                I18N("evaluation.stop"), visible=False, elem_id="stop-evaluation", **small
            )
            self.resume = gr.Button(
                I18N("evaluation.resume"), visible=False, elem_id="resume-evaluation", **small
            )
            self.drop = Confirm("evaluation.delete", "evaluation.delete_really", self.shown)
        self.status = gr.HTML(elem_id="evaluation-status")
        with gr.Accordion(I18N("evaluation.all"), open=False, elem_id="all-evaluations"):
            self.table = gr.HTML(elem_id="evaluations")
        self.timer = gr.Timer(_POLL_SECONDS, active=False)

    def connect(self, form: PlanForm) -> None:
        """Bind it to what is filled in."""
        self._form = form
        followed = self.followed
        hidden: Any = {"show_progress": "hidden"}
        self.start.click(
            self._start, form.inputs, [self.problem, *self.listed], concurrency_limit=1, **hidden
        )
        gr.on([self.shown.change, self.timer.tick], self._watch, followed, self.watched, **hidden)
        for button, act in ((self.stop, self._stop), (self.resume, self._resume)):
            acted = button.click(act, self.shown, [self.problem, self._stopping], **hidden)
            acted.then(self._watch, followed, self.watched, **hidden)
        self.drop.connect(self._delete, [self.problem, *self.listed])
        self.seen.change(self._list_again, self.seen, self.table, **hidden)

    @property
    def followed(self) -> list[Any]:
        """What `watched` follows."""
        return [self.shown, self._stopping]

    @property
    def shows(self) -> list[Show]:
        return [Show(self._watch, self.followed, self.watched)]

    @property
    def watched(self) -> list[Any]:
        """The components that tell of the shown evaluation, and `_idle` of none."""
        return [self.status, self.stop, self.resume, self.timer, self.seen]

    @property
    def listed(self) -> list[Any]:
        """The components that `show` fills."""
        return [self.shown, self.table]

    @placed
    def _start(self, request: gr.Request, *values: Any) -> dict[Any, Any]:
        plan, data = self._form.read(values)
        check_adapter(plan)
        questions = self._evaluations.questions(plan, data)
        id = self._evaluations.create(plan, questions).id
        self._evaluations.start(id)
        return self.show(language_from(request), id)

    @placed
    def _stop(self, request: gr.Request, id: str) -> dict[Any, Any]:
        self._evaluations.stop(id)
        return {self._stopping: id}

    @placed
    def _resume(self, request: gr.Request, id: str) -> dict[Any, Any]:
        self._evaluations.start(id)
        return {self._stopping: None}

    @placed
    def _delete(self, request: gr.Request, id: str) -> dict[Any, Any]:
        self._evaluations.delete(id)
        return self.show(language_from(request))

    def _watch(self, request: gr.Request, id: str | None, stopping: str | None) -> dict[Any, Any]:
        """Where the chosen evaluation stands, and whether to look again."""
        language = language_from(request)
        try:
            return self._known(id, language, id == stopping) if id else self._idle(language)
        except UnknownName:  # it was deleted
            return self._idle(language)
        except PlaygroundError as error:
            return {self.status: said(error, request), self.timer: gr.Timer(active=False)}

    def _known(self, id: str, language: Language, stopping: bool) -> dict[Any, Any]:
        evaluations = self._evaluations
        evaluation, state = evaluations.records.get(id), evaluations.state(id)
        return {
            self.status: render_evaluate.status(
                evaluation,
                state,
                evaluations.records.done(id),
                language,
                stopping=stopping,
            ),
            self.stop: gr.Button(visible=state.running and not state.elsewhere),
            self.resume: gr.Button(
                visible=not state.running and state.done - state.failed < state.total
            ),
            self.timer: gr.Timer(active=state.running),
            self.seen: (id, state.running, _drawn_at(state.done) if state.running else state.done),
        }

    def _idle(self, language: Language) -> dict[Any, Any]:
        """What is shown where there is no evaluation."""
        hidden = gr.Button(visible=False)
        return {
            self.status: render.note(text("evaluation.idle", language)),
            self.stop: hidden,
            self.resume: hidden,
            self.timer: gr.Timer(active=False),
            self.seen: None,
        }

    def show(self, language: Language, chosen: str | None = None) -> dict[Any, Any]:
        """All evaluations; shown is the chosen one, else one that is going on, else the latest."""
        found = [(one, self._evaluations.state(one.id)) for one in self._evaluations.records.list()]
        ids = [one.id for one, _ in found]
        going_on = [one.id for one, state in found if state.running]
        wanted = [id for id in (chosen, *going_on, *ids) if id in ids]
        labels = [(render_evaluate.evaluation_label(one, language), one.id) for one, _ in found]
        return {
            self.shown: gr.Dropdown(choices=labels, value=next(iter(wanted), None)),
            self.table: render_evaluate.evaluation_table(found, language),
        }

    def _list_again(self, request: gr.Request, seen: tuple[str, bool, float] | None) -> Any:
        """The list, once the shown one is no longer going on."""
        id, running, _ = seen or (None, False, 0)
        return gr.skip() if running else self.show(language_from(request), id)[self.table]


def _drawn_at(done: int) -> int:
    """A number that changes whenever so many more answers are there that they are shown."""
    return math.floor(math.log(done + 1, _MORE))
