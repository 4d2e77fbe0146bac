"""`python -m playground.finetune RUN_FOLDER`: trains one run, then lets the next one begin."""

from __future__ import annotations

import sys
from pathlib import Path

from playground.finetune import Runs, worker

if __name__ == "__main__":
    run = Path(sys.argv[1])
    status = worker.main(run)
    Runs(run.parent).advance()
    sys.exit(status)
