"""`playground votes`: which mode's answers people found better when they did not know whose."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from playground.cli.output import print_json, print_table, say
from playground.settings import Settings

HELP = "Show what the blind votes of the page say of every two modes."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a pair of modes")


def run(args: argparse.Namespace, settings: Settings) -> None:
    from playground.app import Playground

    votes = Playground(settings).votes
    counted = [(model, one) for model in votes.models() for one in votes.tallies(model)]
    if args.json:
        for model, one in counted:
            share = one.share.value if one.share.total else None
            told = {"share": share, "interval": one.share.interval, "p_value": one.p_value}
            print_json({"model": model, **asdict(one), **told})
        return
    if not counted:
        say(
            "No votes yet: tick “Blind” in the page's Ask tab, ask, and say which answer is better."
        )
        return
    print_table(
        (
            *("MODEL", "FIRST", "SECOND", "FIRST BETTER", "SECOND BETTER", "TIE", "BOTH BAD"),
            *("FIRST OF DECIDED (95 %)", "P (SIGN TEST)"),
        ),
        [
            (
                *(model, one.first, one.second, str(one.first_better), str(one.second_better)),
                *(str(one.ties), str(one.both_bad)),
                *(str(one.share) if one.share.total else "-", f"{one.p_value:.3g}"),
            )
            for model, one in counted
        ],
    )
