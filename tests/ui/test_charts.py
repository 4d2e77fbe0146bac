"""Curves: told apart by more than colour, on round scales, and never markup from outside."""

from __future__ import annotations

import re

import pytest

from playground.ui.charts import Series, chart

EVIL = "<script>alert(1)</script>"


def draw(*series, **options):
    return chart("Loss", series, x_label="step", **options)


def scale(html):
    return [float(n) for n in re.findall(r"style='top:[\d.]+%'>([^<]+)<", html)]


def test_nothing_is_drawn_of_nothing():
    assert draw(Series("training", [])) == ""


def test_the_scale_is_round_and_holds_every_value():
    low_to_high = scale(draw(Series("training", [(1, 5.41), (2, 5.57), (3, 5.48)])))
    assert low_to_high == [5.4, 5.45, 5.5, 5.55, 5.6]
    assert scale(draw(Series("rate", [(1, 0.0002), (2, 0.001)]), from_zero=True))[0] == 0


@pytest.mark.parametrize("value", [0.0, 2.0, -3.0, 1e-9, 1e9])
def test_a_flat_curve_is_drawn_too(value):
    places = re.findall(r"[ML]([\d.-]+) ([\d.-]+)", draw(Series("flat", [(1, value), (2, value)])))
    assert all(0 <= float(y) <= 100 for _, y in places)


def test_curves_differ_in_more_than_colour_and_say_their_values():
    train = Series("training", [(1, 2.0), (9, 1.0)])
    exam = Series("mock exam", [(5, 1.5), (9, 1.25)], "marked")
    html = draw(train, exam, Series("b: training", [(1, 2.5), (9, 0.5)], other=True))
    assert html.count("pg-dot") == 3  # two exams, and one in the legend
    assert "pg-other" in html
    assert "aria-label='Loss. training: 2.000 → 1.000; mock exam: 1.500 → 1.250;" in html
    assert "mock exam <b>1.250</b>" in html


def test_a_long_run_is_drawn_with_fewer_points():
    html = draw(Series("training", [(step, step % 7) for step in range(1, 10_001)]))
    assert len(html) < 10_000
    assert "10,000" in html


def test_names_are_no_markup():
    assert "<script" not in chart(EVIL, [Series(EVIL, [(1, 1.0)])], x_label=EVIL)
