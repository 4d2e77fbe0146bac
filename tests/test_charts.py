"""Curves: told apart by more than colour, on round scales, and never markup from outside."""

from __future__ import annotations

import re

import pytest

from playground.charts import Dot, Series, chart, over_places, scatter, tracks

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


def dot(name="rag", x=2.0, y=0.5, low=0.25, high=0.75, shape="triangle", **changes):
    return Dot(name, f"{y:.0%}", x, y, low, high, shape, **changes)


def scattered(*dots):
    return scatter("Right", dots, x_label="seconds")


def test_dots_stand_where_their_figures_are():
    html = scattered(dot(x=1.0), dot("base", x=10.0, y=0.25, low=0.0, high=1.0, shape="circle"))
    assert re.findall(r"left:([\d.]+)%;top:([\d.]+)%", html) == [("0.0", "50.0"), ("100.0", "75.0")]
    assert "d='M0.0 25.0V75.0'" in html
    assert "d='M100.0 0.0V100.0'" in html
    assert re.findall(r"<span style='left:[\d.]+%'>([^<]+)<", html) == ["1", "2", "5", "10"]


def test_dots_differ_in_more_than_colour_and_say_their_values():
    html = scattered(dot(), dot("rag+lora", hollow=True), dot("base", shape="circle"))
    assert html.count("pg-triangle pg-hollow") == 2  # in the legend, too
    assert html.count("d='M0 -5.5L5.5 4.5H-5.5z'") == 4
    assert "aria-label='Right. rag: 50%; rag+lora: 50%; base: 50%'" in html


@pytest.mark.parametrize(("low", "high"), [(1e-4, 1e-4), (1.0, 1.0), (3e-4, 700.0), (999, 1001)])
def test_any_times_fit_on_the_axis(low, high):
    html = scattered(dot(x=low), dot(x=high))
    places = [float(left) for left in re.findall(r"left:([\d.-]+)%", html)]
    assert all(0 <= place <= 100 for place in places)
    assert 2 <= html.count("V100'") <= 9


def test_no_dots_are_no_chart_and_their_names_no_markup():
    assert scattered() == ""
    assert "<script" not in scatter(EVIL, [dot(EVIL)], x_label=EVIL)


def track(name, **shares):
    return [dot(name, float(x[1:]), y) for x, y in shares.items()]


def test_tracks_join_the_dots_of_each_and_tell_the_first_and_the_last():
    long, rag = track("long", t1000=0.9, t4000=0.5), track("rag", t1000=0.8)
    html = tracks("Growth", [long, rag, []], x_label="tokens")
    assert html.count("pg-joined") == 1
    assert html.count("pg-at") == 3
    assert "long <b>90% → 50%</b>" in html
    assert "aria-label='Growth. long: 1,000 → 90%, 4,000 → 50%; rag: 1,000 → 80%'" in html
    assert tracks("Growth", [[]], x_label="tokens") == ""


def test_tracks_measured_at_the_same_place_do_not_hide_one_another():
    first, second = (track(name, t1000=0.5, t64000=0.5) for name in "ab")
    html = tracks("Growth", [first, second], x_label="tokens")
    places = re.findall(r"pg-at' style='left:([\d.-]+)%", html)
    assert len(places) == len(set(places)) == 4
    assert ">50k<" in html


def test_names_in_tracks_are_no_markup():
    assert "<script" not in tracks(EVIL, [track(EVIL, t1000=0.5)], x_label=EVIL)


# ---------------------------------------------------------------- over places


def test_named_places_stand_evenly_apart_and_are_joined():
    dots = [
        Dot("A", f"{n}/3", place, n / 3, 0.1, 0.9, "square")
        for place, n in ((0, 3), (1, 1), (2, 2))
    ]
    html = over_places("Right", [dots], names=["first", "middle", "<last>"], x_label="where")
    assert re.findall(r"left:([\d.]+)%;top:([\d.]+)%", html) == [
        ("16.67", "0.0"),
        ("50.0", "66.67"),
        ("83.33", "33.33"),
    ]
    assert "<b>3/3 → 1/3 → 2/3</b>" in html
    assert "aria-label='Right. A: first 3/3, middle 1/3, &lt;last&gt; 2/3'" in html
    assert ">&lt;last&gt;</span>" in html
    assert html.count("pg-joined") == 1


def test_a_place_of_which_nothing_is_known_is_left_out():
    last = Dot("A", "1/1", 2, 1.0, 0.2, 1.0, "circle")
    html = over_places("Right", [[last], []], names=["a", "b", "c"], x_label="where")
    assert re.findall(r"left:([\d.]+)%;top", html) == ["83.33"]
    assert over_places("Right", [[]], names=["a"], x_label="where") == ""
