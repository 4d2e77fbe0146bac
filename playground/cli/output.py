"""What the commands print: progress on stderr, results on stdout."""

from __future__ import annotations

import json
import locale
import os
import sys
import time
from collections.abc import Iterable
from typing import Any, TypeVar

from playground.errors import PlaygroundError
from playground.pace import Pace
from playground.types import Progress

_STEPS = {
    "download": "Downloading",
    "convert": "Converting",
    "read": "Reading",
    "embed": "Embedding",
    "store": "Storing",
    "index": "Indexing",
    "ask": "Asking",
    "encode": "Reading the rows as",
    "load": "Loading the model for",
    "try": "Trying steps of",
}
Result = TypeVar("Result")


def show_progress(events: Iterable[Progress | Result]) -> Result | None:
    """One line a step, rewritten in place on a terminal; what came of it, if anything is given."""
    last: tuple[str, str] | None = None
    pace = Pace()
    result: Result | None = None
    for event in events:
        if not isinstance(event, Progress):
            result = event
            continue
        step = (event.step, event.subject)
        pace.take(event, time.monotonic())
        if sys.stderr.isatty():
            line = _line(event) + _pace(pace)
            sys.stderr.write(("\n" if last and last != step else "\r") + line + "\x1b[K")
        elif step != last:
            sys.stderr.write(_line(event) + "\n")
        sys.stderr.flush()
        last = step
    if last and sys.stderr.isatty():
        sys.stderr.write("\n")
    return result


def _line(event: Progress) -> str:
    name = f"{_STEPS[event.step]} {event.subject}"
    if event.step == "download":
        megabytes = f"{event.done / 1e6:.0f}"
        total = f" of {event.total / 1e6:.0f}" if event.total else ""
        return f"{name} … {megabytes}{total} MB" if event.done else f"{name} …"
    return f"{name} … {event.done} of {event.total}" if event.total else f"{name} …"


def _pace(pace: Pace) -> str:
    if pace.rate is None or not pace.seconds_left:
        return ""
    return f", {pace.rate:,.1f} a second{time_left(pace.seconds_left)}"


def time_left(seconds: float | None) -> str:
    """As ", 1 min 5 s left"; nothing where it is not known."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f", {f'{minutes} min {rest} s' if minutes else f'{rest} s'} left"


def say(text: str = "") -> None:
    """A line for people, on stdout."""
    print(text, flush=True)


def say_piece(text: str) -> None:
    """A piece of a line, as it comes."""
    print(text, end="", flush=True)


def note(text: str) -> None:
    """A line for people that is not the result, on stderr."""
    print(text, file=sys.stderr, flush=True)


def note_error(error: PlaygroundError, *, about: str = "") -> None:
    """An error, in the language of the system."""
    name = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    is_chinese = name.lower().startswith(("zh", "chinese"))
    note((f"{about}: " if about else "") + error.text("zh" if is_chinese else "en"))


def show_passing(text: str) -> None:
    """A line that the next one takes the place of, for people who watch a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text}\x1b[K")
        sys.stderr.flush()


def print_json(value: Any) -> None:
    """One JSON object on a line of its own, so that a stream of them is JSON Lines."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def print_table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Columns as wide as their widest cell."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, *rows]:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
