from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from playground.errors import (
    ModelFolderIncomplete,
    ModelNotFound,
    ModelNotPulled,
    ModelUnusable,
    PickledWeights,
)
from playground.models import EMBEDDED, ModelFiles, list_models, locate
from playground.models.embedded import WheelModel

RAW, OTHER = (model for model in EMBEDDED if isinstance(model, WheelModel))


@pytest.fixture
def pulled(tmp_path: Path) -> Path:
    """A models folder in which one embedded model is ready."""
    make_model(tmp_path / "models" / RAW.name)
    return tmp_path / "models"


def make_model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for file in ("config.json", "model.safetensors"):
        (folder / file).touch()
    return folder


def test_embedded_names_mean_their_converted_folders(pulled: Path) -> None:
    name = RAW.name
    assert locate(name, pulled) == ModelFiles(name, str(pulled / name))


def test_embedded_models_that_are_not_prepared_name_the_command(pulled: Path) -> None:
    name = OTHER.name
    with pytest.raises(ModelNotPulled, match=f"playground models pull {name}"):
        locate(name, pulled)


def test_list_tells_what_is_ready_and_where(pulled: Path) -> None:
    assert list_models(pulled) == tuple(
        (model, model is RAW, pulled / model.name) for model in EMBEDDED
    )


def test_gguf_file_becomes_folder_and_file(tmp_path: Path) -> None:
    path = tmp_path / "a.Q4_K_M.GGUF"
    path.touch()
    assert locate(str(path), tmp_path) == ModelFiles(str(path), str(tmp_path), path.name)


def test_local_folder_is_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_model(tmp_path / "org" / "name")
    assert locate(str(folder), tmp_path) == ModelFiles(str(folder), str(folder))
    monkeypatch.chdir(tmp_path)
    assert locate("org/name", tmp_path).path == str(Path("org/name"))


def test_sharded_safetensors_are_accepted(tmp_path: Path) -> None:
    (tmp_path / "config.json").touch()
    (tmp_path / "model-00001-of-00002.safetensors").touch()
    assert locate(str(tmp_path), tmp_path).path == str(tmp_path)


@pytest.mark.parametrize(
    ("files", "error", "reason"),
    [
        ([], ModelFolderIncomplete, "config.json"),
        (["adapter_config.json", "adapter.safetensors"], ModelFolderIncomplete, "config.json"),
        (["config.json"], ModelFolderIncomplete, "safetensors"),
        (["config.json", "pytorch_model.bin"], PickledWeights, "pytorch_model.bin"),
    ],
)
def test_folders_without_a_usable_model_are_refused(
    tmp_path: Path, files: list[str], error: type[ModelUnusable], reason: str
) -> None:
    for file in files:
        (tmp_path / file).touch()
    with pytest.raises(error, match=reason):
        locate(str(tmp_path), tmp_path)


@pytest.mark.parametrize("name", ["Qwen/Qwen3-0.6B", "intfloat/multilingual-e5-small", "a_b/c.d"])
def test_hub_ids_pass_untouched(tmp_path: Path, name: str) -> None:
    assert locate(name, tmp_path) == ModelFiles(name, name)


@pytest.mark.parametrize(
    "name", ["", "smollm", "./missing", "/no/such/folder", "a/b/c", "models/x.gguf", "组织/模型"]
)
def test_other_names_say_what_was_tried(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelNotFound, match=EMBEDDED[0].name) as caught:
        locate(name, tmp_path)
    assert "组织/名称" in caught.value.text("zh")


def test_importing_the_room_is_quick() -> None:
    code = "import sys, playground.models; print({'torch', 'transformers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
