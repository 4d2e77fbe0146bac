"""What a report is made of, and where that is found."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from playground.app import Playground
from playground.errors import UnknownName
from playground.evaluation import Evaluation, Judged, Marked, judged
from playground.finetune import Run, Step
from playground.modes import EXAM_MODES
from playground.tradeoffs import Trial
from playground.tradeoffs.trial import Trials

LATEST = "latest"


@dataclass(frozen=True)
class Report:
    """An evaluation with its marked answers, a trial, or both; `run` trained the adapter.

    `judged` is what other models said of the answers.

    `written` is in seconds since 1970, UTC.
    """

    written: float
    evaluation: Evaluation | None = None
    answers: Sequence[Marked] = ()
    judged: Sequence[Judged] = ()
    trial: Trial | None = None
    run: Run | None = None

    @property
    def model(self) -> str:
        about = self.evaluation or self.trial
        return about.setup.get("model", "") if about else ""


def gather(
    playground: Playground, evaluation: str | None = None, trial: str | None = None
) -> Report:
    """What there is to say of an evaluation and of a trial, each an id or "latest".

    Without `evaluation`, it is the one behind the trial, if that is still there; with neither,
    the latest.

    Raises:
        UnknownName: there is no such evaluation or trial.
    """
    tried = Trials(playground.settings).get(trial) if trial else None
    found = _evaluation(playground, evaluation, tried)
    return Report(
        written=time.time(),
        evaluation=found,
        answers=playground.evaluations.marked(found.id) if found else (),
        judged=judged(playground.evaluations.records.verdicts(found.id)) if found else (),
        trial=tried,
        run=training_of(found, playground.tuning.runs.list()) if found else None,
    )


def _evaluation(playground: Playground, id: str | None, trial: Trial | None) -> Evaluation | None:
    records = playground.evaluations.records
    if not id and trial:
        try:
            return records.get(trial.evaluation)
        except UnknownName:  # it was deleted
            return None
    if not id or id == LATEST:
        id = next((one.id for one in records.list()), LATEST)
    return records.get(id)


def training_of(evaluation: Evaluation, runs: Sequence[Run]) -> Run | None:
    """The latest run before `evaluation` that trained its adapter; None if there is none."""
    plan = evaluation.plan
    if not any(EXAM_MODES[mode].tuned for mode in plan.modes):
        return None
    return next(
        (
            run
            for run in sorted(runs, key=lambda run: run.created, reverse=True)
            if run.name == plan.adapter
            and run.created <= evaluation.created
            and any(isinstance(event, Step) for event in run.events)
        ),
        None,
    )
