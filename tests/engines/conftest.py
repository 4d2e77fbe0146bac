"""A tiny real model, and each engine on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.engines.base import Engine
from playground.engines.openvino import OpenVinoEngine
from playground.engines.openvino_prepare import make
from playground.engines.openvino_prepared import Prepared, find
from playground.engines.openvino_processes import Processes
from playground.engines.transformers import TransformersEngine
from playground.models import ModelFiles
from playground.types import Delta, Finish, Message, Reading, Sampling
from tests.tiny import make_model

SHORT = Sampling(max_tokens=12)


def ask(engine, question, sampling=SHORT, adapter=None):
    """The whole answer and its Finish."""
    events = engine.stream((Message("user", question),), sampling, adapter)
    *deltas, finish = (event for event in events if not isinstance(event, Reading))
    assert isinstance(finish, Finish)
    assert all(isinstance(delta, Delta) for delta in deltas)
    return "".join(delta.text for delta in deltas), finish


def files_of(folder: Path) -> ModelFiles:
    return ModelFiles(str(folder), str(folder))


def open_openvino(model: Path, prepared: Prepared, **options) -> OpenVinoEngine:
    return OpenVinoEngine(files_of(model), Processes(prepared, model=str(model), **options))


@pytest.fixture(scope="package")
def model(tmp_path_factory) -> Path:
    return make_model(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture(scope="package")
def prepared(model, tmp_path_factory) -> Prepared:
    """The model as OpenVINO wants it."""
    cache = tmp_path_factory.mktemp("graphs")
    for _ in make(files_of(model), cache):
        pass
    found = find(files_of(model), cache)
    assert found is not None
    return found


@pytest.fixture(params=["transformers", "openvino"], scope="package")
def kind(request) -> str:
    return request.param


@pytest.fixture(scope="package")
def open_tiny(kind, model, request):
    """Opens engines of one kind, and closes them in the end."""
    opened = []

    def open_engine() -> Engine:
        if kind == "transformers":
            return TransformersEngine(files_of(model), device="cpu", dtype="float32")
        opened.append(open_openvino(model, request.getfixturevalue("prepared")))
        return opened[-1]

    yield open_engine
    for engine in opened:
        engine.close()


@pytest.fixture(scope="package")
def tiny(open_tiny) -> Engine:
    """One engine that many tests ask."""
    return open_tiny()
