"""`playground bench`: mistakes in one line, and one group for real."""

from __future__ import annotations

import json

import pytest

from playground.cli.main import main


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--only", "start,fast"], "--only is 'fast'"),
        (["--questions", "nowhere.json"], "'nowhere.json' cannot be opened"),
        (["--adapter", "nobody"], "nobody"),
        (["--rounds", "0"], "rounds is 0"),
    ],
)
def test_a_mistake_is_one_line_before_anything_is_measured(monkeypatch, capsys, flags, message):
    monkeypatch.setenv("PLAYGROUND_MODEL", "fake")
    monkeypatch.setenv("PLAYGROUND_EMBEDDER", "fake")
    monkeypatch.setenv("LC_ALL", "C")
    assert main(["bench", *flags]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert "measuring" not in error
    assert "Traceback" not in error


def test_a_place_that_cannot_be_written_is_said_first(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PLAYGROUND_MODEL", "fake")
    monkeypatch.setenv("PLAYGROUND_EMBEDDER", "fake")
    (tmp_path / "file").touch()
    assert main(["bench", "--only", "start", "--out", str(tmp_path / "file" / "x.json")]) == 1
    assert "measuring" not in capsys.readouterr().err


def test_starting_is_measured_and_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PLAYGROUND_MODEL", "fake")
    monkeypatch.setenv("PLAYGROUND_EMBEDDER", "fake")
    out = tmp_path / "new" / "bench.json"
    assert main(["bench", "--only", "start", "--rounds", "1", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    names = ["import playground", "playground --help", "first token of a fresh process"]
    assert all(name in printed for name in names)
    assert "Left out: transformers (the fake model has no weights to run)" in printed
    report = json.loads(out.read_text("utf-8"))
    assert [figure["name"] for figure in report["figures"]] == names
    assert all(figure["ours"]["median"] > 0 for figure in report["figures"])
