"""The lines to serve and to ask an adapter: they can be run as they stand."""

from __future__ import annotations

import json
import shlex
import sys
from types import ModuleType, SimpleNamespace

import pytest

from playground.adapters.snippets import client_snippet, vllm_command
from playground.errors import ModelNotFound, ModelNotPulled
from playground.models import find_embedded
from playground.types import Adapter


def make(folder, **config):
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text(json.dumps({"r": 8, **config}))
    return folder


def words_for(folder, base, tmp_path, r=8):
    adapter = Adapter(folder.name, folder, str(base), r)
    return shlex.split(vllm_command(adapter, models_dir=tmp_path / "models"))


def make_base(folder):
    folder.mkdir(parents=True)
    for name in ("config.json", "model.safetensors"):
        (folder / name).touch()
    return folder


def test_a_model_of_the_hub_is_served_by_its_id(tmp_path):
    folder = make(tmp_path / "my adapters" / "mine")
    assert words_for(folder, "org/model", tmp_path) == [
        *("vllm", "serve", "org/model", "--enable-lora", "--max-lora-rank", "8"),
        *("--lora-modules", f"mine={folder}"),
    ]


@pytest.mark.parametrize(
    ("r", "pattern", "rank"), [(2, {}, "8"), (12, {}, "16"), (64, {}, "64"), (8, {"q": 24}, "32")]
)
def test_the_rank_is_one_that_vllm_takes(tmp_path, r, pattern, rank):
    folder = make(tmp_path / "mine", rank_pattern=pattern)
    words = words_for(folder, "org/model", tmp_path, r=r)
    assert words[words.index("--max-lora-rank") + 1] == rank


def test_folders_and_embedded_models_are_served_from_where_they_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder, base = make(tmp_path / "mine"), make_base(tmp_path / "a model")
    assert words_for(folder, base, tmp_path)[2] == str(base)
    assert words_for(folder, "a model", tmp_path)[2] == str(base)
    with pytest.raises(ModelNotFound, match="gone"):
        words_for(folder, tmp_path / "gone", tmp_path)
    with pytest.raises(ModelNotPulled, match="smollm2-135m-instruct"):
        words_for(folder, "smollm2-135m-instruct", tmp_path)
    embedded = find_embedded("smollm2-135m-instruct")
    assert embedded
    base = make_base(embedded.folder(tmp_path / "models"))
    assert words_for(folder, embedded.name, tmp_path)[2] == str(base)


def test_it_is_served_under_the_template_it_was_trained_under(tmp_path):
    folder = make(tmp_path / "mine")
    (folder / "chat_template.jinja").touch()
    words = words_for(folder, "org/model", tmp_path)
    assert words[-2:] == ["--chat-template", str(folder / "chat_template.jinja")]


def test_what_vllm_cannot_add_is_merged_first(tmp_path):
    (tmp_path / "model.gguf").touch()
    for number, (base, config) in enumerate(
        [(tmp_path / "model.gguf", {}), ("org/model", {"use_dora": True})]
    ):
        folder = make(tmp_path / str(number) / "mine", **config)
        adapter = Adapter("mine", folder, str(base), 8)
        assert vllm_command(adapter, models_dir=tmp_path).splitlines() == [
            "playground adapters merge mine --out mine-merged",
            "vllm serve mine-merged",
        ]


def test_the_program_streams_the_answer(monkeypatch, capsys):
    """With a stand-in for the package `openai`, which is none of ours."""
    asked = {}

    def create(**options):
        asked.update(options)
        for content in ("Hel", None, "lo"):
            yield SimpleNamespace(choices=[SimpleNamespace(delta=SimpleNamespace(content=content))])
        yield SimpleNamespace(choices=[])  # the usage

    def client(**options):
        asked.update(options)
        return SimpleNamespace(chat=SimpleNamespace(completions=SimpleNamespace(create=create)))

    openai = ModuleType("openai")
    openai.OpenAI = client
    monkeypatch.setitem(sys.modules, "openai", openai)
    source = client_snippet("lora:mine")
    exec(compile(source, "snippet.py", "exec"), {})
    assert capsys.readouterr().out == "Hello"
    assert asked["base_url"] == "http://127.0.0.1:7860/v1"
    assert (asked["model"], asked["stream"], asked["max_tokens"]) == ("lora:mine", True, 4096)


def test_any_name_is_quoted():
    odd = 'a"b\\c\n适配器'
    names = {}
    source = client_snippet(odd).split("\n")
    exec(next(line for line in source if "model=" in line).strip().rstrip(","), names)
    assert names["model"] == odd
