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


def test_a_training_is_the_same_from_a_file_and_two_are_compared(model, tmp_path, capsys):
    rows_file(tmp_path)
    (tmp_path / "asked.txt").write_text("Which is 3? => It is 3.\n", encoding="utf-8")
    config = tmp_path / "mine.json"
    flags = ["--epochs", "1", "--r", "2", "--general-questions", "1", "--low-memory"]
    given = ["finetune", "rows.jsonl", "--name", "mine", "--questions", "asked.txt", *flags]
    assert main([*given, "--save-config", str(config)]) == 0
    assert f"--config {config}" in capsys.readouterr().out
    assert main(["finetune", "--config", str(config), "--held-out-questions", "0"]) == 0
    out = capsys.readouterr().out
    assert "adapter 'mine' is ready" in out
    assert "BEFORE" in out
    assert "own: 0 of 1 right before" in out
    other = ["--name", "other", "--r", "4", "--json"]
    assert main(["finetune", "--config", str(config), *other]) == 0
    said = [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()]
    assert said[0] == "started"
    assert {"answered", "step", "validation", "sample", "finished"} <= set(said)

    assert main(["runs", "list", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(run["settings"]["r"], run["status"]) for run in listed] == [
        (4, "succeeded"),
        (2, "succeeded"),
    ]
    second, first = (run["id"] for run in listed)
    assert main(["runs", "compare", first, second]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["r", "2", "4"] in rows
    assert not any(row[:1] == ["epochs"] for row in rows)
    assert main(["runs", "show", first]) == 0
    assert "low_memory" in capsys.readouterr().out
    assert main(["runs", "resume", first]) == 1
    assert "nothing to go on with" in capsys.readouterr().err
    assert main(["runs", "delete", first]) == 0
    assert main(["runs", "show", first]) == 1
    assert first in capsys.readouterr().err


def test_rows_are_looked_at_without_training(model, tmp_path, capsys):
    assert main(["finetune", rows_file(tmp_path), "--name", "mine", "--check"]) == 0
    said = capsys.readouterr()
    assert "11 rows to learn, 1 for the exam" in said.out
    assert "steps in all" in said.err
    assert main(["runs", "list"]) == 0
    assert "No training yet" in capsys.readouterr().out


def test_a_run_prepared_by_hand_prints_how_to_start_it(model, tmp_path, capsys):
    prepared = ["finetune", rows_file(tmp_path), "--name", "mine", "--by-hand"]
    assert main(prepared) == 0
    assert "accelerate launch -m playground.finetune.train" in capsys.readouterr().out
    assert main(["runs", "list"]) == 0
    run, status, *_ = capsys.readouterr().out.splitlines()[-1].split()
    assert status == "queued"
    assert main(["runs", "stop", run]) == 0
    assert main(["runs", "follow", run]) == 0


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("{", "cannot be used"),
        ('{"name": "a", "rows": "none.csv"}', "none.csv"),
        ('{"name": "a", "rows": "rows.jsonl", "config": {"lr": 1}}', "learning_rate"),
        ('{"name": "a/b", "rows": "rows.jsonl"}', "a/b"),
    ],
)
def test_a_config_file_that_is_wrong_is_one_clear_line(model, tmp_path, capsys, config, said):
    rows_file(tmp_path)
    (tmp_path / "c.json").write_text(config, encoding="utf-8")
    assert main(["finetune", "--config", str(tmp_path / "c.json")]) == 1
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_columns_with_other_names_are_mapped(model, tmp_path, capsys):
    file = tmp_path / "rows.csv"
    lines = "\n".join(f"Which is {n}?,It is {n}.,x" for n in range(12))
    file.write_text(f"anfrage,auskunft,rest\n{lines}\n", encoding="utf-8")
    named = ["finetune", str(file), "--name", "mine", "--check"]
    assert main(named) == 1
    assert "anfrage, auskunft, rest" in capsys.readouterr().err
    mapped = ["--prompt-column", "anfrage", "--completion-column", "auskunft"]
    assert main([*named, *mapped]) == 0
    assert "11 rows to learn" in capsys.readouterr().out


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
