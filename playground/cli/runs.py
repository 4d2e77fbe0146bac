"""`playground runs`: the trainings that were, are, and wait."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import datetime
from typing import Any

from playground.cli.output import print_json, print_table, say
from playground.settings import Settings

HELP = "List, follow, stop, resume, compare or delete training runs."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="all runs, the latest first")
    listing.set_defaults(act=_list)
    for name, act, told in (
        ("show", _show, "a run's settings, losses and answers"),
        ("follow", _follow, "what a run says, until it ends"),
        ("stop", _stop, "stop a run after its present step; what it learned is kept"),
        ("resume", _resume, "let a stopped or failed run go on where it was"),
        ("delete", _delete, "forget a run; its adapter stays"),
    ):
        action = actions.add_parser(name, help=told)
        action.add_argument("id")
        action.set_defaults(act=act)
    comparing = actions.add_parser("compare", help="two runs: what differs, and what came of it")
    comparing.add_argument("ids", nargs=2, metavar="id")
    comparing.set_defaults(act=_compare)
    for action in actions.choices.values():
        action.add_argument("--json", action="store_true")


def run(args: argparse.Namespace, settings: Settings) -> int | None:
    from playground.app import Playground

    return args.act(args, Playground(settings).tuning)


def _list(args: argparse.Namespace, tuning: Any) -> None:
    summaries = [tuning.summary(run.id) for run in tuning.runs.list()]
    if args.json:
        for summary in summaries:
            print_json(_fields(summary))
        return
    if not summaries:
        say("No training yet: `playground finetune ROWS --name NAME` starts one.")
        return
    rows = [
        (
            summary.run.id,
            summary.run.status,
            datetime.fromtimestamp(summary.run.created).strftime("%Y-%m-%d %H:%M"),
            str(summary.training_rows or "-"),
            str(summary.steps),
            _number(summary.validation_loss, "{:.3f}"),
            _number(summary.seconds, "{:.0f}"),
        )
        for summary in summaries
    ]
    print_table(("RUN", "STATUS", "STARTED", "ROWS", "STEPS", "EXAM LOSS", "SECONDS"), rows)


def _show(args: argparse.Namespace, tuning: Any) -> None:
    from playground.cli.training import print_compared, print_scores

    summary = tuning.summary(args.id)
    if args.json:
        print_json(_fields(summary))
        return
    print_table(("SETTING", "VALUE"), [(k, str(v)) for k, v in _settings(summary).items()])
    print_table(("RESULT", "VALUE"), list(_results(summary).items()))
    print_compared(summary.compared)
    print_scores(summary.scores)


def _follow(args: argparse.Namespace, tuning: Any) -> int:
    from playground.cli.training import follow

    return follow(tuning.runs, args.id, as_json=args.json)


def _stop(args: argparse.Namespace, tuning: Any) -> None:
    tuning.runs.stop(args.id)
    say(f"{args.id} stops after its present step; `playground runs resume` lets it go on.")


def _resume(args: argparse.Namespace, tuning: Any) -> int:
    tuning.runs.resume(args.id)
    return _follow(args, tuning)


def _delete(args: argparse.Namespace, tuning: Any) -> None:
    tuning.runs.delete(args.id)
    say(f"Deleted run {args.id!r}.")


def _compare(args: argparse.Namespace, tuning: Any) -> None:
    first, second = (tuning.summary(id) for id in args.ids)
    if args.json:
        for summary in (first, second):
            print_json(_fields(summary))
        return
    ours, theirs = _settings(first), _settings(second)
    differ = [(k, str(ours[k]), str(theirs[k])) for k in ours if ours[k] != theirs[k]]
    print_table(("SETTING THAT DIFFERS", *args.ids), differ or [("none", "", "")])
    results = _results(second)
    rows = [(name, value, results[name]) for name, value in _results(first).items()]
    print_table(("RESULT", *args.ids), rows)


def _settings(summary: Any) -> dict[str, Any]:
    job = summary.run.job
    told = {"model": job.files.name, "file": job.file, "form": job.form}
    told |= {"start_from": job.start_from and job.start_from.name}
    return {**told, "replay_rows": len(job.replay_prompts), **asdict(job.config)}


def _results(summary: Any) -> dict[str, str]:
    told = {
        "status": summary.run.status,
        "steps": str(summary.steps),
        "training loss": _number(summary.training_loss, "{:.4f}"),
        "exam loss": _number(summary.validation_loss, "{:.4f}"),
        "seconds": _number(summary.seconds, "{:.0f}"),
        "memory": _number((summary.memory_bytes or 0) / 1e9 or None, "{:.1f} GB"),
    }
    for score in summary.scores:
        after = "-" if score.after is None else str(score.after)
        told[f"{score.kind}, right"] = f"{score.before} -> {after} of {score.total}"
    return told


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else form.format(value)


def _fields(summary: Any) -> dict[str, Any]:
    return {
        "id": summary.run.id,
        "status": summary.run.status,
        "created": summary.run.created,
        "settings": _settings(summary),
        **{
            name: getattr(summary, name)
            for name in (
                *("training_rows", "steps", "seconds", "training_loss", "validation_loss"),
                "memory_bytes",
            )
        },
        "scores": [asdict(score) for score in summary.scores],
    }
