from __future__ import annotations

from pathlib import Path

import pytest

from playground.models import EMBEDDED, EmbeddedModel, find_embedded
from playground.models.embedded import MergedModel, WheelModel
from playground.settings import Settings


def test_the_table_is_consistent() -> None:
    assert len({model.name for model in EMBEDDED}) == len(EMBEDDED)
    for model in EMBEDDED:
        assert find_embedded(model.name) is model
        assert model.description("en") != model.description("zh")
        if isinstance(model, WheelModel):
            assert len(bytes.fromhex(model.sha256)) == 32
            assert "==" in model.wheel
        elif isinstance(model, MergedModel):
            assert model.base in EMBEDDED
            assert (model.adapter / "adapter_model.safetensors").stat().st_size < 12_000_000


def test_the_default_model_is_an_embedded_one_that_can_read() -> None:
    model = find_embedded(Settings().model)
    assert isinstance(model, MergedModel)
    assert model.adapter.name == "reader"


def test_unknown_names_are_not_embedded() -> None:
    assert find_embedded("nothing") is None


def test_a_folder_without_weights_is_not_ready(tmp_path: Path) -> None:
    model = next(model for model in EMBEDDED if isinstance(model, WheelModel))
    assert not model.is_ready(tmp_path)
    model.folder(tmp_path).mkdir()
    (model.folder(tmp_path) / "config.json").touch()
    assert not model.is_ready(tmp_path)


@pytest.mark.embedded
@pytest.mark.parametrize("model", EMBEDDED, ids=lambda model: model.name)
def test_room_needed_is_not_understated(models_dir: Path, model: EmbeddedModel) -> None:
    files = model.folder(models_dir).rglob("*")
    assert sum(file.stat().st_size for file in files) < model.megabytes * 1_000_000
