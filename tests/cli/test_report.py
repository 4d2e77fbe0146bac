"""`playground report` writes one file, whole, in the format of its suffix."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.app import Playground
from playground.cli.main import main
from playground.evaluation import Plan
from playground.settings import Settings


@pytest.fixture(autouse=True)
def _in_english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")


QUESTIONS = b"Who owns the moon?\nHow much is the night pass? => 42 crowns | 42\n"


@pytest.fixture
def evaluated():
    """One evaluation, answered by the fake model."""
    playground = Playground(replace(Settings.from_env(), model="fake", embedder="fake"))
    plan = Plan(("base", "lora"), "asked.txt", adapter="halden-facts")
    asked = playground.evaluations.questions(plan, QUESTIONS)
    made = playground.evaluations.create(plan, asked)
    assert len(list(playground.evaluations.run(made.id))) == 4


@pytest.mark.usefixtures("evaluated")
@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("report.html", "<!doctype html>"),
        ("报告.MD", "# fake 评测报告"),
        ("report.csv", "\ufeff表,"),
    ],
)
def test_the_suffix_decides_what_is_written(tmp_path, capsys, name, begins):
    file = tmp_path / name
    assert main(["report", "--language", "zh", "--out", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    assert text.startswith(begins)
    assert "Who owns the moon?" in text
    assert f"Wrote {file}, " in capsys.readouterr().out


@pytest.mark.usefixtures("evaluated")
def test_a_file_that_is_there_is_replaced_whole(tmp_path):
    file = tmp_path / "report.html"
    file.write_text("x" * 1_000_000)
    assert main(["report", "latest", "--out", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    assert text.endswith("</html>\n")
    assert "xxx" not in text
    assert sorted(path.name for path in tmp_path.glob("report*")) == ["report.html"]


@pytest.mark.usefixtures("evaluated")
def test_where_nothing_can_be_written_nothing_is_left(tmp_path, capsys):
    (tmp_path / "report.csv").mkdir()
    assert main(["report", "--out", str(tmp_path / "report.csv")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert main(["report", "--out", str(tmp_path / "missing" / "report.csv")]) == 1
    assert "choose another place" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.glob("report*")) == ["report.csv"]


def test_another_suffix_is_refused_before_anything_is_read(tmp_path, capsys):
    assert main(["report", "--out", str(tmp_path / "report.pdf")]) == 1
    assert ".html / .md / .csv" in capsys.readouterr().err


def test_without_an_evaluation_it_says_so(tmp_path, capsys):
    assert main(["report", "--out", str(tmp_path / "report.html")]) == 1
    assert "There is no evaluation called 'latest'" in capsys.readouterr().err
    assert not (tmp_path / "report.html").exists()
