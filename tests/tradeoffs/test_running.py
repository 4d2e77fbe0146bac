"""A trial in the background: started once, watched by anyone, stopped without a trace."""

from __future__ import annotations

import threading
import time

import pytest

from playground.errors import TrialBusy, Unexpected
from playground.tradeoffs import Doing, Measuring, TrialState
from tests.tradeoffs.examples import trial

PATIENCE = 10.0


class Script:
    """A trial that waits at each step until it is let go on."""

    def __init__(self, *steps, ends=None, refuses=None):
        self.steps, self.ends, self.refuses = steps, ends, refuses
        self.go_on = threading.Semaphore(0)
        self.languages, self.closed = [], threading.Event()

    def __call__(self, language):
        if self.refuses:
            raise self.refuses
        self.languages.append(language)
        try:
            yield Doing("prepare", 0, 1)
            for step in self.steps:
                self.go_on.acquire(timeout=PATIENCE)
                yield step
            self.go_on.acquire(timeout=PATIENCE)
            if isinstance(self.ends, Exception):
                raise self.ends
            yield self.ends
        finally:
            self.closed.set()


def wait_until(holds):
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def finished(measuring):
    wait_until(lambda: not measuring.state().running)
    return measuring.state()


STEP = Doing("growth", 2, 6)


def test_the_time_left_follows_the_pace_once_there_is_one():
    def state(step, done, total, seconds):
        return TrialState(running=True, doing=Doing(step, done, total), seconds=seconds)

    assert TrialState(running=True, seconds=9.0).seconds_left is None
    assert state("prepare", 0, 1, 20.0).seconds_left is None
    assert state("answers", 24, 48, 30.0).seconds_left == pytest.approx(79.1, abs=0.1)
    assert state("growth", 6, 6, 120.0).seconds_left == pytest.approx(0.0)


def test_nothing_runs_before_it_is_started():
    state = Measuring(Script()).state()
    assert not state.running
    assert state.doing is None
    assert state.seconds == 0


def test_whoever_looks_sees_how_far_it_is_and_what_came_of_it():
    now = [100.0]
    script = Script(STEP, ends=trial(id="made"))
    measuring = Measuring(script, clock=lambda: now[0])
    measuring.start("zh")
    assert script.languages == ["zh"]
    script.go_on.release()
    wait_until(lambda: measuring.state().doing == STEP)
    now[0] = 130.0
    assert measuring.state().running
    assert measuring.state().seconds == 30.0
    script.go_on.release()
    state = finished(measuring)
    assert (state.trial, state.failure, state.seconds) == ("made", None, 30.0)
    now[0] = 500.0
    assert measuring.state().seconds == 30.0


def test_a_second_start_is_refused_while_one_runs():
    script = Script(STEP, ends=trial())
    measuring = Measuring(script)
    measuring.start("en")
    with pytest.raises(TrialBusy) as refused:
        measuring.start("en")
    assert "already" in refused.value.text("en")
    assert "正在" in refused.value.text("zh")
    assert measuring.state().running
    for _ in range(2):
        script.go_on.release()
    assert finished(measuring).trial
    measuring.start("en")  # now it may
    for _ in range(2):
        script.go_on.release()
    finished(measuring)
    assert script.languages == ["en", "en"]


def test_two_starts_at_the_same_time_make_one_trial():
    script = Script(ends=trial())
    measuring = Measuring(script)
    refused = []

    def start():
        try:
            measuring.start("en")
        except TrialBusy:
            refused.append(True)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 7
    script.go_on.release()
    finished(measuring)
    assert script.languages == ["en"]


def test_what_keeps_it_from_beginning_is_said_at_once():
    script = Script(ends=trial(), refuses=TrialBusy())
    measuring = Measuring(lambda language: (one for one in script(language)))
    with pytest.raises(TrialBusy):
        measuring.start("en")
    assert not measuring.state().running
    script.refuses = None
    measuring.start("en")
    script.go_on.release()
    assert finished(measuring).trial


def test_a_stopped_one_is_closed_and_keeps_nothing():
    script = Script(STEP, STEP, ends=trial())
    measuring = Measuring(script)
    measuring.start("en")
    measuring.stop()
    assert measuring.state().stopping
    assert not script.closed.is_set()  # the present answer is waited for
    script.go_on.release()
    state = finished(measuring)
    assert script.closed.is_set()
    assert (state.trial, state.failure, state.stopping) == ("", None, False)


def test_stopping_what_does_not_run_does_nothing_to_the_next():
    script = Script(ends=trial(id="made"))
    measuring = Measuring(script)
    measuring.stop()
    measuring.start("en")
    script.go_on.release()
    assert finished(measuring).trial == "made"


def test_an_error_is_kept_as_what_came_of_it():
    script = Script(ends=TrialBusy())
    measuring = Measuring(script)
    measuring.start("en")
    script.go_on.release()
    state = finished(measuring)
    assert isinstance(state.failure, TrialBusy)
    assert state.trial == ""


def test_a_defect_is_told_in_both_languages():
    script = Script(ends=ZeroDivisionError("by zero"))
    measuring = Measuring(script)
    measuring.start("en")
    script.go_on.release()
    failure = finished(measuring).failure
    assert isinstance(failure, Unexpected)
    assert "by zero" in failure.text("zh")
