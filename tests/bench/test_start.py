"""Fresh processes, with the embedded model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.bench import start
from playground.bench.figures import Figure
from playground.bench.fresh import environment
from playground.bench.options import BenchOptions
from playground.bench.peers import Bench
from playground.settings import Settings
from tests.bench.test_peers import MACHINE


def test_a_child_has_the_settings_that_it_is_given(tmp_path, monkeypatch):
    settings = Settings(model="fake", data_dir=tmp_path, adapters_dir=None, port=1234)
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PLAYGROUND_ADAPTERS_DIR")
    assert Settings.from_env() == settings


@pytest.mark.embedded
def test_a_fresh_process_answers(models_dir, tmp_path):
    settings = replace(Settings.from_env(), data_dir=tmp_path)
    events = start.measure(Bench(settings, BenchOptions(rounds=1), MACHINE))
    *_, last = (event for event in events if isinstance(event, Figure))
    assert last.name == "first token of a fresh process"
    assert len(last.ours.values) == 1
