"""Settings come from the environment, and nothing else does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from playground.settings import Settings

PACKAGE = Path(__file__).parent.parent / "playground"


def test_every_field_has_a_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYGROUND_MODEL", "org/model")
    monkeypatch.setenv("PLAYGROUND_PORT", "9000")
    monkeypatch.setenv("PLAYGROUND_DATA_DIR", str(tmp_path))
    settings = Settings.from_env()
    assert (settings.model, settings.port) == ("org/model", 9000)
    assert settings.bases_dir == tmp_path / "knowledge"
    assert settings.runs_dir == tmp_path / "runs"


def test_the_page_listens_on_this_machine_alone_by_default():
    assert Settings().host == "127.0.0.1"


def test_trained_adapters_go_to_the_checkout_unless_told_otherwise(tmp_path):
    assert Settings().trained_dir == PACKAGE.parent / "adapters"
    assert Settings(adapters_dir=tmp_path).trained_dir == tmp_path
    assert PACKAGE.parent / "adapters" in Settings(adapters_dir=tmp_path).adapter_dirs


def test_only_the_settings_read_our_variables():
    reading = re.compile(r"environ(?:\.get)?[(\[]\s*[\"']PLAYGROUND_")
    files = [file for file in PACKAGE.rglob("*.py") if reading.search(file.read_text("utf-8"))]
    assert [file.name for file in files] == ["main.py"]  # the log level, before anything else


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.2", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_whether_other_machines_reach_an_address(host, is_local):
    assert Settings(host=host).is_shared is not is_local


def test_visitors_of_a_shared_page_name_public_servers_unless_its_owner_says_otherwise():
    assert not Settings().public_servers_only
    assert Settings(host="0.0.0.0").public_servers_only
    assert Settings(public=True).public_servers_only  # which a proxy on this machine may serve
    assert not Settings(host="0.0.0.0", allow_private_servers=True).public_servers_only
