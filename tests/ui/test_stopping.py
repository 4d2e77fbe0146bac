"""A visitor who stops an answer, however fast the model and however slow the browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import served_fake

pytestmark = pytest.mark.browser

PATIENCE = 60_000  # milliseconds; the machine may be busy
GATED = str(Path(__file__).with_name("gated_page.py"))


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """No answer ends while it is there."""
    return tmp_path_factory.mktemp("stopping") / "gate"


@pytest.fixture(scope="module")
def served(gate):
    """The page, whose model goes on until the gate is opened."""
    with served_fake(gate.parent, GATED, ANSWER_GATE=str(gate)) as served:
        yield served


def test_stopping_frees_the_model_for_the_next_question(visit, gate):
    gate.touch()
    page = visit()
    page.fill("#question textarea", "Tell me a very long story.")
    page.click("#send")
    written = page.locator("#pane-base .pg-answer.prose")
    expect(written).to_have_text(re.compile(r"on on"), timeout=PATIENCE)
    expect(page.locator("#pane-rag .pg-wait")).to_have_text(re.compile("waiting"))
    page.click("#stop")
    expect(page.locator("#pane-rag .pg-wait")).to_have_text("stopped", timeout=PATIENCE)
    gate.unlink()
    other = visit()
    other.fill("#question textarea", "And what is this?")
    other.click("#send")
    answered = other.locator("#pane-rag .pg-cost")
    expect(answered).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#pane-rag .pg-wait")).to_have_text("stopped")  # it was not asked on
