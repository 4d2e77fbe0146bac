"""Which engine is chosen, and what is said of it."""

from __future__ import annotations

import json
from dataclasses import replace

import psutil
import pytest

from playground.engines.choice import choose, open_engine, prepare
from playground.engines.openvino import OpenVinoEngine
from playground.engines.openvino_prepared import find
from playground.engines.transformers import TransformersEngine
from playground.errors import NotAChoice, NotForOpenVino
from playground.settings import Settings
from tests.engines.conftest import ask, files_of


@pytest.fixture
def settings(tmp_path):
    return Settings(cache_dir=tmp_path, device="cpu")


def declare_unfit(files, settings):
    for _ in prepare(files, settings):
        pass
    found = find(files, settings.graphs_dir)
    assert found is not None
    receipt = found.folder / "receipt.json"
    value = json.loads(receipt.read_text())
    receipt.write_text(json.dumps({**value, "unfit": "only 3 of 12 answers begin alike"}))


def test_a_processor_gets_the_fast_engine_and_hears_why(model, settings):
    files = files_of(model)
    assert "before its first use" in choose(files, settings).text("en")
    engine = open_engine(files, settings)
    assert isinstance(engine, OpenVinoEngine)
    assert ask(engine, "hello")[1].completion_tokens == 12
    engine.close()
    assert "of 12 check answers" in choose(files, settings).text("en")
    assert "12 个核对回答" in choose(files, settings).text("zh")


def test_a_model_that_fails_the_check_runs_on_transformers(model, settings):
    files = files_of(model)
    declare_unfit(files, settings)
    assert isinstance(open_engine(files, settings), TransformersEngine)
    assert "only 3 of 12" in choose(files, settings).text("en")
    with pytest.raises(NotForOpenVino, match="only 3 of 12"):
        open_engine(files, replace(settings, engine="openvino"))


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"engine": "transformers"}, "as set"), ({"dtype": "float32"}, "dtype float32 is set")],
)
def test_settings_decide_first(model, settings, changed, why):
    files, settings = files_of(model), replace(settings, **changed)
    assert choose(files, settings).text("en") == f"transformers ({why})"
    assert isinstance(open_engine(files, settings), TransformersEngine)


def test_another_device_is_for_transformers(model, settings):
    choice = choose(files_of(model), replace(settings, device="meta"))
    assert choice.text("en") == "transformers (the model runs on meta)"


def test_a_model_too_large_to_prepare_is_for_transformers(model, settings, monkeypatch):
    memory = psutil.virtual_memory()._replace(available=1000)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    assert list(prepare(files_of(model), settings)) == []
    assert "GB of memory" in choose(files_of(model), settings).text("en")
    with pytest.raises(NotForOpenVino, match="memory"):
        list(prepare(files_of(model), replace(settings, engine="openvino")))


def test_an_unknown_engine_is_refused_with_the_choices(model, settings):
    with pytest.raises(NotAChoice, match="openvino, transformers"):
        choose(files_of(model), replace(settings, engine="vllm"))
