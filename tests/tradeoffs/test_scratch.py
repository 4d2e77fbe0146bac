"""The folder of a measurement: one at a time, and nothing is left of it."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from playground.errors import TrialBusy
from playground.tradeoffs.scratch import scratch_folder

INSIDE = """
import sys
from pathlib import Path
from playground.tradeoffs.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "made").write_text("something")
    print("inside", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another program that measures."""
    process = subprocess.Popen(
        [sys.executable, "-c", INSIDE, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def worker_in(folder):
    """A process that looks like a training's worker."""
    code = "import time; time.sleep(600)"
    return subprocess.Popen([sys.executable, "-c", code, "playground.finetune", str(folder)])


def test_it_is_empty_and_goes_with_all_that_is_in_it(tmp_path):
    with scratch_folder(tmp_path / "new") as folder:
        assert list(folder.iterdir()) == []
        (folder / "deep").mkdir()
        (folder / "deep" / "file").touch()
    assert not folder.exists()


def test_it_goes_after_an_error_too(tmp_path):
    with pytest.raises(ZeroDivisionError), scratch_folder(tmp_path) as folder:
        _ = 1 / 0
    assert not folder.exists()


def test_there_is_one_at_a_time_in_a_process(tmp_path):
    with scratch_folder(tmp_path), pytest.raises(TrialBusy), scratch_folder(tmp_path):
        pass
    with scratch_folder(tmp_path):
        pass


def test_there_is_one_at_a_time_over_processes(tmp_path, other):
    with pytest.raises(TrialBusy), scratch_folder(tmp_path):
        pass
    assert (tmp_path / "trial" / "made").exists()  # which was not touched


def test_what_a_killed_process_left_is_cleared(tmp_path, other):
    other.kill()
    other.communicate()
    assert (tmp_path / "trial" / "made").exists()
    with scratch_folder(tmp_path) as folder:
        assert list(folder.iterdir()) == []


@pytest.mark.parametrize("when", ["before", "inside"])
def test_trainings_in_it_end_with_it(tmp_path, when):
    folder = tmp_path / "trial" / "runs" / "one"
    left = worker_in(folder) if when == "before" else None
    with scratch_folder(tmp_path):
        left = left or worker_in(folder)
        if when == "before":
            left.wait(timeout=10)
    left.wait(timeout=10)


def test_trainings_elsewhere_go_on(tmp_path):
    other = worker_in(tmp_path / "runs" / "one")
    similar = worker_in(tmp_path / "trial-2" / "runs" / "one")
    try:
        with scratch_folder(tmp_path):
            pass
        assert other.poll() is None
        assert similar.poll() is None
    finally:
        for process in (other, similar):
            process.kill()
            process.wait()


def test_it_may_be_left_in_another_thread(tmp_path):
    block = scratch_folder(tmp_path)
    block.__enter__()
    thread = threading.Thread(target=block.__exit__, args=(None, None, None))
    thread.start()
    thread.join()
    with scratch_folder(tmp_path):
        pass
