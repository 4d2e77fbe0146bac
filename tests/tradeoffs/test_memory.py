"""The memory of this process and of those that it started."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np

from playground.tradeoffs.memory import PeakMemory, resident_bytes

MEGABYTES = 200
HOLD = f"""
import sys
held = bytearray(b"x" * ({MEGABYTES} << 20))
print("holding", flush=True)
sys.stdin.read()
"""


def test_what_was_given_back_counts():
    before = resident_bytes()
    with PeakMemory() as peak:
        held = np.ones(MEGABYTES << 17)  # eight bytes each
        time.sleep(0.5)
        del held
        time.sleep(0.3)
    assert peak.bytes > before + (MEGABYTES << 20) * 0.9
    assert resident_bytes() < peak.bytes - (MEGABYTES << 20) * 0.5


def test_child_processes_count():
    with PeakMemory() as peak:
        before = resident_bytes()
        child = subprocess.Popen(
            [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert child.stdout
        child.stdout.readline()
        time.sleep(0.5)
        child.communicate()
    assert peak.bytes > before + (MEGABYTES << 20) * 0.9


def test_nothing_done_is_what_is_there():
    with PeakMemory() as peak:
        pass
    assert 0 < peak.bytes < 2 * resident_bytes()
