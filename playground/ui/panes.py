"""One column of the Ask tab as a value: what is known of one mode's answer so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from playground.answering import Event
from playground.errors import PlaygroundError
from playground.types import Answer, Delta, Prompt


@dataclass(frozen=True)
class Pane:
    """The state of one mode's column; `knowledge` is the base that was asked, for its sources."""

    mode: str
    status: Literal["idle", "waiting", "reading", "answering", "done", "failed", "stopped"] = "idle"
    text: str = ""
    adapter: str | None = None
    knowledge: str | None = None
    prompt: Prompt | None = None
    answer: Answer | None = None
    error: PlaygroundError | None = None


def advance(pane: Pane, event: Event) -> Pane:
    """The pane after `event`."""
    if isinstance(event, Prompt):
        return replace(pane, status="reading", prompt=event)
    if isinstance(event, Delta):
        return replace(pane, status="answering", text=pane.text + event.text)
    if isinstance(event, Answer):
        return replace(pane, status="done", text=event.text, answer=event)
    return replace(pane, status="failed", text="", error=event.error)


def stopped(pane: Pane) -> Pane:
    """The pane after the visitor has stopped everything: what is finished stays."""
    return pane if pane.status in ("done", "failed") else replace(pane, status="stopped")
