"""`playground evaluate`: questions × modes, answered, marked and timed."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from playground.cli.flags import add_flags, add_model_flags, given_flags, with_model
from playground.cli.output import note, say, show_progress
from playground.decoding import readable
from playground.errors import FileUnreadable, OutputUnwritable
from playground.evaluation import WORLD, Plan
from playground.evaluation.plan import PER_KIND
from playground.modes import DEFAULT_MODES, EXAM_MODES, AskOptions
from playground.settings import Settings
from playground.types import Answer, Language
from playground.world import WORLD_ADAPTER

HELP = "Ask many questions in several modes, mark the answers, and compare what they cost."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "questions",
        nargs="?",
        help="a file with columns question, answers, kind, source, options (JSONL, CSV, …); "
        "without it, the built-in questions",
    )
    parser.add_argument(
        "--modes",
        help=f"comma-separated, of: {', '.join(EXAM_MODES)} (default: {','.join(DEFAULT_MODES)})",
    )
    parser.add_argument("--knowledge", help="knowledge base (default: the built-in ones)")
    parser.add_argument("--adapter", help="adapter for the modes with lora")
    parser.add_argument("--kinds", help="comma-separated; only questions of these kinds")
    parser.add_argument(
        "--per-kind",
        type=int,
        metavar="COUNT",
        help="how many questions of each kind, drawn at random; 0 is all (default: "
        f"{PER_KIND} of the built-in ones, all of a file's)",
    )
    parser.add_argument("--language", choices=get_args(Language), help="of the built-in questions")
    parser.add_argument(
        "--draw-seed",
        type=int,
        metavar="NUMBER",
        help="draw other questions of each kind; the same number draws the same (default: 0)",
    )
    parser.add_argument(
        "--multiple-choice",
        action="store_true",
        help="where questions have options, also let each mode choose the likeliest one",
    )
    parser.add_argument("--plan", type=Path, help="a plan that was saved; flags go before it")
    parser.add_argument("--save-plan", type=Path, help="write the plan here, and ask nothing")
    add_model_flags(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object an answer")
    add_flags(parser, AskOptions)


def run(args: argparse.Namespace, settings: Settings) -> int:
    plan = _plan(args)
    if args.save_plan:
        _save(args.save_plan, plan)
        return 0
    from playground.app import Playground
    from playground.cli.training import note_problems
    from playground.dataset import Problem

    playground = Playground(with_model(args, settings))
    asked = playground.evaluations.drawn(plan, _content(args))
    note_problems([Problem(row, reason) for row, reason in asked.problems.items()])
    show_progress(playground.pull())
    note(f"Model {playground.settings.model}, engine {playground.engine_choice.text('en')}")
    if plan.knowledge:
        playground.bases.library.get(plan.knowledge)
    else:
        show_progress(playground.bases.add_world())
    if plan.adapter and any(EXAM_MODES[mode].tuned for mode in plan.modes):
        playground.adapters.get(plan.adapter)
    evaluation = playground.evaluations.create(plan, asked.questions)
    return follow(playground.evaluations, evaluation.id, as_json=args.json)


def follow(evaluations: Any, id: str, *, as_json: bool) -> int:
    """Run the evaluation `id` to its end, with a line an answer, and print what came of it.

    Returns the exit status: 1 if a mode gave an error.
    """
    from playground.cli.evaluations import print_asked, print_result

    started, failed = time.monotonic(), 0
    plan = evaluations.records.get(id).plan
    try:
        for asked in evaluations.run(id):
            print_asked(asked, as_json=as_json, multiple_choice=plan.multiple_choice)
            failed += not isinstance(asked.result, Answer)
    except KeyboardInterrupt:
        note(f"\nStopped; `playground evaluations resume {id}` goes on.")
        return 130
    note(f"Evaluation {id}, {time.monotonic() - started:.0f} s")
    if not as_json:
        print_result(evaluations, id)
    if failed:
        note(f"{failed} answers failed; `playground evaluations resume {id}` asks them again.")
    return 1 if failed else 0


def _plan(args: argparse.Namespace) -> Plan:
    """The plan of the file, or the default one, with what the flags say."""
    plan = _read(args.plan) if args.plan else Plan(DEFAULT_MODES, adapter=WORLD_ADAPTER)
    given: dict[str, Any] = {"options": replace(plan.options, **given_flags(AskOptions, args))}
    if args.questions:
        given["questions"] = readable(args.questions)
    elif plan.questions == WORLD and not args.plan:
        given["per_kind"] = PER_KIND
    for name in ("modes", "kinds"):
        if (value := getattr(args, name)) is not None:
            given[name] = tuple(part.strip() for part in value.split(",") if part.strip())
    if args.language:
        given["languages"] = (args.language,)
    if args.multiple_choice:
        given["multiple_choice"] = True
    for name in ("knowledge", "adapter"):
        if value := getattr(args, name):
            given[name] = readable(value)
    named = {"per_kind": args.per_kind, "seed": args.draw_seed}
    return replace(plan, **given | {k: v for k, v in named.items() if v is not None})


def _read(file: Path) -> Plan:
    from playground.readers import read_bytes

    title = readable(str(file))
    try:
        return Plan.from_json(read_bytes(file, title).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FileUnreadable(title=title, reason=error) from error


def _content(args: argparse.Namespace) -> bytes | None:
    """What is in the file that the user names, which the plan may only know by a readable name."""
    from playground.readers import read_bytes

    if args.questions in (None, WORLD):
        return None
    return read_bytes(Path(args.questions), readable(args.questions))


def _save(file: Path, plan: Plan) -> None:
    try:
        file.write_text(plan.to_json(), encoding="utf-8")
    except OSError as error:
        raise OutputUnwritable(path=str(file), reason=error.strerror or error) from error
    say(f"Wrote {file}; `playground evaluate --plan {file}` runs it.")
