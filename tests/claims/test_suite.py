"""Every claim can be tested, and says what was counted."""

from __future__ import annotations

import pytest

from playground.app import Playground
from playground.claims import examine, trained
from playground.cli.main import main
from playground.settings import Settings
from tests.tiny import make_model

FAKE = {"model": "fake", "embedder": "fake"}


def test_claims_without_training_come_to_a_verdict_and_leave_nothing(tmp_path):
    playground = Playground(Settings(**FAKE, data_dir=tmp_path))
    verdicts = list(examine(playground, "zh", only=[2, 4, 5, 6, 7, 8, 9, 10], per_kind=2))
    assert [verdict.number for verdict in verdicts] == [2, 4, 5, 6, 7, 8, 9, 10]
    assert all(verdict.counts for verdict in verdicts)
    assert not (playground.settings.evaluations_dir / "trial").exists()
    assert len(playground.evaluations.records.list()) == 1  # one set of answers for all of them


@pytest.mark.parametrize("only", ["11", "two", "2,0"])
def test_an_unknown_claim_is_refused(monkeypatch, capsys, only):
    monkeypatch.setenv("PLAYGROUND_MODEL", "fake")
    assert main(["claims", "--only", only]) == 1
    assert "claim" in capsys.readouterr().err


def test_a_claim_with_trainings_trains_each_form_and_asks_what_was_never_trained(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(trained, "_EVERY", 37)  # two facts
    monkeypatch.setattr(trained, "EPOCHS", 1)
    monkeypatch.setattr(trained, "PHRASINGS", (1, 10))
    playground = Playground(
        Settings(
            model=str(make_model(tmp_path / "model", window=8192)),
            embedder="fake",
            engine="transformers",
            device="cpu",
            data_dir=tmp_path / "data",
            adapters_dir=tmp_path / "adapters",
        )
    )
    (verdict,) = examine(playground, "en", only=[1])
    labels = [count.label for count in verdict.counts]
    assert labels == ["rag", "lora, raw text", "lora, phrasings: 1", "lora, phrasings: 10"]
    assert {count.share.total for count in verdict.counts} == {2}
    assert len(verdict.tests) == 2
    assert playground.tuning.runs.list() == ()  # the user's own list does not show them
