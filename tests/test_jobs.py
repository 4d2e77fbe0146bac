"""Background jobs: how far they are, how fast, and what came of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from playground.errors import BaseBusy, BaseUnusable, NoText, Unexpected
from playground.jobs import Event, Jobs, JobState
from playground.types import Progress

PATIENCE = 10.0


class Script:
    """Events that come one by one when they are let, at the time that the clock then shows."""

    def __init__(self) -> None:
        self.now = 0.0
        self.jobs = Jobs(clock=lambda: self.now)
        self._events: list[Event | Exception | None] = []
        self._changed = threading.Condition()
        self._taken = 0

    def __iter__(self) -> Iterator[Event]:
        while True:
            with self._changed:
                self._taken += 1
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._events, PATIENCE)
                event = self._events.pop(0)
            if event is None:
                return
            if isinstance(event, Exception) and not isinstance(event, NoText):
                raise event
            yield event

    def say(self, event: Event, *, at: float) -> JobState:
        with self._changed:
            self.now, taken = at, self._taken
            self._events.append(event)
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._taken > taken, PATIENCE)
        state = self.jobs.state("notes")
        assert state
        return state

    def end(self, error: Exception | None = None) -> JobState:
        with self._changed:
            self._events.append(error)
            self._changed.notify_all()
        return finished(self.jobs, "notes")


def finished(jobs: Jobs, key: str) -> JobState:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        state = jobs.state(key)
        if state and state.done:
            return state
        time.sleep(0.005)
    raise AssertionError("the job did not end")


@pytest.fixture
def script() -> Script:
    script = Script()
    script.jobs.start("notes", script)
    with script._changed:
        assert script._changed.wait_for(lambda: script._taken == 1, PATIENCE)
    return script


def test_nothing_is_known_of_a_key_without_jobs():
    assert Jobs().state("notes") is None
    assert Jobs().running() == ()


def test_progress_comes_with_its_rate_and_the_time_left(script):
    state = script.say(Progress("embed", "notes", 0, 100), at=10.0)
    assert (state.rate, state.seconds_left, state.done) == (None, None, False)
    state = script.say(Progress("embed", "notes", 40, 100), at=20.0)
    assert state.progress == Progress("embed", "notes", 40, 100)
    assert state.rate == pytest.approx(4.0)
    assert state.seconds_left == pytest.approx(15.0)
    assert script.jobs.running() == ("notes",)
    script.end()


def test_what_was_there_before_does_not_count_as_speed(script):
    script.say(Progress("embed", "notes", 9_000, 10_000), at=0.0)
    state = script.say(Progress("embed", "notes", 9_010, 10_000), at=1.0)
    assert state.rate == pytest.approx(10.0)
    script.end()


def test_the_rate_is_of_the_recent_past_and_of_the_present_step(script):
    script.say(Progress("read", "a", 1), at=0.0)
    script.say(Progress("read", "b", 101), at=1.0)
    script.say(Progress("embed", "notes", 0, 1000), at=100.0)
    script.say(Progress("embed", "notes", 500, 1000), at=101.0)
    script.say(Progress("embed", "notes", 502, 1000), at=150.0)
    state = script.say(Progress("embed", "notes", 504, 1000), at=152.0)
    assert state.rate == pytest.approx(1.0)
    script.end()


def test_an_unknown_total_leaves_the_time_unknown(script):
    script.say(Progress("read", "a", 1), at=0.0)
    state = script.say(Progress("read", "b", 3), at=1.0)
    assert (state.rate, state.seconds_left) == (2.0, None)
    script.end()


def test_errors_of_files_are_collected_and_the_others_counted(script):
    first, second = NoText(title="a"), NoText(title="b")
    script.say(first, at=0.0)
    script.say(Progress("store", "notes", 7, 7), at=1.0)
    assert script.say(second, at=2.0).errors == (first, second)
    script.say(Progress("index", "notes", 90, 90), at=3.0)
    state = script.end()
    assert (state.done, state.stored, state.errors) == (True, 7, (first, second))
    assert (state.failure, state.rate, state.seconds_left) == (None, None, None)


def test_an_error_that_ends_the_job_is_its_failure(script):
    error = BaseUnusable(folder="x", reason="disk full")
    assert script.end(error).failure is error
    assert script.jobs.running() == ()


def test_a_defect_is_said_plainly(script, caplog):
    failure = script.end(ValueError("no such thing")).failure
    assert isinstance(failure, Unexpected)
    assert "ValueError: no such thing" in failure.text("zh")
    assert "no such thing" in caplog.text


def test_a_job_that_is_stopped_ends_after_what_it_is_doing_and_says_so():
    jobs, closed, reached, go_on = Jobs(), threading.Event(), threading.Event(), threading.Event()

    def events():
        try:
            yield Progress("store", "notes", 1, 3)
            reached.set()
            assert go_on.wait(PATIENCE)
            yield Progress("store", "notes", 2, 3)
            yield Progress("store", "notes", 3, 3)
        finally:
            closed.set()

    jobs.start("notes", events())
    assert reached.wait(PATIENCE)
    jobs.stop("notes")
    state = jobs.state("notes")
    assert state
    assert (state.stopping, state.stopped, state.done) == (True, False, False)
    go_on.set()
    state = finished(jobs, "notes")
    assert (state.stopping, state.stopped, state.stored) == (False, True, 2)
    assert closed.is_set()
    jobs.stop("notes")  # too late, and of no harm
    jobs.stop("letters")
    jobs.start("notes", [])
    assert finished(jobs, "notes") == JobState(done=True)


def test_one_job_a_key_at_a_time_and_others_beside_it(script):
    with pytest.raises(BaseBusy, match="notes"):
        script.jobs.start("notes", [])
    script.jobs.start("letters", [Progress("store", "letters", 1, 1)])
    assert finished(script.jobs, "letters").stored == 1
    script.end()
    script.jobs.start("notes", [])
    assert finished(script.jobs, "notes") == JobState(done=True)


def test_a_running_job_refuses_the_block_and_a_block_refuses_jobs(script):
    with pytest.raises(BaseBusy), script.jobs.idle("notes"):
        pass
    script.end()
    with script.jobs.idle("notes"), pytest.raises(BaseBusy):
        script.jobs.start("notes", [])
    assert script.jobs.state("notes") is None


def test_what_fails_inside_the_block_forgets_nothing(script):
    script.end()
    with pytest.raises(BaseUnusable), script.jobs.idle("notes"):
        raise BaseUnusable(folder="x", reason="y")
    assert script.jobs.state("notes")
    script.jobs.start("notes", [])
