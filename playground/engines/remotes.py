"""The engines of servers that were asked lately."""

from __future__ import annotations

import threading
from collections import OrderedDict

from playground.engines.base import Engine
from playground.remote import Remote

_MOST = 16  # connections are kept open for so many


class RemoteEngines:
    """One engine a Remote; the least recently used is closed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engines: OrderedDict[Remote, Engine] = OrderedDict()

    def engine(self, remote: Remote) -> Engine:
        """The engine that asks `remote`."""
        from playground.engines.openai import OpenAiEngine  # its package takes a second

        with self._lock:
            if remote not in self._engines:
                self._engines[remote] = OpenAiEngine(remote)
            self._engines.move_to_end(remote)
            if len(self._engines) > _MOST:
                _, oldest = self._engines.popitem(last=False)
                oldest.close()
            return self._engines[remote]
