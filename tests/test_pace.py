"""How fast work goes, and how long it will take."""

import pytest

from playground.pace import Pace, ReadingPace
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


def left(pace, cost, total, *, upto):
    """What is said after steps of 128 tokens up to `upto`, where reading n takes `cost(n)`."""
    return [pace.seconds_left(n, total, cost(n)) for n in range(128, upto + 1, 128)][-1]


@pytest.mark.parametrize("upto", [512, 1024, 6400])
def test_each_token_of_a_prompt_takes_longer_to_read_than_the_one_before(upto):
    def cost(n):
        return 0.0015 * n + 0.3e-6 * n * n

    expected = cost(7854) - cost(upto)
    assert left(ReadingPace(), cost, 7854, upto=upto) == pytest.approx(expected)


def test_reading_that_becomes_faster_is_not_taken_to_become_faster_still():
    found = left(ReadingPace(), lambda n: 0.001 * n**0.9, 4096, upto=1024)
    assert found == pytest.approx(3072 * 0.001 * (1024**0.9 - 640**0.9) / 384)


def test_reading_that_begins_anew_is_told_anew():
    pace = ReadingPace()
    left(pace, lambda n: 0.001 * n, 7854, upto=6400)
    assert pace.seconds_left(256, 7854, 7.0) is None
    assert [pace.seconds_left(256 + n, 7854, 7.0 + n / 100) for n in (100, 200, 300)][-1] == (
        pytest.approx(72.98)
    )


def test_little_that_was_read_tells_nothing():
    assert left(ReadingPace(), float, 4096, upto=384) is None
