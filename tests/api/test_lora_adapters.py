"""vLLM's routes to add and remove an adapter."""

from __future__ import annotations

import json
import pickle

import pytest
from safetensors.torch import load_file, save_file
from starlette.testclient import TestClient

from playground.api import Access, build
from playground.app import Playground
from tests.api.conftest import settings_of
from tests.tiny import make_adapter, make_model


@pytest.fixture
def home(tmp_path):
    model = make_model(tmp_path / "model")
    make_adapter(tmp_path / "elsewhere", model, "mine")
    return tmp_path


def client_of(home, **given):
    settings = settings_of(home, **given)
    return TestClient(build(Playground(settings), Access()), base_url="http://localhost")


@pytest.fixture
def client(home):
    return client_of(home, allow_lora_paths=True)


def load(client, home, name="mine", folder="elsewhere/mine"):
    body = {"lora_name": name, "lora_path": str(home / folder)}
    return client.post("/load_lora_adapter", json=body)


def test_an_adapter_is_added_answers_under_its_name_and_is_removed(client, home):
    assert load(client, home).text == "Success: LoRA adapter 'mine' added successfully."
    asked = {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 4}
    plain, tuned, same = (
        client.post("/chat/completions", json={"model": model, **asked}).json()["choices"]
        for model in ("base", "mine", "lora:mine")
    )
    assert tuned == same != plain
    gone = client.post("/unload_lora_adapter", json={"lora_name": "mine"})
    assert gone.status_code == 200
    assert client.get("/models/lora:mine").status_code == 404
    assert (home / "elsewhere" / "mine" / "adapter_config.json").is_file()


def test_only_the_adapters_own_files_are_taken(client, home):
    (home / "elsewhere" / "mine" / "secret.txt").write_text("x")
    load(client, home)
    assert not (home / "adapters" / "mine" / "secret.txt").exists()


def test_it_is_off_unless_the_server_allows_it(home):
    found = load(client_of(home), home)
    assert found.status_code == 403
    assert "PLAYGROUND_ALLOW_LORA_PATHS" in found.json()["error"]["message"]


def test_what_cannot_be_used_leaves_nothing_behind(client, home):
    other = make_model(home / "other")
    make_adapter(home / "elsewhere", other, "stranger")
    pickled = home / "elsewhere" / "pickled"
    pickled.mkdir()
    (pickled / "adapter_config.json").write_text('{"peft_type": "LORA"}')
    (pickled / "adapter_model.bin").write_bytes(b"\x80\x04.")
    for folder in ("elsewhere/stranger", "elsewhere/pickled", "nowhere", "elsewhere"):
        assert load(client, home, folder=folder).status_code == 400, folder
    assert load(client, home, name="../x").status_code == 400
    assert not list((home / "adapters").glob("*")) if (home / "adapters").exists() else True


class Bomb:
    def __reduce__(self):
        return (open, ("exploded", "w"))


def pickled(folder):
    (folder / "adapter_model.safetensors").unlink()
    (folder / "adapter_model.bin").write_bytes(pickle.dumps(Bomb()))


def disguised(folder):
    (folder / "adapter_model.safetensors").write_bytes(pickle.dumps(Bomb()))


def without_config(folder):
    (folder / "adapter_config.json").unlink()


def without_weights(folder):
    (folder / "adapter_model.safetensors").unlink()


def idle(folder):
    file = folder / "adapter_model.safetensors"
    weights = {name: tensor * ("lora_B" not in name) for name, tensor in load_file(file).items()}
    save_file(weights, file)


def of_another_model(folder):
    file = folder / "adapter_config.json"
    config = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**config, "base_model_name_or_path": "org/other"}), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (pickled, "pickle"),
        (disguised, "cannot be loaded"),
        (without_config, "adapter_config.json"),
        (without_weights, "adapter_model.safetensors"),
        (idle, "changes nothing"),
        (of_another_model, "org/other"),
    ],
)
def test_a_spoiled_adapter_is_refused_by_what_is_wrong(client, home, monkeypatch, spoil, told):
    monkeypatch.chdir(home)
    spoil(home / "elsewhere" / "mine")
    found = load(client, home)
    assert found.status_code == 400
    assert told in found.json()["error"]["message"]
    assert str(home / "model") in found.json()["error"]["message"] or told != "org/other"
    assert client.get("/models/lora:mine").status_code == 404
    assert not (home / "exploded").exists()


def test_a_name_is_not_taken_twice_and_what_was_trained_here_is_not_unloaded(client, home):
    load(client, home)
    assert load(client, home).status_code == 409
    make_adapter(home / "adapters", home / "model", "trained")
    assert client.post("/unload_lora_adapter", json={"lora_name": "trained"}).status_code == 404
    assert (home / "adapters" / "trained").is_dir()
