"""Adapters on disk: listed without loading, refused with a reason, never unpickled."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import save_file

from playground.adapters import Adapters, check_adapter
from playground.adapters.store import check_name, check_start
from playground.errors import (
    AdapterFileMissing,
    AdapterMismatch,
    AdapterNameInvalid,
    AdapterNameTaken,
    AdapterNotLora,
    AdapterPickled,
    AdapterSettingsDiffer,
    AdapterShipped,
    AdapterUnreadable,
    AdapterUnrenamable,
    UnknownName,
)
from playground.finetune import TrainConfig
from playground.settings import SHIPPED_ADAPTERS

CONFIG = {"peft_type": "LORA", "base_model_name_or_path": "some/model", "r": 4}


def make(folder, config=CONFIG):
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text(json.dumps(config))
    save_file({"lora_A": np.ones((4, 2), dtype="float32")}, folder / "adapter_model.safetensors")
    return folder


def test_adapters_of_all_folders_are_listed_and_the_first_of_a_name_counts(tmp_path):
    make(tmp_path / "mine" / "b")
    make(tmp_path / "mine" / ".b.new")
    make(tmp_path / "shipped" / "a")
    make(tmp_path / "shipped" / "b")
    adapters = Adapters([tmp_path / "mine", tmp_path / "shipped", tmp_path / "absent"])
    assert [adapter.name for adapter in adapters.list()] == ["a", "b"]
    found = adapters.get("b")
    assert (found.path, found.base_model, found.r) == (tmp_path / "mine" / "b", "some/model", 4)
    assert found.training_rows is None


def test_what_the_training_took_is_told_where_it_is_known(tmp_path):
    record = {"training_rows": 48, "seconds": 51.5}
    (make(tmp_path / "a") / "training.json").write_text(json.dumps(record))
    (adapter,) = Adapters([tmp_path]).list()
    assert (adapter.training_rows, adapter.training_seconds) == (48, 51.5)


def break_it(folder, damage):
    weights = folder / "adapter_model.safetensors"
    if damage == "no config":
        (folder / "adapter_config.json").unlink()
    elif damage == "config":
        (folder / "adapter_config.json").write_text("{")
    elif damage == "no base":
        (folder / "adapter_config.json").write_text('{"peft_type": "LORA", "r": 4}')
    elif damage == "kind":
        (folder / "adapter_config.json").write_text('{"peft_type": "IA3"}')
    elif damage == "rank":
        (folder / "adapter_config.json").write_text(json.dumps({**CONFIG, "r": 8}))
    elif damage == "no weights":
        weights.unlink()
    elif damage == "truncated":
        weights.write_bytes(weights.read_bytes()[:-4])
    elif damage == "bin":
        weights.rename(folder / "adapter_model.bin")


@pytest.mark.parametrize(
    ("damage", "error", "said"),
    [
        ("no config", AdapterFileMissing, "adapter_config.json"),
        ("config", AdapterUnreadable, "adapter_config.json"),
        ("no base", AdapterUnreadable, "base_model_name_or_path"),
        ("kind", AdapterNotLora, "IA3"),
        ("rank", AdapterUnreadable, "r 8.*rank 4"),
        ("no weights", AdapterFileMissing, "adapter_model.safetensors"),
        ("truncated", AdapterUnreadable, "adapter_model.safetensors"),
        ("bin", AdapterPickled, "adapter_model.bin"),
    ],
)
def test_a_broken_adapter_is_skipped_with_its_reason_and_can_be_deleted(
    tmp_path, damage, error, said
):
    break_it(make(tmp_path / "broken"), damage)
    make(tmp_path / "whole")
    adapters = Adapters([tmp_path])
    assert [adapter.name for adapter in adapters.list()] == ["whole"]
    (problem,) = adapters.problems()
    assert isinstance(problem, error)
    with pytest.raises(error, match=f"'broken'.*{said}"):
        adapters.get("broken")
    adapters.delete("broken")
    assert not adapters.problems()


class Bomb:
    def __reduce__(self):
        return (open, ("exploded", "w"))


def test_a_planted_pickle_is_never_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = make(tmp_path / "adapters" / "evil")
    for name in ("adapter_model.bin", "adapter_model.safetensors", "training.json"):
        (folder / name).write_bytes(pickle.dumps(Bomb()))
    adapters = Adapters([tmp_path / "adapters"])
    assert not adapters.list()
    with pytest.raises(AdapterUnreadable):
        adapters.get("evil")
    assert not (tmp_path / "exploded").exists()


def test_an_adapter_of_another_model_is_refused_by_both_names(tmp_path):
    make(tmp_path / "a")
    adapter = Adapters([tmp_path]).get("a")
    check_adapter(adapter, "some/model")
    with pytest.raises(AdapterMismatch, match=r"some/model.*other/model"):
        check_adapter(adapter, "other/model")


@pytest.mark.parametrize(("option", "value"), [("r", 8), ("lora_alpha", 16), ("lora_dropout", 0.1)])
def test_training_goes_on_only_with_the_settings_it_began_with(tmp_path, option, value):
    settings = {"r": 4, "lora_alpha": 8, "lora_dropout": 0.0}
    make(tmp_path / "a", {**CONFIG, **settings})
    adapter = Adapters([tmp_path]).get("a")
    check_start(adapter, "some/model", vars(TrainConfig(**settings)))
    with pytest.raises(AdapterMismatch):
        check_start(adapter, "other/model", vars(TrainConfig(**settings)))
    wanted = f"{option} {value}: it was made with {option} {settings[option]}"
    with pytest.raises(AdapterSettingsDiffer, match=wanted):
        check_start(adapter, "some/model", vars(TrainConfig(**{**settings, option: value})))


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_a_renamed_adapter_is_the_same_and_its_papers_know_the_name(tmp_path, ending):
    folder = shutil.copytree(SHIPPED_ADAPTERS / "halden-facts", tmp_path / "halden-facts")
    for paper in ("README.md", "training.json"):
        written = (folder / paper).read_bytes().replace(b"\n", ending)
        (folder / paper).write_bytes(written)
    before = contents(folder)
    adapters = Adapters([tmp_path])
    adapters.rename("halden-facts", "my-facts")
    assert [adapter.name for adapter in adapters.list()] == ["my-facts"]
    after = contents(tmp_path / "my-facts")
    assert json.loads(after["training.json"])["name"] == "my-facts"
    assert b"# my-facts" + ending in after["README.md"]
    # Once each: the file that it was trained on, for one, keeps its name.
    assert after == before | {
        "training.json": before["training.json"].replace(b"halden-facts", b"my-facts", 1),
        "README.md": before["README.md"].replace(b"# halden-facts", b"# my-facts", 1),
    }


def test_papers_from_elsewhere_are_left_as_they_are(tmp_path):
    folder = make(tmp_path / "a")
    (folder / "README.md").write_bytes("# 适配器 a\n".encode("gb18030"))
    (folder / "training.json").write_text("[")
    before = contents(folder)
    Adapters([tmp_path]).rename("a", "b")
    assert contents(tmp_path / "b") == before


def test_a_taken_name_is_refused_with_a_free_one_and_nothing_changes(tmp_path):
    make(tmp_path / "mine" / "a")
    make(tmp_path / "mine" / "b")
    make(tmp_path / "shipped" / "c")
    make(tmp_path / "shipped" / "c-2")
    adapters = Adapters([tmp_path / "mine", tmp_path / "shipped"])
    with pytest.raises(AdapterNameTaken, match=r"'b'.*'b-2'"):
        adapters.rename("a", "b")
    with pytest.raises(AdapterNameTaken, match=r"'c'.*'c-3'"):
        adapters.rename("a", "c")
    (tmp_path / "mine" / "file").touch()
    with pytest.raises(AdapterNameTaken, match=r"'file'.*'file-2'"):
        adapters.rename("a", "file")
    with pytest.raises(AdapterNameInvalid):
        adapters.rename("a", "../d")
    with pytest.raises(UnknownName, match="'d'"):
        adapters.rename("d", "e")
    assert [adapter.name for adapter in adapters.list()] == ["a", "b", "c", "c-2"]


def test_what_comes_with_the_program_keeps_its_name(tmp_path):
    make(tmp_path / "shipped" / "c")
    adapters = Adapters([tmp_path / "mine", tmp_path / "shipped"])
    with pytest.raises(AdapterShipped, match=r"shipped/c to .*mine/d"):
        adapters.rename("c", "d")
    with pytest.raises(AdapterShipped, match="'reader'"):  # in a checkout, beside the user's own
        Adapters([SHIPPED_ADAPTERS]).rename("reader", "mine")
    assert (SHIPPED_ADAPTERS / "reader").is_dir()


def test_a_rename_that_the_disk_does_not_allow_changes_nothing(tmp_path):
    folder = shutil.copytree(SHIPPED_ADAPTERS / "halden-facts", tmp_path / "a")
    (folder / ".README.md.new" / "in the way").mkdir(parents=True)
    papers = [(folder / name).read_bytes() for name in ("README.md", "training.json")]
    with pytest.raises(AdapterUnrenamable, match="'a'"):
        Adapters([tmp_path]).rename("a", "b")
    assert [(folder / name).read_bytes() for name in ("README.md", "training.json")] == papers
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("name", ["../a", "adapters/a", "", ".", "A"])
def test_a_path_is_not_a_name(tmp_path, name):
    kept = make(tmp_path / "adapters" / "a")
    make(tmp_path / "a")
    with pytest.raises(UnknownName):
        Adapters([tmp_path / "adapters"]).delete(name)
    assert kept.exists()


@pytest.mark.parametrize("name", ["a", "my-facts", "qwen2.5_v1", "a" * 64, "7"])
def test_these_names_are_fine(name):
    check_name(name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a.", "-a", ".a", "a/b", "a\\b", "A", "é", "a b", "a\n", "a" * 65]
)
def test_these_names_are_not(name):
    with pytest.raises(AdapterNameInvalid):
        check_name(name)


def test_listing_adapters_loads_neither_torch_nor_transformers(tmp_path):
    make(tmp_path / "a")
    code = (
        "import sys; from pathlib import Path; from playground.adapters import Adapters;"
        "from playground.finetune import Runs;"
        "print(len(Adapters([Path(sys.argv[1])]).list()));"
        "print(sorted({'torch', 'transformers', 'peft'} & sys.modules.keys()))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["1", "[]"]
