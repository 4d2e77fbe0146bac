"""Step 1 of the Trade-offs tab: a measurement is started, followed and stopped, or chosen."""

from __future__ import annotations

from typing import Any

import gradio as gr

from playground.app import Playground
from playground.tradeoffs import Measuring, TrialState
from playground.tradeoffs.trial import Trials
from playground.types import Language
from playground.ui import render_tradeoffs
from playground.ui.confirm import Confirm
from playground.ui.errors import placed
from playground.ui.render_evaluate import evaluation_label
from playground.ui.strings import I18N, language_from, text

_POLL_SECONDS = 1.0
_NONE = ""  # as the chosen evaluation


class MeasuringPanel:
    """Builds its components: `trial` is the chosen one, `own` the evaluation in its place.

    The app has one measurement at a time, which goes on whoever watches: each page looks after it
    each second.
    """

    def __init__(self, playground: Playground, measuring: Measuring) -> None:
        self._quota = playground.quota
        self._evaluations = playground.evaluations
        self._trials = Trials(playground.settings)
        self._measuring = measuring
        small: Any = {"size": "sm", "min_width": 130, "scale": 0}
        with gr.Row(elem_classes="pg-bottom"):
            self.start = gr.Button(
                I18N("tradeoffs.start"),
                variant="primary",
                min_width=180,
                scale=0,
                elem_id="measure",
            )
            self.stop = gr.Button(
                I18N("tradeoffs.stop"), visible=False, elem_id="stop-measuring", **small
            )
        self.problem = gr.HTML(elem_id="measuring-problem")
        self.status = gr.HTML(elem_id="measuring-status")
        with gr.Row(elem_classes="pg-bottom"):
            self.trial = gr.Dropdown(
                [], label=I18N("tradeoffs.trial"), scale=3, min_width=260, elem_id="trial"
            )
            self.own = gr.Dropdown(
                [],
                label=I18N("tradeoffs.own"),
                info=I18N("tradeoffs.own_help"),
                scale=3,
                min_width=260,
                elem_id="own",
            )
            self.drop = Confirm("tradeoffs.delete", "tradeoffs.delete_really", self.trial)
        self.timer = gr.Timer(_POLL_SECONDS, active=False)
        self._connect()

    def _connect(self) -> None:
        chosen: list[Any] = [self.trial, self.own]
        hidden: Any = {"show_progress": "hidden"}
        told = [self.problem, *self.watched]
        self.start.click(self._start, chosen, told, concurrency_limit=1, **hidden)
        self.stop.click(self._stop, chosen, told, **hidden)
        self.timer.tick(self._look, chosen, self.watched, **hidden)
        self.drop.connect(self._delete, told)

    @property
    def watched(self) -> list[Any]:
        """The components that `known` fills."""
        return [self.status, self.start, self.stop, self.timer, self.trial, self.own]

    @placed
    def _start(self, request: gr.Request, trial: str | None, own: str | None) -> dict[Any, Any]:
        if self._quota:
            self._quota.refuse("tradeoffs")
        language = language_from(request)
        self._measuring.start(language)
        return self.known(language, trial, own)

    @placed
    def _stop(self, request: gr.Request, trial: str | None, own: str | None) -> dict[Any, Any]:
        self._measuring.stop()
        return self.known(language_from(request), trial, own)

    def _look(self, request: gr.Request, trial: str | None, own: str | None) -> dict[Any, Any]:
        """How the measurement goes; when it has ended, it is what is shown."""
        language, state = language_from(request), self._measuring.state()
        if state.running:  # a list that is open would be closed if it were filled again
            return self._progress(state, language)
        return self.known(language, state.trial or trial, own)

    @placed
    def _delete(self, request: gr.Request, trial: str) -> dict[Any, Any]:
        self._trials.delete(trial)
        language = language_from(request)
        return self.known(language, self.latest(language), _NONE)

    def latest(self, language: Language) -> str | None:
        """The last trial in a language, else the last one, if there is any."""
        trials = self._trials.list()
        alike = [trial.id for trial in trials if trial.language == language]
        return next(iter([*alike, *(trial.id for trial in trials)]), None)

    def known(self, language: Language, trial: str | None, own: str | None) -> dict[Any, Any]:
        """How the measurement goes, and what there is to choose from, with the chosen kept."""
        return {
            **self._progress(self._measuring.state(), language),
            self.trial: self._trial_choices(language, trial),
            self.own: self._own_choices(language, own),
        }

    def _progress(self, state: TrialState, language: Language) -> dict[Any, Any]:
        return {
            self.status: render_tradeoffs.status(state, language),
            self.start: gr.Button(interactive=not state.running),
            self.stop: gr.Button(visible=state.running, interactive=not state.stopping),
            self.timer: gr.Timer(active=state.running),
        }

    def _trial_choices(self, language: Language, chosen: str | None) -> gr.Dropdown:
        found = self._trials.list()
        ids = [trial.id for trial in found]
        labels = [(render_tradeoffs.trial_label(trial, language), trial.id) for trial in found]
        value = chosen if chosen in ids else self.latest(language)
        return gr.Dropdown(choices=labels, value=value)

    def _own_choices(self, language: Language, chosen: str | None) -> gr.Dropdown:
        """The evaluations that have answers, but those that belong to a trial."""
        of_trials = {trial.evaluation for trial in self._trials.list()}
        found = [
            (evaluation_label(one, language), one.id)
            for one in self._evaluations.records.list()
            if one.id not in of_trials and self._evaluations.records.done(one.id)
        ]
        choices = [(text("tradeoffs.no_own", language), _NONE), *found]
        value = chosen if chosen in [id for _, id in found] else _NONE
        return gr.Dropdown(choices=choices, value=value)
