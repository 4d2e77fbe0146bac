"""Vectors, beside the peer's."""

from __future__ import annotations

from dataclasses import replace

from playground.bench.embedding import measure
from playground.bench.figures import Figure, Machine
from playground.bench.options import BenchOptions
from playground.bench.peers import Bench
from playground.settings import Settings


def test_questions_and_passages_are_measured_once_a_round(tmp_path):
    settings = replace(Settings(), embedder="fake", data_dir=tmp_path)
    machine = Machine("any", 2, 1.0, None, 1.0, 0.0)
    events = list(measure(Bench(settings, BenchOptions(rounds=2), machine)))
    figures = [event for event in events if isinstance(event, Figure)]
    assert [figure.unit for figure in figures] == ["s", "passages/s"]
    assert all(len(figure.ours.values) == 2 for figure in figures)
    assert all(value > 0 for figure in figures for value in figure.ours.values)
    assert not any(figure.peers for figure in figures)  # nothing to compare a hash with
