"""What the commands print: progress on stderr, results on stdout."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from typing import Any

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
}


def show_progress(events: Iterable[Progress]) -> None:
    """One line a step, rewritten in place on a terminal."""
    last: tuple[str, str] | None = None
    pace = Pace()
    for event in events:
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
    minutes, seconds = divmod(round(pace.seconds_left), 60)
    left = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return f", {pace.rate:,.1f} a second, {left} left"


def say(text: str = "") -> None:
    """A line for people, on stdout."""
    print(text, flush=True)


def say_piece(text: str) -> None:
    """A piece of a line, as it comes."""
    print(text, end="", flush=True)


def note(text: str) -> None:
    """A line for people that is not the result, on stderr."""
    print(text, file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """One JSON object on a line of its own, so that a stream of them is JSON Lines."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def print_table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Columns as wide as their widest cell."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, *rows]:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
