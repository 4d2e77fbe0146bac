"""`playground adapters`: the trained adapters, and what is done with them after training."""

from __future__ import annotations

import argparse
from pathlib import Path

from playground.cli.output import note, note_error, print_json, print_table, say, show_progress
from playground.errors import AdapterIdle, ModelError, NotAChoice
from playground.settings import Settings
from playground.types import Adapter

HELP = "List, show, rename, delete, export, merge or push trained adapters."
_FORMATS = (".zip", ".gguf")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="the adapters, and what each was trained on")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(act=_list)
    showing = actions.add_parser("show", help="all that is known of one, and how to serve it")
    showing.add_argument("name")
    showing.add_argument("--json", action="store_true")
    showing.set_defaults(act=_show)
    renaming = actions.add_parser("rename", help="call one otherwise")
    renaming.add_argument("name")
    renaming.add_argument("new_name")
    renaming.set_defaults(act=_rename)
    deleting = actions.add_parser("delete", help="delete an adapter")
    deleting.add_argument("name")
    deleting.set_defaults(act=_delete)
    exporting = actions.add_parser(
        "export", help="write one to a file: a .zip of its folder, or a .gguf for llama.cpp"
    )
    exporting.add_argument("name")
    exporting.add_argument("--out", type=Path, required=True, metavar="FILE")
    exporting.set_defaults(act=_export)
    merging = actions.add_parser("merge", help="write its base with it in the weights to a folder")
    merging.add_argument("name")
    merging.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    merging.set_defaults(act=_merge)
    pushing = actions.add_parser("push", help="upload one to the Hugging Face Hub")
    pushing.add_argument("name")
    pushing.add_argument("repo", metavar="OWNER/REPO")
    pushing.add_argument("--private", action="store_true", help="for your eyes only")
    pushing.add_argument("--overwrite", action="store_true", help="into a repository that is there")
    pushing.set_defaults(act=_push)


def run(args: argparse.Namespace, settings: Settings) -> None:
    args.act(args, settings)


def _list(args: argparse.Namespace, settings: Settings) -> None:
    from playground.adapters import Adapters

    adapters = Adapters(settings.adapter_dirs)
    for problem in adapters.problems():
        note(f"skipped: {problem}")
    listed = adapters.list()
    if args.json:
        for adapter in listed:
            print_json({**vars(adapter), "path": str(adapter.path)})
        return
    if not listed:
        say("No adapters yet: `playground finetune ROWS --name NAME` trains one.")
        return
    rows = [
        (
            adapter.name,
            adapter.base_model,
            str(adapter.r),
            str(adapter.training_rows or "-"),
            f"{adapter.training_seconds:.0f}" if adapter.training_seconds else "-",
        )
        for adapter in listed
    ]
    print_table(("NAME", "BASE MODEL", "R", "ROWS", "SECONDS"), rows)


def _show(args: argparse.Namespace, settings: Settings) -> None:
    from playground.adapters.describing import describe
    from playground.adapters.snippets import client_snippet, vllm_command

    adapter = _get(args.name, settings)
    facts = describe(adapter)
    client = client_snippet(f"lora:{adapter.name}")
    try:
        vllm = vllm_command(adapter, models_dir=settings.models_dir)
    except ModelError as error:  # the other facts hold without the base
        note_error(error)
        vllm = ""
    if args.json:
        about = {"name": adapter.name, "path": str(adapter.path), **dict(facts)}
        print_json({**about, "vllm": vllm or None, "client": client})
        return
    print_table((adapter.name.upper(), ""), [*facts, ("path", str(adapter.path))])
    say(f"\nPython, while `playground serve` runs:\n\n{client}")
    if vllm:
        say(f"With vLLM, where the model is called {adapter.name!r}:\n\n{vllm}")


def _rename(args: argparse.Namespace, settings: Settings) -> None:
    from playground.adapters import Adapters

    Adapters(settings.adapter_dirs).rename(args.name, args.new_name)
    say(f"{args.name!r} is now called {args.new_name!r}.")


def _delete(args: argparse.Namespace, settings: Settings) -> None:
    from playground.adapters import Adapters

    Adapters(settings.adapter_dirs).delete(args.name)
    say(f"Deleted adapter {args.name!r}.")


def _export(args: argparse.Namespace, settings: Settings) -> None:
    kind = args.out.suffix.lower()
    if kind not in _FORMATS:
        raise NotAChoice(field="--out", value=args.out.name, choices=" / ".join(_FORMATS))
    adapter = _get(args.name, settings)
    if kind == ".gguf":
        from playground.adapters.gguf_lora import write_gguf

        write_gguf(adapter, args.out, models_dir=settings.models_dir)
    else:
        from playground.adapters.exporting import write_zip

        _note_left_out(write_zip(adapter, args.out))
    say(f"{args.name!r} is in {args.out}.")


def _merge(args: argparse.Namespace, settings: Settings) -> None:
    adapter = _get(args.name, settings)
    from playground.models.merging import merge_adapter

    show_progress(merge_adapter(adapter, args.out, models_dir=settings.models_dir))
    say(f"{args.name!r}, merged into its base, is in {args.out}; it is a model like any other:")
    say(f"PLAYGROUND_MODEL={args.out} playground serve")


def _push(args: argparse.Namespace, settings: Settings) -> None:
    from playground.adapters.exporting import contents_of
    from playground.adapters.publishing import push

    adapter = _get(args.name, settings)
    _note_left_out(contents_of(adapter).left_out)
    note(f"Uploading {adapter.name} …")
    say(push(adapter, args.repo, private=args.private, overwrite=args.overwrite))


def _get(name: str, settings: Settings) -> Adapter:
    """The adapter, and a word on one that does nothing."""
    from playground.adapters import Adapters
    from playground.adapters.effect import check_effect

    adapter = Adapters(settings.adapter_dirs).get(name)
    try:
        check_effect(adapter)
    except AdapterIdle as error:
        note_error(error, about="warning")
    return adapter


def _note_left_out(names: tuple[str, ...]) -> None:
    if names:
        note(f"left out, since nobody needs it to use the adapter: {', '.join(names)}")
