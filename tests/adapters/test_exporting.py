"""The zip of an adapter: unpacked, it can be used; made again, it is the same."""

from __future__ import annotations

import os
import pickle
import time
from pathlib import Path
from zipfile import ZipFile

import pytest

from playground.adapters import Adapters
from playground.adapters.exporting import write_zip
from playground.errors import OutputUnwritable
from tests.tiny import byte_tokenizer, make_adapter, make_model


@pytest.fixture
def adapter(tmp_path):
    adapter = make_adapter(tmp_path / "adapters", make_model(tmp_path / "model"), "mine")
    byte_tokenizer().save_pretrained(adapter.path)
    (adapter.path / "README.md").write_text("# mine\n")
    return adapter


def test_the_unpacked_zip_is_the_adapter(adapter, tmp_path):
    target = tmp_path / "mine.zip"
    assert write_zip(adapter, target) == ()
    with ZipFile(target) as archive:
        archive.extractall(tmp_path / "elsewhere")
    (found,) = Adapters([tmp_path / "elsewhere"]).list()
    assert (found.name, found.base_model, found.r) == ("mine", adapter.base_model, 4)
    there = {file.name: file.read_bytes() for file in adapter.path.iterdir()}
    assert {file.name: file.read_bytes() for file in found.path.iterdir()} == there


def test_the_same_files_make_the_same_zip(adapter, tmp_path):
    write_zip(adapter, tmp_path / "one.zip")
    for file in adapter.path.iterdir():
        os.utime(file, (time.time() + 99, time.time() + 99))
        file.chmod(0o600)
    write_zip(adapter, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_what_nobody_needs_is_left_out_and_told(adapter, tmp_path):
    (tmp_path / "secret.json").write_text("{}")
    (adapter.path / "notes.json").symlink_to(tmp_path / "secret.json")
    (adapter.path / "optimizer.pt").write_bytes(pickle.dumps({}))
    (adapter.path / "run.py").touch()
    (adapter.path / ".DS_Store").touch()
    (adapter.path / "checkpoint-4").mkdir()
    left_out = write_zip(adapter, tmp_path / "mine.zip")
    assert set(left_out) == {".DS_Store", "checkpoint-4", "notes.json", "optimizer.pt", "run.py"}
    with ZipFile(tmp_path / "mine.zip") as archive:
        assert not {name.partition("/")[2] for name in archive.namelist()} & set(left_out)


def test_a_place_that_cannot_be_written_is_said_and_nothing_is_left(adapter, tmp_path):
    (tmp_path / "taken.zip").mkdir()
    for target in (tmp_path / "taken.zip", tmp_path / "absent" / "mine.zip"):
        with pytest.raises(OutputUnwritable, match=target.name):
            write_zip(adapter, target)
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that cannot be read")
def test_an_older_file_stays_if_the_new_one_breaks_off(adapter, tmp_path):
    target = tmp_path / "mine.zip"
    target.write_bytes(b"older")
    weights = adapter.path / "adapter_model.safetensors"
    weights.unlink()
    weights.symlink_to("/proc/self/mem")
    with pytest.raises(OutputUnwritable):
        write_zip(adapter, target)
    assert target.read_bytes() == b"older"
    assert not list(tmp_path.rglob("*.part"))
