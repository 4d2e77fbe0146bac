"""`playground serve` with an embedder that waits as long as the file in GATE is there."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from playground import bases
from playground.cli.main import main
from playground.retrieval import HashEmbedder


class GatedEmbedder(HashEmbedder):
    """As slow as the test wants it to be."""

    def embed(self, texts, *, kind):
        while kind == "passage" and Path(os.environ["GATE"]).exists():
            time.sleep(0.02)
        return super().embed(texts, kind=kind)


if __name__ == "__main__":
    bases.HashEmbedder = GatedEmbedder
    main(["serve", *sys.argv[1:]])
