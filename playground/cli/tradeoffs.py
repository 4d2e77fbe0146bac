"""`playground tradeoffs`: the table of the three methods, with figures of one's own in it."""

from __future__ import annotations

import argparse
import time
from contextlib import closing
from dataclasses import asdict
from typing import Any, get_args

from playground.cli.flags import add_flags, from_flags
from playground.cli.output import note, print_json, print_table, say, show_progress
from playground.settings import Settings
from playground.tradeoffs.money import ANSWERS, Prices
from playground.tradeoffs.situation import Change, Hardware, Need, Situation, Size
from playground.types import Language
from playground.world import WORLD_ADAPTER

HELP = "Measure long context, knowledge base and fine-tuning against one another."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", choices=get_args(Language), default="en")
    parser.add_argument("--adapter", default=WORLD_ADAPTER, help="(default: %(default)s)")
    parser.add_argument("--per-kind", type=int, help="questions of each kind (default: 3)")
    parser.add_argument("--show", metavar="ID", help="an earlier one, or `latest`: measure nothing")
    parser.add_argument(
        "--evaluation",
        metavar="ID",
        help="put the figures of this evaluation in place of the world's; measures nothing",
    )
    parser.add_argument("--list", action="store_true", help="the earlier ones")
    parser.add_argument("--json", action="store_true")
    advice = parser.add_argument_group("for a recommendation")
    advice.add_argument("--change", choices=get_args(Change), help="how often the facts change")
    advice.add_argument("--size", choices=get_args(Size), help="how much knowledge there is")
    advice.add_argument("--need", choices=get_args(Need), help="what the model should have")
    advice.add_argument("--hardware", choices=get_args(Hardware), help="what it runs on")
    add_flags(parser, Prices)


def run(args: argparse.Namespace, settings: Settings) -> int:
    prices = from_flags(Prices, args)
    from playground.app import Playground
    from playground.tradeoffs.own import together, trial_of
    from playground.tradeoffs.trial import Trials

    trials = Trials(settings)
    if args.list:
        _list(trials.list(), as_json=args.json)
        return 0
    playground = Playground(settings)
    trial = trials.get(args.show) if args.show else None
    if args.evaluation:
        trial = together(trial_of(playground, args.evaluation), trial)
    trial = trial or _measure(args, playground)
    if args.json:
        print_json(asdict(trial))
        return 0
    _print_table(trial)
    _print_growth(trial)
    _print_money(trial, prices)
    _print_advice(trial, args)
    return 0


def _measure(args: argparse.Namespace, playground: Any) -> Any:
    from playground.tradeoffs import Trial
    from playground.tradeoffs.trial import measure
    from playground.tradeoffs.wording import STEPS

    show_progress(playground.pull())
    show_progress(playground.bases.add_world())
    note(f"Model {playground.settings.model}, engine {playground.engine_choice.text('en')}")
    more = {} if args.per_kind is None else {"per_kind": args.per_kind}
    started, last = time.monotonic(), ""
    with closing(measure(playground, args.language, adapter=args.adapter, **more)) as events:
        for event in events:
            if isinstance(event, Trial):
                note(f"{event.seconds:5.0f} s  done: trial {event.id}")
                return event
            if event.step != last:
                note(f"{time.monotonic() - started:5.0f} s  {STEPS[event.step].en} …")
                last = event.step
    raise AssertionError("a trial ends with itself")


def _list(trials: Any, *, as_json: bool) -> None:
    if as_json:
        for trial in trials:
            print_json(asdict(trial))
        return
    if not trials:
        say("Nothing was measured yet: `playground tradeoffs` does, in some minutes.")
        return
    rows = [(t.id, t.language, t.setup.get("model", "-"), f"{t.seconds:.0f}") for t in trials]
    print_table(("TRIAL", "LANGUAGE", "MODEL", "SECONDS"), rows)


def _print_table(trial: Any) -> None:
    from playground.tradeoffs import CRITERIA, METHODS
    from playground.tradeoffs.wording import lacking, phrases

    language = trial.language
    for criterion in CRITERIA:
        say(f"\n{criterion.title.text(language)}")
        for mode in (*METHODS, "base"):
            measured = phrases(criterion.measured(trial, mode), language)
            measured += lacking(criterion.missing(trial, mode), language)
            statement = criterion.statements.get(mode)
            if statement:
                say(f"  {mode:13} {statement.text(language)}")
            elif measured:
                say(f"  {mode}")
            for phrase in measured:
                say(f"  {'':13} · {phrase}")


def _print_growth(trial: Any) -> None:
    sizes = trial.sizes
    modes = [mode for mode in trial.modes if trial.all("right_at_size", mode)]
    if not sizes:
        return
    say()
    rows = []
    for mode in modes:
        shares = {one.at: one.share for one in trial.all("right_at_size", mode)}
        cells = (shares.get(size) for size in sizes)
        rows.append((mode, *(f"{c.count}/{c.total}" if c else "-" for c in cells)))
    print_table(("RIGHT AT TOKENS", *(f"{size:,}" for size in sizes)), rows)


def _print_money(trial: Any, prices: Prices) -> None:
    from playground.tradeoffs import bill, break_even
    from playground.tradeoffs.wording import MONEY, TIME, paid_back

    say()
    for counted, unit in ((None, TIME), (prices, MONEY)):
        for other in ("rag", "long-context"):
            answers = break_even(trial, "lora", other, counted)
            if answers is not None and (counted is None or prices.are_given):
                say(paid_back(answers, "lora", other, unit, trial.language))
    if not prices.are_given:
        return
    bills = [one for mode in trial.modes if (one := bill(trial, mode, prices))]
    rows = [(one.mode, f"{one.beforehand:,.4f}", f"{one.thousand_answers:,.4f}") for one in bills]
    print_table(("MODE", "BEFOREHAND", f"{ANSWERS:,} ANSWERS"), rows)


def _print_advice(trial: Any, args: argparse.Namespace) -> None:
    from playground.tradeoffs import recommend

    answers = (args.change, args.size, args.need, args.hardware)
    if not all(answers):
        say("\nFor a recommendation, give --change, --size, --need and --hardware.")
        return
    found = recommend(trial, Situation(*answers), trial.modes)
    say()
    for rank, one in enumerate(found.ranked, start=1):
        if one.ruled_out:
            say(f"–  {one.mode}: no, {one.ruled_out.text(trial.language)}")
            continue
        say(f"{rank}. {one.mode}: " + "; ".join(r.text(trial.language) for r in one.reasons))
    for caveat in found.caveats:
        say(f"!  {caveat.text(trial.language)}")
