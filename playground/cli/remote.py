"""`playground remote`: models and trainings of an OpenAI-compatible server."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from typing import Any

from playground.cli.flags import add_flags, from_flags
from playground.cli.output import note, print_json, print_table, say
from playground.errors import NoServerNamed
from playground.finetune import TrainConfig
from playground.remote import PRESETS, Remote
from playground.settings import Settings

HELP = "Models of an OpenAI-compatible server, and fine-tuning there."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("servers", help="addresses of usual ones").set_defaults(act=_servers)
    actions.add_parser("models", help="what it can be asked as").set_defaults(act=_models)
    tuning = actions.add_parser("finetune", help="upload rows, and train a model there")
    tuning.add_argument("rows", help="any file that `playground finetune` reads")
    tuning.add_argument("--model", required=True, help="the server's id of what is tuned")
    tuning.add_argument("--validation", metavar="FILE", help="rows for the mock exam")
    tuning.add_argument("--name", default="", help="a part of the tuned model's id (suffix)")
    tuning.add_argument("--no-wait", action="store_true", help="begin it, and do not follow it")
    add_flags(tuning, TrainConfig)
    tuning.set_defaults(act=_finetune)
    actions.add_parser("jobs", help="its trainings, the latest first").set_defaults(act=_jobs)
    for name, act, told in (
        ("follow", _follow, "what a training says, until it ends"),
        ("cancel", _cancel, "end a training"),
    ):
        action = actions.add_parser(name, help=told)
        action.add_argument("id")
        action.set_defaults(act=act)
    for action in actions.choices.values():
        action.add_argument("--base-url", metavar="URL", help="its key: OPENAI_API_KEY")
        action.add_argument("--json", action="store_true")


def run(args: argparse.Namespace, settings: Settings) -> int | None:
    return args.act(args, settings)


def _servers(args: argparse.Namespace, settings: Settings) -> None:
    print_table(("SERVER", "BASE URL"), list(PRESETS.items()))


def _models(args: argparse.Namespace, settings: Settings) -> None:
    from playground.remote.client import model_ids

    for id in model_ids(_remote(args, settings)):
        if args.json:
            print_json({"id": id})
        else:
            say(id)


def _finetune(args: argparse.Namespace, settings: Settings) -> int:
    from pathlib import Path

    from playground.cli.training import note_problems
    from playground.dataset import load
    from playground.finetune.platform import Platform
    from playground.readers import read_bytes

    platform = Platform(replace(_remote(args, settings), model=args.model))
    files = [Path(name) for name in (args.rows, args.validation) if name]
    rows, *exam = (load(file.name, read_bytes(file, str(file))) for file in files)
    note_problems(rows.problems)
    sent = platform.start(
        rows.rows,
        validation=exam[0].rows if exam else (),
        suffix=args.name,
        config=from_flags(TrainConfig, args),
    )
    note_problems(sent.problems)
    note(f"{sent.rows} rows sent; job {sent.job.id}")
    if args.no_wait:
        _print_job(args, sent.job)
        return 0
    return _told(args, platform, sent.job.id)


def _jobs(args: argparse.Namespace, settings: Settings) -> None:
    jobs = _platform(args, settings).list()
    if args.json:
        for job in jobs:
            print_json(asdict(job))
        return
    rows = [(job.id, job.status, job.model, job.tuned_model or "-") for job in jobs]
    print_table(("JOB", "STATUS", "MODEL", "TUNED MODEL"), rows)


def _follow(args: argparse.Namespace, settings: Settings) -> int:
    return _told(args, _platform(args, settings), args.id)


def _cancel(args: argparse.Namespace, settings: Settings) -> None:
    _print_job(args, _platform(args, settings).cancel(args.id))


def _told(args: argparse.Namespace, platform: Any, id: str) -> int:
    from playground.remote.tuning import RemoteJob

    job = None
    for event in platform.follow(id):
        if isinstance(event, RemoteJob):
            job = event
        elif args.json:
            print_json({"event": "message", **asdict(event)})
        else:
            note(event.message)
    assert job is not None
    _print_job(args, job)
    return 0 if job.status == "succeeded" else 1


def _print_job(args: argparse.Namespace, job: Any) -> None:
    if args.json:
        print_json({"event": "job", **asdict(job)})
        return
    say(f"{job.id}  {job.status}" + (f": {job.reason}" if job.reason else ""))
    if job.tuned_model:
        url = f" --base-url {args.base_url}" if args.base_url else ""
        say(f'playground ask "…" --modes base,lora --adapter {job.tuned_model}'
            f"{url} --model {job.model}")  # fmt: skip


def _platform(args: argparse.Namespace, settings: Settings) -> Any:
    from playground.finetune.platform import Platform

    return Platform(_remote(args, settings))


def _remote(args: argparse.Namespace, settings: Settings) -> Remote:
    base_url = args.base_url or settings.base_url
    if not base_url:
        raise NoServerNamed
    return Remote(base_url, settings.model, settings.remote_api_key)
