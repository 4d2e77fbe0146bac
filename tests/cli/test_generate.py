"""`playground generate`: rows and documents on disk, or one clear line and nothing on disk."""

from __future__ import annotations

import json

import pytest

from playground.cli.main import main


@pytest.fixture(autouse=True)
def _fakes(monkeypatch):
    monkeypatch.setenv("PLAYGROUND_MODEL", "fake")
    monkeypatch.setenv("PLAYGROUND_EMBEDDER", "fake")
    monkeypatch.setenv("LC_ALL", "C")


def test_documents_are_written_as_many_as_wanted(tmp_path, capsys):
    out = tmp_path / "new" / "folder"
    assert main(["generate", "documents", "--count", "7", "--out", str(out)]) == 0
    assert len(list(out.iterdir())) == 7
    assert "7 documents" in capsys.readouterr().out


def test_raft_rows_are_rows_to_train_on(tmp_path, capsys):
    out = tmp_path / "new" / "rows.jsonl"
    assert main(["generate", "raft", "--language", "zh", "--out", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text("utf-8").split("\n") if line]
    assert f"{len(rows)} rows" in capsys.readouterr().out
    assert {turn["role"] for row in rows for turn in row["messages"]} == {"user", "assistant"}


@pytest.mark.parametrize("count", ["0", "-1", "100000"])
def test_a_count_out_of_bounds_is_one_clear_line(tmp_path, capsys, count):
    out = tmp_path / "folder"
    assert main(["generate", "documents", "--count", count, "--out", str(out)]) == 1
    assert "--count is" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("kind", ["documents", "raft"])
def test_a_place_that_cannot_be_written_is_said(tmp_path, capsys, kind):
    (tmp_path / "file").touch()
    assert main(["generate", kind, "--out", str(tmp_path / "file" / "x")]) == 1
    err = capsys.readouterr().err
    assert "cannot be written" in err
    assert str(tmp_path / "file") in err


def test_a_missing_template_is_not_said_to_be_the_output(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_WORLD_DIR", str(tmp_path / "nowhere"))
    out = tmp_path / "rows.jsonl"
    assert main(["generate", "raft", "--out", str(out)]) == 1
    assert "nowhere" in capsys.readouterr().err
    assert not out.exists()
