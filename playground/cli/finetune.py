"""`playground finetune`: rows in, an adapter out."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path

from playground.cli.flags import add_flags, given_flags
from playground.cli.output import note, print_json, say, show_progress
from playground.errors import FileUnreadable, OutputUnwritable
from playground.finetune import TrainConfig
from playground.finetune.config import PRESETS
from playground.finetune.recipe import FORMS, Recipe
from playground.settings import Settings

HELP = "Train a LoRA adapter on a file of rows."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "rows", nargs="?", help="JSON, JSONL, CSV, TSV, XML, Parquet, Excel, text, or a dataset id"
    )
    parser.add_argument("--name", help="what to call the adapter")
    parser.add_argument("--config", type=Path, metavar="FILE", help="all settings from this file")
    parser.add_argument("--preset", choices=tuple(PRESETS), help="settings that fit a purpose")
    parser.add_argument("--model", help="model name, folder or hub id to train on")
    parser.add_argument("--form", choices=FORMS, help="what is learned (default: rows)")
    parser.add_argument("--knowledge", metavar="BASE", help="for the forms passages and documents")
    parser.add_argument("--prompt-column", metavar="NAME", help="the column of the questions")
    parser.add_argument("--completion-column", metavar="NAME", help="the column of the answers")
    parser.add_argument("--validation", metavar="FILE", help="rows for the mock exam")
    parser.add_argument("--questions", metavar="FILE", help="asked before and after the training")
    parser.add_argument("--held-out-questions", type=int, metavar="N", help="of the mock exam's")
    parser.add_argument("--general-questions", type=int, metavar="N", help="of the built-in ones")
    parser.add_argument(
        "--replay-rows", type=int, metavar="N", help="of the model's own answers, to forget less"
    )
    parser.add_argument("--start-from", metavar="ADAPTER", help="train this adapter on, as a copy")
    parser.add_argument("--processes", type=int, metavar="N", help="share the work (default: 1)")
    parser.add_argument("--overwrite", action="store_true", help="replace an adapter of that name")
    first = parser.add_mutually_exclusive_group()
    first.add_argument("--check", action="store_true", help="look at the rows, and train nothing")
    first.add_argument("--estimate", action="store_true", help="measure the time and the memory")
    first.add_argument("--by-hand", action="store_true", help="prepare it for `accelerate launch`")
    first.add_argument("--save-config", type=Path, metavar="FILE", help="write the settings only")
    parser.add_argument("--json", action="store_true", help="print the events as JSON lines")
    add_flags(parser, TrainConfig)


def run(args: argparse.Namespace, settings: Settings) -> int:
    beside = args.config.parent if args.config and not args.rows else Path()
    recipe = _recipe(args)
    if args.save_config:
        return _save(recipe, args.save_config)
    from playground.app import Playground  # which takes a second
    from playground.cli.training import follow, note_problems, print_compared, print_scores

    playground = Playground(replace(settings, model=recipe.model or settings.model))
    tuning = playground.tuning
    material = tuning.read(recipe, beside=beside)
    dataset = material.dataset
    note(f"{len(dataset.rows)} rows, shape {dataset.shape}: {dataset.reason.en}")
    note_problems(dataset.problems)
    show_progress(playground.pull())
    examined = show_progress(tuning.examine(recipe, material))
    assert examined is not None
    note_problems(examined.preview.problems)
    for warning in (*(finding.reason for finding in examined.findings), *examined.advice):
        note(f"  note: {warning.en}")
    if args.check:
        say(f"{examined.training_rows} rows to learn, {examined.validation_rows} for the exam")
        return 0
    if args.estimate:
        found = show_progress(tuning.estimate(recipe, material))
        assert found is not None
        if args.json:
            print_json(asdict(found))
        else:
            say(
                f"{found.steps} steps, about {found.seconds:.0f} s at {found.tokens_per_second:.0f}"
                f" tokens/s, {found.memory_bytes / 1e9:.1f} GB"
            )
        return 0
    started = tuning.start(recipe, material, overwrite=args.overwrite, by_hand=args.by_hand)
    if args.by_hand:
        say(f"accelerate launch -m playground.finetune.train {started.folder}")
        return 0
    status = follow(tuning.runs, started.id, as_json=args.json)
    if not args.json:
        summary = tuning.summary(started.id)
        print_compared(summary.compared)
        print_scores(summary.scores)
    return status


def _recipe(args: argparse.Namespace) -> Recipe:
    """The file's settings, or the preset's, with what the flags say instead."""
    base = Recipe.from_json(_text_of(args.config)) if args.config else None
    config = base.config if base else TrainConfig()
    if args.preset:
        config = PRESETS[args.preset].config()
    config = replace(config, **given_flags(TrainConfig, args))
    names = (
        *("name", "rows", "model", "form", "knowledge", "validation", "questions", "start_from"),
        *("held_out_questions", "general_questions", "replay_rows", "processes"),
    )
    given = {name: value for name in names if (value := getattr(args, name)) is not None}
    if args.prompt_column or args.completion_column:
        from playground.dataset.mapping import Mapping

        given["mapping"] = Mapping(args.prompt_column or "", args.completion_column or "")
    if base:
        return replace(base, **given, config=config)
    return Recipe(**{"name": "", **given}, config=config)


def _save(recipe: Recipe, file: Path) -> int:
    try:
        file.write_text(recipe.to_json(), encoding="utf-8")
    except OSError as error:
        raise OutputUnwritable(path=file, reason=error.strerror or error) from error
    say(f"playground finetune --config {file}")
    return 0


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileUnreadable(title=str(file), reason=reason) from error
