"""A question in several modes as a value: what is known of each answer so far, and of all."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from playground.answering import Event
from playground.evaluation.records import Failed
from playground.modes import AskOptions
from playground.remote import Remote
from playground.types import Answer, Delta, Message, Prompt, Reading

Stage = Literal["open", "answering", "voting", "spoiled", "revealed"]
Status = Literal["idle", "waiting", "reading", "answering", "done", "failed", "stopped"]
NO_VOTE = "none"


@dataclass(frozen=True)
class Pane:
    """The state of one mode's answer; `knowledge` is the base that was asked, for its sources.

    `remote` is the server's model that answers, None for this machine's. `history` are the turns
    before, as this mode answered them. `taught` are the rows and seconds of the adapter's training.
    """

    mode: str
    status: Status = "idle"
    text: str = ""
    adapter: str | None = None
    knowledge: str | None = None
    remote: Remote | None = None
    history: tuple[Message, ...] = ()
    taught: tuple[int, float] | None = None
    prompt: Prompt | None = None
    reading: Reading | None = None
    answer: Answer | None = None
    error: Failed | None = None

    @property
    def is_over(self) -> bool:
        """Nothing more will come."""
        return self.status in ("done", "failed", "stopped")


def advance(pane: Pane, event: Event) -> Pane:
    """The pane after `event`."""
    if isinstance(event, Prompt):
        return replace(pane, status="reading", prompt=event)
    if isinstance(event, Reading):
        return replace(pane, reading=event)
    if isinstance(event, Delta):
        status = "answering" if event.text else pane.status  # or it still thinks
        return replace(pane, status=status, text=pane.text + event.text)
    if isinstance(event, Answer):
        return replace(pane, status="done", text=event.text, answer=event)
    return replace(pane, status="failed", text="", error=Failed.of(event.error))


def stopped(pane: Pane) -> Pane:
    """The pane after the visitor has stopped everything: what is finished stays."""
    return pane if pane.status in ("done", "failed") else replace(pane, status="stopped")


@dataclass(frozen=True)
class Round:
    """One question in several modes, as one visitor sees it; the panes stand as they are shown.

    In a blind one nobody is to know which mode stands where until there is a `choice`: a mode,
    "tie" or "bad" for a Vote, or "none". The `id` is its vote's.
    """

    id: str = ""
    question: str = ""
    panes: tuple[Pane, ...] = ()
    options: AskOptions = field(default_factory=AskOptions)
    blind: bool = False
    choice: str | None = None

    @property
    def stage(self) -> Stage:
        """Names are hidden while a blind round is "answering" or "voting".

        It can be voted on while it is "voting", and never if it was "spoiled": a mode failed or
        was stopped, so that there is nothing fair to compare.
        """
        if not self.blind:
            return "open"
        if self.choice:
            return "revealed"
        if not self.is_over:
            return "answering"
        return "voting" if all(pane.status == "done" for pane in self.panes) else "spoiled"

    @property
    def is_over(self) -> bool:
        """Nothing more will come in any mode."""
        return all(pane.is_over for pane in self.panes)

    @property
    def is_counted(self) -> bool:
        """It was voted on."""
        return self.choice not in (None, NO_VOTE)

    @property
    def modes(self) -> tuple[str, ...]:
        """From left to right."""
        return tuple(pane.mode for pane in self.panes)

    @property
    def model(self) -> str | None:
        """The server's model that answers, None for this machine's."""
        remote = self.panes[0].remote if self.panes else None
        return remote and remote.model

    @property
    def slowest(self) -> float:
        """The longest answer's seconds; 0 while there is none."""
        return max((p.answer.metrics.total_seconds for p in self.panes if p.answer), default=0.0)

    @property
    def longest_prompt(self) -> int:
        """The longest prompt's tokens; 0 while there is none."""
        return max((p.answer.metrics.prompt_tokens for p in self.panes if p.answer), default=0)

    @property
    def histories(self) -> dict[str, tuple[Message, ...]]:
        """By mode, what was said before this question."""
        return {pane.mode: pane.history for pane in self.panes}

    def turns(self, mode: str) -> tuple[Message, ...]:
        """What was said in `mode`, with this question if it was answered there."""
        pane = next((pane for pane in self.panes if pane.mode == mode), None)
        if pane is None:
            return ()
        if pane.status != "done":
            return pane.history
        said = (Message("user", self.question), Message("assistant", pane.text))
        return (*pane.history, *said)

    def after(self, mode: str, event: Event) -> Round:
        """The round after `event` in `mode`."""
        panes = (advance(pane, event) if pane.mode == mode else pane for pane in self.panes)
        return replace(self, panes=tuple(panes))

    def stopped(self) -> Round:
        """The round after the visitor has stopped it."""
        return replace(self, panes=tuple(map(stopped, self.panes)))


def begun(
    question: str,
    modes: Sequence[str],
    *,
    blind: bool,
    adapter: str | None,
    knowledge: str | None,
    chance: random.Random,
    remote: Remote | None = None,
    options: AskOptions = AskOptions(),
    taught: tuple[int, float] | None = None,
    histories: Mapping[str, tuple[Message, ...]] = {},
) -> Round:
    """A round in which nothing has come yet. A blind one, which takes two modes, is shuffled.

    `histories` are what was said before, by mode.
    """
    blind = blind and len(modes) > 1
    shown = chance.sample(modes, len(modes)) if blind else modes
    begin = Pane("", "waiting", adapter=adapter, knowledge=knowledge, remote=remote, taught=taught)
    panes = tuple(replace(begin, mode=mode, history=histories.get(mode, ())) for mode in shown)
    return Round(uuid.uuid4().hex, question, panes, options, blind)
