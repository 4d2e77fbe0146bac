"""The programs in the documents do what they say, changed only in where they call and what."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from openai import OpenAI

from playground.adapters.snippets import client_snippet
from playground.app import Playground
from playground.settings import Settings
from tests.api.conftest import serving
from tests.tiny import make_adapter, make_model

ROOT = Path(__file__).parents[2]
ADDRESS = "http://127.0.0.1:7860/v1"
PATIENCE = 120


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("docs")
    model = make_model(home / "model", window=8192)
    make_adapter(home / "adapters", model, "halden-facts")
    return home


@pytest.fixture(scope="module")
def url(home):
    playground = Playground(
        Settings(
            model=str(home / "model"),
            engine="transformers",
            embedder="fake",
            data_dir=home / "data",
            adapters_dir=home / "adapters",
        )
    )
    with serving(playground) as url:
        yield url


def programs(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, flags=re.S)


def run(program, url):
    assert ADDRESS in program
    program = program.replace(ADDRESS, url).replace("max_tokens=4096", "max_tokens=40")
    exec(compile(program, "program", "exec"), {})


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_program_of_the_readme_prints_an_answer(name, url, capsys):
    (program,) = programs(name)
    run(program, url)
    assert capsys.readouterr().out


def test_the_program_that_the_page_shows_prints_an_answer(url, capsys):
    run(client_snippet("lora:halden-facts", ADDRESS), url)
    assert capsys.readouterr().out


@pytest.mark.parametrize("name", ["docs/api.md", "docs/api.zh-CN.md"])
def test_the_program_of_the_guide_trains(name, url, home, tmp_path, monkeypatch, capsys):
    rows = [{"question": f"Say {n}", "answer": str(n)} for n in range(6)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.chdir(tmp_path)
    (program,) = programs(name)
    run(program, url)
    jobs = OpenAI(base_url=url, api_key="none").fine_tuning.jobs
    job = jobs.list().data[0]
    end = time.monotonic() + PATIENCE
    while (job := jobs.retrieve(job.id)).status in ("queued", "running"):
        assert time.monotonic() < end
        time.sleep(0.2)
    assert job.fine_tuned_model.startswith("lora:my-adapter")


def test_gradio_loads_a_chat_from_the_server(url):
    """In a process of its own, for Gradio leaves an event loop open."""
    program = f"""
import gradio
chat = gradio.load_chat({url!r}, model="lora:halden-facts", token="none")
*_, said = chat.fn({{"text": "Hello", "files": []}}, [])
print("said", len(said))
"""
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert re.search(r"said [1-9]", ended.stdout), ended.stderr
