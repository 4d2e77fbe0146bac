"""What one visitor asks: a round goes on in the background, whoever watches it, or nobody."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

from playground.answering import Event
from playground.app import Playground
from playground.comparisons import Asked, Comparisons
from playground.errors import PlaygroundError
from playground.modes import MODES, AskOptions
from playground.remote import Remote
from playground.rounds import Round, begun
from playground.types import Message

_log = logging.getLogger(__name__)
_MINUTE_SECONDS = 60.0
_DRAW_SECONDS = 0.1  # who watches sees no more than so many states


class Asking:
    """The rounds of one visitor, of whom one goes on at most. Any thread may call."""

    def __init__(self, playground: Playground, kept: Comparisons, visitor: str) -> None:
        self._playground = playground
        self._kept = kept
        self._visitor = visitor
        self._changed = threading.Condition()
        self._round = Round()
        self._asked: deque[float] = deque()  # when, in the last minute

    @property
    def now(self) -> Round:
        """The round that goes on, or was the last."""
        with self._changed:
            return self._round

    def ask(
        self,
        question: str,
        *,
        modes: Sequence[str],
        knowledge: str | None = None,
        adapter: str | None = None,
        options: AskOptions = AskOptions(),
        remote: Remote | None = None,
        blind: bool = False,
        follows: Round | None = None,
    ) -> Round:
        """Begin a round, and stop the one before it. It may go on from what another answered.

        Raises:
            EmptyQuestion, NoModeChosen, UnknownName: nothing is begun.
            OverQuota: a visitor may not, or not yet.
        """
        histories = {mode: follows.turns(mode) for mode in modes} if follows else {}
        return self._begin(
            question,
            modes,
            knowledge=knowledge,
            adapter=adapter,
            options=options,
            remote=remote,
            blind=blind,
            histories=histories,
        )

    def again(self, round: Round, *, remote: Remote | None = None) -> Round:
        """Ask once more what `round` asked, in the same talk.

        Where chance has a part in the answers, the seed is the next one.

        Raises:
            What `ask` raises.
        """
        options, first = round.options, round.panes[0]
        if options.temperature > 0:
            options = replace(options, seed=(options.seed + 1) % 2**31)
        return self._begin(
            round.question,
            round.modes,
            knowledge=first.knowledge,
            adapter=first.adapter,
            options=options,
            remote=remote,
            blind=round.blind,
            histories=round.histories,
        )

    def _begin(
        self,
        question: str,
        modes: Sequence[str],
        *,
        knowledge: str | None,
        adapter: str | None,
        options: AskOptions,
        remote: Remote | None,
        blind: bool,
        histories: Mapping[str, tuple[Message, ...]],
    ) -> Round:
        self._check(options)
        ordered = [mode for mode in MODES if mode in modes]
        round = begun(
            question.strip(),
            ordered,
            blind=blind,
            adapter=adapter,
            knowledge=knowledge,
            chance=random.Random(),
            remote=remote,
            options=options,
            taught=self._taught(adapter),
            histories=histories,
        )
        events = self._playground.compare(
            question,
            modes=ordered,
            knowledge=knowledge,
            adapter=adapter,
            options=options,
            remote=remote,
            histories=round.histories,
        )
        with self._changed:
            self._round = round
            self._changed.notify_all()
        answering = threading.Thread(target=self._run, args=(round, events), daemon=True)
        answering.start()
        return round

    def stop(self) -> Round:
        """The round that went on, as it is left."""
        with self._changed:
            self._round = self._round.stopped()
            self._changed.notify_all()
            return self._round

    def follow(self) -> Iterator[Round]:
        """The present round as it comes, until it is over or another has begun."""
        seen = self.now
        yield seen
        while not seen.is_over:
            time.sleep(_DRAW_SECONDS)
            known = self._after(seen)
            if known.id != seen.id:
                return
            seen = known
            yield seen

    def show(self, round: Round) -> None:
        """Let `round`, which is over, be the present one."""
        with self._changed:
            self._round = round
            self._changed.notify_all()

    # ------------------------------------------------------------ what was asked before

    def keep(self, round: Round) -> None:
        """Keep `round` among those that were; one that cannot be kept was still answered."""
        try:
            self._kept.put(self._visitor, round)
        except PlaygroundError as error:
            _log.warning("a comparison is not kept: %s", error)

    def before(self) -> tuple[Asked, ...]:
        """What was asked, the latest first."""
        return self._kept.list(self._visitor)

    def get(self, id: str) -> Round:
        """Raises UnknownName: nothing of this id was asked."""
        return self._kept.get(self._visitor, id)

    def forget(self) -> None:
        """Forget what was asked."""
        self._kept.forget(self._visitor)

    def _after(self, seen: Round) -> Round:
        """The present round, as soon as it is another than `seen`."""
        with self._changed:
            self._changed.wait_for(lambda: self._round is not seen)
            return self._round

    def _check(self, options: AskOptions) -> None:
        quota, now = self._playground.quota, time.monotonic()
        if quota is None:
            return
        quota.check(max_tokens=options.max_tokens)
        while self._asked and now - self._asked[0] > _MINUTE_SECONDS:
            self._asked.popleft()
        quota.check(questions_per_minute=len(self._asked) + 1)
        self._asked.append(now)

    def _taught(self, adapter: str | None) -> tuple[int, float] | None:
        """Rows and seconds of its training, where they are known."""
        found = {one.name: one for one in self._playground.adapters.list()}.get(adapter or "")
        if found is None or found.training_rows is None or found.training_seconds is None:
            return None
        return found.training_rows, found.training_seconds

    def _run(self, round: Round, events: Generator[tuple[str, Event], None, None]) -> None:
        with closing(events):  # who stops gives up the turn
            for mode, event in events:
                with self._changed:
                    if self._round.id != round.id or self._round.is_over:
                        break
                    round = self._round = self._round.after(mode, event)
                    self._changed.notify_all()
        self.keep(round.stopped())
