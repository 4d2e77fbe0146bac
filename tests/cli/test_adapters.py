"""`playground adapters` from the shell: what a user does with an adapter after training."""

from __future__ import annotations

import json
import shlex
from zipfile import ZipFile

import pytest
from gguf import GGUFReader
from safetensors.numpy import load_file, save_file

from playground.cli.main import main
from tests.tiny import make_adapter, make_model


@pytest.fixture
def model(tmp_path, monkeypatch):
    folder = make_model(tmp_path / "model")
    monkeypatch.setenv("PLAYGROUND_MODEL", str(folder))
    monkeypatch.setenv("PLAYGROUND_EMBEDDER", "fake")
    monkeypatch.setenv("PLAYGROUND_ENGINE", "transformers")
    monkeypatch.setenv("PLAYGROUND_DTYPE", "float32")
    return folder


@pytest.fixture
def adapter(model, tmp_path):
    return make_adapter(tmp_path / "adapters", model, "mine")


def run(capsys, *argv):
    """(exit code, stdout, stderr)"""
    code = main(["adapters", *map(str, argv)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_one_is_shown_with_how_to_serve_and_to_ask_it(adapter, capsys):
    code, out, _ = run(capsys, "show", "mine")
    assert code == 0
    assert f"base_model      {adapter.base_model}" in out
    assert 'model="lora:mine"' in out
    (line,) = (line for line in out.splitlines() if line.startswith("vllm"))
    assert shlex.split(line)[:3] == ["vllm", "serve", adapter.base_model]
    code, out, _ = run(capsys, "show", "mine", "--json")
    about = json.loads(out)
    assert (about["name"], about["r"], about["vllm"]) == ("mine", "4", line)
    compile(about["client"], "client", "exec")


def test_one_whose_base_is_gone_is_shown_all_the_same(adapter, model, capsys):
    model.rename(model.with_name("moved"))
    code, out, err = run(capsys, "show", "mine")
    assert code == 0
    assert "lora:mine" in out
    assert "vllm" not in out
    assert f"There is no model {adapter.base_model!r}" in err


def test_one_is_renamed(adapter, capsys):
    assert run(capsys, "rename", "mine", "yours")[:2] == (0, "'mine' is now called 'yours'.\n")
    _, out, _ = run(capsys, "list", "--json")
    assert "yours" in [json.loads(line)["name"] for line in out.splitlines()]
    code, _, err = run(capsys, "rename", "yours", "a/b")
    assert code == 1
    assert "'a/b' cannot name an adapter" in err


def test_the_name_of_the_file_says_what_is_exported(adapter, tmp_path, capsys):
    (adapter.path / "optimizer.pt").touch()
    code, out, err = run(capsys, "export", "mine", "--out", tmp_path / "mine.zip")
    assert (code, out) == (0, f"'mine' is in {tmp_path / 'mine.zip'}.\n")
    assert "left out, since nobody needs it to use the adapter: optimizer.pt" in err
    with ZipFile(tmp_path / "mine.zip") as archive:
        assert "mine/adapter_model.safetensors" in archive.namelist()
    assert run(capsys, "export", "mine", "--out", tmp_path / "mine.gguf")[0] == 0
    assert len(GGUFReader(tmp_path / "mine.gguf").tensors) == 28
    code, _, err = run(capsys, "export", "mine", "--out", tmp_path / "mine.tar")
    assert code == 1
    assert "'mine.tar', but must be one of .zip / .gguf" in err


def test_the_merged_model_answers_as_the_adapter_did(adapter, model, tmp_path, capsys, monkeypatch):
    def ask(*options):
        asked = ["ask", "Which is 3?", "--json", "--max-tokens", "24", *options]
        assert main(asked) == 0
        return json.loads(capsys.readouterr().out)["text"]

    tuned = ask("--modes", "lora", "--adapter", "mine")
    assert ask("--modes", "base") != tuned
    folder = tmp_path / "merged"
    code, out, _ = run(capsys, "merge", "mine", "--out", folder)
    assert code == 0
    assert f"PLAYGROUND_MODEL={folder} playground serve" in out
    monkeypatch.setenv("PLAYGROUND_MODEL", str(folder))
    assert ask("--modes", "base") == tuned
    code, _, err = run(capsys, "merge", "mine", "--out", folder)
    assert code == 1
    assert "is there already" in err


def test_one_that_changes_nothing_is_warned_of(adapter, tmp_path, capsys):
    file = adapter.path / "adapter_model.safetensors"
    save_file({k: w * ("lora_B" not in k) for k, w in load_file(file).items()}, file)
    code, _, err = run(capsys, "export", "mine", "--out", tmp_path / "mine.zip")
    assert code == 0
    assert "warning: Adapter 'mine' changes nothing" in err


@pytest.mark.parametrize(
    "action",
    [["show"], ["delete"], ["rename", "x"], ["export", "--out", "x.zip"], ["push", "me/x"]],
    ids=lambda action: action[0],
)
def test_an_unknown_one_is_told_with_those_that_are_there(adapter, capsys, action):
    code, _, err = run(capsys, action[0], "absent", *action[1:])
    assert code == 1
    assert "no adapter called 'absent'; there are:" in err
    assert "mine" in err
