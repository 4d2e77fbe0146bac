"""The engines of one installation: its own, a second one to score with, and those of servers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from functools import cached_property

from playground.engines import choice
from playground.engines.base import Engine, Scorer
from playground.engines.choice import Choice
from playground.engines.fake import FakeEngine
from playground.errors import RemoteCannotScore
from playground.models import FAKE, ModelFiles, locate
from playground.remote import Remote
from playground.settings import Settings
from playground.turns import Turns
from playground.types import Progress

_MOST_REMOTE = 16  # connections are kept open for so many


class EngineRoom:
    """Engines are loaded when they are first needed. All methods may be called from any thread.

    Whoever computes on this machine takes one of its `turns`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loading = threading.RLock()
        self._second: Scorer | None = None
        self._remote: OrderedDict[Remote, Engine] = OrderedDict()
        self.turns = Turns()

    @property
    def choice(self) -> Choice:
        """Which engine answers, and why."""
        if self._settings.base_url:
            return Choice("openai", "server", {"base_url": self._settings.base_url})
        if self._settings.model == FAKE:
            return Choice("fake", "set")
        return choice.choose(self._files, self._settings)

    def prepare(self) -> Iterator[Progress]:
        """Make what the engine of the chosen model needs, once."""
        if self._settings.model != FAKE and not self._settings.base_url:
            yield from choice.prepare(self._files, self._settings)

    @property
    def engine(self) -> Engine:
        """The engine of the chosen model."""
        with self._loading:
            return self._engine

    @cached_property
    def _engine(self) -> Engine:
        settings = self._settings
        if settings.base_url:
            key, window = settings.remote_api_key, settings.context_window
            return self.of(Remote(settings.base_url, settings.model, key, window))
        if settings.model == FAKE:
            return FakeEngine()
        return choice.open_engine(self._files, settings)

    @property
    def scorer(self) -> Scorer:
        """The engine, if it can score; else a second one of the same model that can."""
        settings = self._settings
        with self._loading:
            if isinstance(self._engine, Scorer):
                return self._engine
            if settings.base_url:
                raise RemoteCannotScore(base_url=settings.base_url)
            if self._second is None:
                from playground.engines.transformers import TransformersEngine

                self._second = TransformersEngine(
                    self._files, device=settings.device, dtype=settings.dtype
                )
            return self._second

    def give_back_scorer(self) -> None:
        """Free the second engine, if there is one."""
        with self._loading:
            self._second = None

    def of(self, remote: Remote | None) -> Engine:
        """The engine that asks `remote`; ours if there is none.

        Of those the least recently used is closed when there are many.
        """
        if remote is None:
            return self.engine
        from playground.engines.openai import OpenAiEngine  # its package takes a second

        with self._loading:
            if remote not in self._remote:
                self._remote[remote] = OpenAiEngine(remote)
            self._remote.move_to_end(remote)
            if len(self._remote) > _MOST_REMOTE:
                _, oldest = self._remote.popitem(last=False)
                oldest.close()
            return self._remote[remote]

    @property
    def _files(self) -> ModelFiles:
        return locate(self._settings.model, self._settings.models_dir)
