"""What a run has said: whole lines, and what still holds of it after it went on."""

from __future__ import annotations

import pytest

from playground.dataset.rows import Problem, Reason
from playground.finetune.events import (
    Answered,
    Failed,
    Finished,
    Resumed,
    Sample,
    Started,
    Step,
    Stopped,
    Validation,
    append_event,
    history,
    read_events,
)

STARTED = Started(9, 10, 1, 100, 20, 8, "cpu", "float32", (Problem(3, Reason("long", "太长")),))


def step(number):
    return Step(number, 9, number / 3, 0.5, 1e-3, 10.0, 1.0, 2.0, 3)


EVENTS = [
    STARTED,
    Answered("before", 0, "闫英英😀 \u2028 \ufffd", True),
    step(1),
    Validation(1, 0.4),
    Sample(1, "Which?", "That."),
    Answered("after", 0, "It is 1.", False),
    Finished("facts", 3.0, 0.1, None, kept_step=1),
    Stopped(None, 1, 2.0),
    Failed("why", "为什么"),
    Resumed(1),
]


def test_events_are_read_as_they_were_written(tmp_path):
    file = tmp_path / "events.jsonl"
    assert read_events(file) == ()
    for event in EVENTS:
        append_event(file, event)
    assert list(read_events(file)) == EVENTS


@pytest.mark.parametrize("kept", [1, 20, 60])
def test_half_a_line_of_a_killed_process_spoils_neither_those_before_nor_after(tmp_path, kept):
    file = tmp_path / "events.jsonl"
    append_event(file, step(1))
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:kept])
    assert read_events(file) == (step(1),)
    append_event(file, step(2))
    assert read_events(file) == (step(1), step(2))


def test_an_event_of_before_memory_was_measured_is_still_read(tmp_path):
    file = tmp_path / "events.jsonl"
    append_event(file, step(1))
    file.write_text(file.read_text().replace(', "memory_bytes": 3', ""))
    assert read_events(file)[0].memory_bytes == 0


def test_where_a_run_goes_on_what_came_after_is_forgotten():
    before = Answered("before", 0, "?", True)
    said = [
        STARTED,
        before,
        *(step(1), Validation(1, 0.4), step(2), step(3), Validation(3, 0.3)),
        Answered("after", 0, "!", True),
        Stopped("facts", 3, 1.0),
        Resumed(1),
        STARTED,
        *(step(2), step(3)),
    ]
    kept = [before, step(1), Validation(1, 0.4), Resumed(1), STARTED, step(2), step(3)]
    assert list(history(said)) == kept


def test_a_run_that_begins_anew_keeps_only_its_first_answers():
    before = Answered("before", 0, "?", True)
    assert history([STARTED, before, step(1), Resumed(0)]) == (STARTED, before, Resumed(0))
