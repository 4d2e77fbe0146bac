"""`playground serve` that waits: to index while the file in GATE is there, and to end an answer
while the one in ANSWER_GATE is."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from playground import bases
from playground.cli.main import main
from playground.engines import room
from playground.engines.fake import FakeEngine
from playground.retrieval import HashEmbedder
from playground.types import Delta


def closed(name):
    return name in os.environ and Path(os.environ[name]).exists()


class GatedEmbedder(HashEmbedder):
    """As slow as the test wants it to be."""

    def embed(self, texts, *, kind):
        while kind == "passage" and closed("GATE"):
            time.sleep(0.02)
        return super().embed(texts, kind=kind)


class GatedEngine(FakeEngine):
    """Goes on and on."""

    def stream(self, messages, sampling, adapter=None):
        while closed("ANSWER_GATE"):
            yield Delta("on ")
            time.sleep(0.05)
        yield from super().stream(messages, sampling, adapter)


if __name__ == "__main__":
    room.FakeEngine = GatedEngine
    bases.HashEmbedder = GatedEmbedder
    main(["serve", *sys.argv[1:]])
