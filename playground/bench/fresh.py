"""What is measured in a process of its own: `python -m playground.bench.fresh TASK NAME`."""

from __future__ import annotations

import os
import sys
from dataclasses import fields
from typing import Any

from playground.bench.peers import (
    LLAMA,
    OURS,
    TRANSFORMERS,
    open_ours,
    open_transformers,
    own_data,
)
from playground.settings import SHARED_PROCESSOR, Settings
from playground.types import Message


def environment(settings: Settings) -> dict[str, str]:
    """The environment of a child that is to have these settings, as the command line has it."""
    given = {f.name: getattr(settings, f.name) for f in fields(settings)}
    told = {f"PLAYGROUND_{name.upper()}": str(value) for name, value in given.items() if value}
    return {**SHARED_PROCESSOR, **os.environ, **told}


def command_of(task: str, name: str) -> tuple[str, ...]:
    """The command that does `task` in a fresh process."""
    return (sys.executable, "-m", "playground.bench.fresh", task, name)


def first_token(name: str) -> None:
    """Say so when the first token of the contestant called `name` has come."""
    settings = Settings.from_env()
    if name == LLAMA:  # reads text by itself: our tokenizer would cost it seconds
        from playground.bench.llama_process import LlamaProcess, gguf_file

        contestant = LlamaProcess(gguf_file(settings), patient=True)
        events = contestant.ask("Hi", 1)
    else:
        contestant = {OURS: open_ours, TRANSFORMERS: open_transformers}[name](settings)
        events = contestant.stream((Message("user", "Hi"),), 1)
    _say(type(next(events)).__name__)
    for _ in events:  # its threads end by themselves
        pass
    contestant.close()


def memory(adapter: str) -> None:
    """Use every kind of mode once, then say how many bytes are resident, children included."""
    import psutil

    with own_data(Settings.from_env()) as settings:
        used = _use_everything(settings, adapter)
        process = psutil.Process()
        total = sum(_resident(one) for one in (process, *process.children(recursive=True)))
        used.engine.close()
    _say(str(total))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _resident(process: Any) -> int:
    """What would come free: shared pages by their share, where the system tells."""
    info = process.memory_full_info()
    return getattr(info, "pss", 0) or getattr(info, "uss", 0) or info.rss


def _use_everything(settings: Settings, adapter: str) -> Any:
    from playground.answering import Failure
    from playground.app import Playground
    from playground.modes import AskOptions
    from playground.world import BASE_NAMES

    playground = Playground(settings)
    for _ in playground.bases.add_world():
        pass
    for _, event in playground.compare(
        "How much does the night pass cost?",
        modes=["base", "long-context", "rag", "lora"],
        knowledge=BASE_NAMES["en"],
        adapter=adapter,
        options=AskOptions(max_tokens=16),
    ):
        if isinstance(event, Failure):
            raise event.error
    return playground


_TASKS = {"first-token": first_token, "memory": memory}

if __name__ == "__main__":
    _TASKS[sys.argv[1]](sys.argv[2])
