"""A training run on the terminal: its events as lines, and its questions before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from playground.cli.output import note, print_json, print_table, say
from playground.dataset import Problem
from playground.finetune import (
    Answered,
    Event,
    Failed,
    Finished,
    Resumed,
    Runs,
    Sample,
    Started,
    Step,
    Stopped,
    Validation,
)
from playground.tuning import Compared, Score

_PROBLEMS_SHOWN = 10


def note_problems(problems: Sequence[Problem]) -> None:
    """The rows that take no part, and why."""
    for problem in problems[:_PROBLEMS_SHOWN]:
        note(f"  row {problem.row} is left out: {problem.reason.en}")
    if len(problems) > _PROBLEMS_SHOWN:
        note(f"  … and {len(problems) - _PROBLEMS_SHOWN} more")


def follow(runs: Runs, id: str, *, as_json: bool) -> int:
    """Print what the run `id` says until it ends; ^C stops it. Returns the exit status."""
    try:
        return _follow(runs, id, as_json=as_json)
    except KeyboardInterrupt:
        note("stopping after this step; what was learned is kept …")
        runs.stop(id)
        return _follow(runs, id, as_json=as_json)


def _follow(runs: Runs, id: str, *, as_json: bool) -> int:
    if not as_json and runs.get(id).status == "queued":
        say("waiting until the trainings before this one have ended")
    last: Event | None = None
    for last in runs.follow(id):
        if as_json:
            print_json({"event": type(last).__name__.lower(), **asdict(last)})
        elif not isinstance(last, Failed):
            say(_line(last))
    if isinstance(last, Failed):
        note(f"playground: {last.en}")
        return 1
    return 0


def _line(event: Event) -> str:
    match event:
        case Started():
            return (
                f"training on {event.training_rows} rows ({event.validation_rows} held back), "
                f"{event.steps} steps, {event.trainable_parameters:,} parameters, "
                f"{event.dtype} on {event.device}"
            )
        case Step():
            return (
                f"step {event.step}/{event.total_steps}  loss {event.loss:.3f}  "
                f"{event.tokens_per_second:.0f} tokens/s  {event.eta_seconds:.0f} s left  "
                f"{event.memory_bytes / 1e9:.1f} GB"
            )
        case Validation():
            return f"step {event.step}  mock exam: loss {event.loss:.3f}"
        case Sample():
            return f"step {event.step}  {event.question!r}: {event.answer!r}"
        case Answered():
            return f"{event.phase}  question {event.question + 1}: {event.answer!r}"
        case Resumed():
            return f"going on from step {event.step}"
        case Finished():
            kept = f" (of step {event.kept_step})" if event.kept_step else ""
            return (
                f"adapter {event.adapter!r}{kept} is ready after {event.seconds:.0f} s; ask it "
                f'with `playground ask "…" --modes base,lora --adapter {event.adapter}`'
            )
        case Stopped():
            kept = f"adapter {event.adapter!r} keeps" if event.adapter else "nothing keeps"
            return f"stopped after step {event.step}; {kept} what was learned"
        case Failed():
            return event.en


def print_compared(compared: Sequence[Compared]) -> None:
    """The test questions, before and after."""
    asked = [one for one in compared if one.before and one.after]
    rows = [
        (
            one.question.kind,
            _short(one.question.question),
            _mark(one.before_right) + _short(one.before.answer if one.before else ""),
            _mark(one.after_right) + _short(one.after.answer if one.after else ""),
        )
        for one in asked
    ]
    if rows:
        print_table(("KIND", "QUESTION", "BEFORE", "AFTER"), rows)


def print_scores(scores: Sequence[Score]) -> None:
    """How many test questions were right, before and after."""
    for score in scores:
        after = "-" if score.after is None else score.after
        say(f"{score.kind}: {score.before} of {score.total} right before, {after} after")


def _mark(right: bool | None) -> str:
    return "" if right is None else "✓ " if right else "✗ "


def _short(text: str, width: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"
