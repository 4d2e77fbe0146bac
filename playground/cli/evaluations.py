"""`playground evaluations`: what was asked, and how well it was answered."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from playground.cli.flags import add_model_flags, with_model
from playground.cli.output import note, print_json, print_table, say, show_progress
from playground.settings import Settings
from playground.types import Answer

HELP = "List, show, resume or delete evaluations."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="all evaluations, the latest first")
    listing.set_defaults(act=_list)
    for name, act, told in (
        ("show", _show, "figures of an evaluation, and with --answers every answer"),
        ("resume", _resume, "ask what was not asked yet, and what failed again"),
        ("judge", _judge, "let another model say which answers are right"),
        ("plan", _plan, "its plan, to be saved and run again"),
        ("delete", _delete, "forget an evaluation with its answers"),
    ):
        action = actions.add_parser(name, help=told)
        action.add_argument("id", help="as `list` shows it, or `latest`")
        action.set_defaults(act=act)
    actions.choices["show"].add_argument("--answers", action="store_true")
    add_model_flags(actions.choices["judge"], required=True)
    for action in actions.choices.values():
        action.add_argument("--json", action="store_true")


def run(args: argparse.Namespace, settings: Settings) -> int | None:
    from playground.app import Playground

    playground = Playground(settings)
    if getattr(args, "id", None) == "latest":
        args.id = next((found.id for found in playground.evaluations.records.list()), "latest")
    return args.act(args, playground)


def print_asked(asked: Any, *, as_json: bool, multiple_choice: bool) -> None:
    """One answer as it comes: a line for people on stderr, or JSON on stdout."""
    from playground.evaluation import mark

    result, question = asked.result, asked.question
    is_answer = isinstance(result, Answer)
    given = mark(question, result, multiple_choice=multiple_choice) if is_answer else None
    if as_json:
        told: dict[str, Any] = {"language": question.language, "id": question.id}
        told |= {"kind": question.kind, "question": question.question, "mode": asked.mode}
        print_json(told | (_answer(result) | asdict(given) if given else asdict(result)))
        return
    sign = {True: "✓", False: "✗", None: "·"}[given.right if given else None]
    text = result.text.replace("\n", " ")[:60] if is_answer else f"ERROR {result.en}"
    note(f"{asked.done}/{asked.total} {sign} {asked.mode}: {question.question[:50]} → {text}")


def _answer(answer: Answer) -> dict[str, Any]:
    """Without the text of the sources."""
    fields = asdict(answer)
    titles = [source["title"] for source in fields.pop("sources")]
    return fields.pop("metrics") | fields | {"sources": titles}


def print_result(evaluations: Any, id: str) -> None:
    """The tables of one evaluation."""
    from playground.evaluation import judged, known_by_heart, summarise, versus

    answers = evaluations.marked(id)
    say()
    _print_modes(summarise(answers))
    by_heart = known_by_heart(answers)
    if by_heart:
        say(f"\nWithout the {len(by_heart)} questions that base got right with no document:")
        _print_modes(summarise(answers, without=by_heart))
    pairs = versus(answers, without=by_heart)
    if pairs:
        say()
        print_table(
            ("MODES", "BOTH", "ONLY FIRST", "ONLY SECOND", "NEITHER", "P (McNEMAR)"),
            [
                (
                    f"{pair.first} / {pair.second}",
                    *(str(count) for count in asdict(pair.outcome).values()),
                    f"{pair.outcome.p_value:.3g}",
                )
                for pair in pairs
            ],
        )
    _print_retrieval(summarise(answers))
    _print_judged(judged(evaluations.records.verdicts(id)))


def _print_judged(found: list[Any]) -> None:
    if found:
        say()
        rows = [(one.judge, one.mode, str(one.right), str(one.unscored)) for one in found]
        print_table(("JUDGE", "MODE", "RIGHT (95 %)", "NOT SCORED"), rows)


def _print_modes(summaries: list[Any]) -> None:
    kinds = dict.fromkeys(kind for summary in summaries for kind in summary.by_kind)
    chosen = any(one.multiple_choice.total for one in summaries)
    header = ("MODE", "RIGHT (95 %)", *(kind.upper() for kind in kinds), "EM", "F1", "CHARACTERS")
    header += ("MULTIPLE CHOICE (95 %)",) if chosen else ()
    rows = []
    for one in summaries:
        shares = (one.by_kind.get(kind) for kind in kinds)
        choice = str(one.multiple_choice) if one.multiple_choice.total else "-"
        rows.append(
            (
                one.mode,
                str(one.right),
                *(f"{share.count}/{share.total}" if share else "-" for share in shares),
                f"{one.exact_match.value:.3f}" if one.exact_match.total else "-",
                _number(one.f1, "{:.3f}"),
                _number(one.characters, "{:.0f}"),
                *((choice,) if chosen else ()),
            )
        )
    print_table(header, rows)
    say()
    print_table(
        ("MODE", "FIRST TOKEN p50 / p95", "TOTAL p50 / p95", "TOKENS/S", "PROMPT", "FAILED"),
        [
            (
                one.mode,
                _both(one.time_to_first_token, "{:.2f}") + " s",
                _both(one.total_seconds, "{:.2f}") + " s",
                _number(one.tokens_per_second and one.tokens_per_second.p50, "{:.1f}"),
                _number(one.prompt_tokens and one.prompt_tokens.p50, "{:,.0f}"),
                str(one.failed),
            )
            for one in summaries
        ],
    )


def _print_retrieval(summaries: list[Any]) -> None:
    found = [(one.mode, one.retrieval) for one in summaries if one.retrieval]
    if found:
        say()
        header = ("MODE", "QUESTIONS", "HIT@1", "HIT@K", "RECALL@K", "MRR@10", "NDCG@10")
        rows = []
        for mode, told in found:
            count, *figures = asdict(told).values()
            rows.append((mode, str(count), *(f"{figure:.3f}" for figure in figures)))
        print_table(header, rows)


def _both(quantiles: Any, form: str) -> str:
    return f"{form.format(quantiles.p50)} / {form.format(quantiles.p95)}" if quantiles else "-"


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else form.format(value)


def _list(args: argparse.Namespace, playground: Any) -> None:
    evaluations = playground.evaluations
    found = evaluations.records.list()
    if not found and not args.json:
        say("No evaluation yet: `playground evaluate` runs one on the built-in questions.")
        return
    rows = []
    for one in found:
        state = evaluations.state(one.id)
        if args.json:
            told = {"id": one.id, "created": one.created, "done": state.done, "total": state.total}
            told |= {"failed": state.failed, "running": state.running}
            print_json({**told, "plan": asdict(one.plan)})
        when = datetime.fromtimestamp(one.created).strftime("%Y-%m-%d %H:%M")
        count = f"{state.done} of {state.total}"
        running = "running" if state.running else "done" if state.done == state.total else "stopped"
        running += f", {state.failed} failed" if state.failed else ""
        modes = ", ".join(one.plan.modes)
        rows.append((one.id, running, when, count, one.setup.get("model", "-"), modes))
    if not args.json:
        print_table(("EVALUATION", "STATUS", "STARTED", "ANSWERS", "MODEL", "MODES"), rows)


def _show(args: argparse.Namespace, playground: Any) -> None:
    from playground.evaluation import known_by_heart, summarise

    evaluations = playground.evaluations
    found, answers = evaluations.records.get(args.id), evaluations.marked(args.id)
    if args.json:
        by_heart = known_by_heart(answers)
        told = {"id": found.id, "created": found.created, "setup": dict(found.setup)}
        told |= {"plan": asdict(found.plan), "known_by_heart": sorted(by_heart)}
        told["modes"] = [asdict(summary) for summary in summarise(answers)]
        print_json(told)
        return
    print_table(("SETUP", ""), [(name, str(value)) for name, value in found.setup.items()])
    print_result(evaluations, args.id)
    if args.answers:
        _print_answers(answers)


def _print_answers(answers: Any) -> None:
    last = None
    for one in answers:
        if one.question is not last:
            last = one.question
            accepted = " | ".join(last.answers) or "-"
            say(f"\n[{last.language}:{last.id}] {last.question}\n    accepted: {accepted}")
        sign = {True: "✓", False: "✗", None: "·"}[one.mark.right if one.mark else None]
        text = one.answer.text if one.mark else f"ERROR {one.answer.en}"
        say(f"  {sign} {one.mode}: {text}")


def _resume(args: argparse.Namespace, playground: Any) -> int:
    from playground.app import Playground
    from playground.cli.evaluate import follow

    evaluation = playground.evaluations.records.get(args.id)
    models = {k: v for k, v in evaluation.setup.items() if k in ("model", "embedder")}
    playground = Playground(replace(playground.settings, **models))
    show_progress(playground.pull())
    if not evaluation.plan.knowledge:
        show_progress(playground.bases.add_world())
    return follow(playground.evaluations, args.id, as_json=args.json)


def _judge(args: argparse.Namespace, playground: Any) -> None:
    from playground.app import Playground
    from playground.evaluation import judged

    evaluations = playground.evaluations
    evaluations.records.get(args.id)
    judging = Playground(with_model(args, playground.settings))
    show_progress(judging.pull())
    for one, verdict in evaluations.judge(args.id, judging.settings.model, judging.engine):
        sign = {True: "✓", False: "✗", None: "·"}[verdict]
        note(f"{sign} {one.mode}: {one.question.question[:50]}")
    found = judged(evaluations.records.verdicts(args.id))
    if args.json:
        for told in found:
            print_json(asdict(told))
        return
    _print_judged(found)


def _plan(args: argparse.Namespace, playground: Any) -> None:
    say(playground.evaluations.records.get(args.id).plan.to_json().rstrip())


def _delete(args: argparse.Namespace, playground: Any) -> None:
    playground.evaluations.delete(args.id)
    say(f"Deleted evaluation {args.id!r}.")
