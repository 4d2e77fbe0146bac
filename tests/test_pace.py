"""How fast work goes, and how long it will take."""

from playground.pace import Pace
from playground.types import Progress


def _pace(*reports, step="embed", total=100):
    pace = Pace()
    for now, done in reports:
        pace.take(Progress(step, "base", done, total), now)
    return pace


def test_rate_and_time_left_are_those_of_the_recent_past():
    pace = _pace((0, 0), (1, 50), (30, 60), (40, 70), (50, 80))
    assert pace.rate == 1.0
    assert pace.seconds_left == 20.0


def test_nothing_is_told_before_it_is_known():
    assert _pace((0, 0)).rate is None
    assert _pace((0, 10), (5, 10)).rate is None  # nothing was done
    assert _pace((3, 0), (3, 10)).rate is None  # in no time
    assert _pace((0, 0), (1, 10), total=None).seconds_left is None


def test_each_step_has_a_pace_of_its_own():
    pace = _pace((0, 0), (1, 90))
    pace.take(Progress("store", "base", 1, 1), 2)
    assert pace.rate is None


def test_more_than_estimated_leaves_no_time():
    assert _pace((0, 0), (1, 120)).seconds_left == 0
