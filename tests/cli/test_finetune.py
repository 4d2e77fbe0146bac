"""`playground finetune` from the shell: rows in, an adapter out, every problem by row number."""

from __future__ import annotations

import json

import pytest

from playground.cli.main import main
from tests.tiny import make_model


@pytest.fixture
def model(tmp_path, monkeypatch):
    folder = make_model(tmp_path / "model")
    monkeypatch.setenv("PLAYGROUND_MODEL", str(folder))
    monkeypatch.setenv("PLAYGROUND_EMBEDDER", "fake")
    return folder


def rows_file(tmp_path, *extra):
    rows = [{"prompt": f"Which is {n}?", "completion": f"It is {n}."} for n in range(12)]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in [*rows, *extra]), encoding="utf-8")
    return str(file)


def test_an_adapter_is_trained_listed_and_asked(model, tmp_path, capsys):
    rows = rows_file(tmp_path)
    quick = ["--epochs", "1", "--r", "2", "--lora-alpha", "4"]
    assert main(["finetune", rows, "--name", "mine", *quick]) == 0
    assert "adapter 'mine' is ready" in capsys.readouterr().out
    further = ["finetune", rows, "--name", "more", "--start-from", "mine"]
    assert main([*further, *quick]) == 0
    assert "adapter 'more' is ready" in capsys.readouterr().out
    assert main([*further, "--overwrite"]) == 1
    assert "r 8: it was made with r 2" in capsys.readouterr().err
    assert main(["adapters", "list", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"mine": 2}.items() <= {adapter["name"]: adapter["r"] for adapter in listed}.items()
    asked = ["ask", "Which is 3?", "--modes", "lora", "--adapter", "mine", "--max-tokens", "4"]
    assert main([*asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["mode"] == "lora"


def test_rows_that_cannot_be_used_are_named_by_number(model, tmp_path, capsys):
    long = {"prompt": "word " * 400, "completion": "It is long."}
    rows = rows_file(tmp_path, long, {"prompt": "", "completion": "Nothing."})
    assert main(["finetune", rows, "--name", "mine", "--epochs", "1"]) == 0
    err = capsys.readouterr().err
    assert "row 13 is left out" in err
    assert "row 14 is left out" in err


def test_a_taken_name_is_refused_with_a_free_one(model, tmp_path, capsys):
    (tmp_path / "adapters" / "mine").mkdir(parents=True)
    assert main(["finetune", rows_file(tmp_path), "--name", "mine"]) == 1
    assert "mine-2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "0 usable rows of 0"),
        (b'[{"a": 1, "b": 2}]', "columns of 'rows.json' (a, b)"),
        (b'{"prompt": "only"', "rows.json"),
    ],
)
def test_a_file_without_rows_is_one_clear_line(model, tmp_path, capsys, content, message):
    file = tmp_path / "rows.json"
    file.write_bytes(content)
    assert main(["finetune", str(file), "--name", "mine"]) == 1
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err
    assert not (tmp_path / "adapters").exists()
