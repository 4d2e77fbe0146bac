"""A public page: what a visitor adds is theirs alone, and what costs too much is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.tiny import make_model
from tests.ui.conftest import served_fake

pytestmark = pytest.mark.browser

PATIENCE = 60_000  # milliseconds; the machine may be busy
GATED = str(Path(__file__).with_name("gated_page.py"))


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("public")
    model = str(make_model(home / "model", window=32768))
    real = {"PLAYGROUND_MODEL": model, "PLAYGROUND_ENGINE": "transformers"}
    with served_fake(home, GATED, PLAYGROUND_PUBLIC="1", **real) as served:
        yield served


def edit(page, old, new):
    page.locator("#edit > button").click()
    text = page.locator("#edit-text textarea")
    page.locator("#edit-document input").click(timeout=PATIENCE)
    page.get_by_role("option", name="02-tickets.md").click()
    page.wait_for_function(
        "old => document.querySelector('#edit-text textarea').value.includes(old)", arg=old
    )
    text.fill(text.input_value().replace(old, new))
    page.click("#edit-save")
    expect(page.locator("#edit-state")).to_contain_text("is saved", timeout=PATIENCE)


def sources(page):
    page.fill("#question textarea", "How much does the night pass cost?")
    page.click("#send")
    expect(page.locator("#pane-rag .pg-cost")).to_be_visible(timeout=PATIENCE)
    return page.locator("#pane-long-context .pg-sources").inner_html()


def test_it_says_that_it_is_public_and_gives_each_browser_a_key_that_scripts_cannot_read(visit):
    page = visit()
    assert "public page" in page.locator("#header").inner_text()
    [key] = page.context.cookies()
    assert key["httpOnly"]
    assert key["sameSite"] == "Lax"
    assert len(key["value"]) >= 32


def test_a_visitors_edit_is_seen_by_that_visitor_alone(visit):
    one, other = visit(), visit()
    edit(one, "37 crowns", "99 crowns")
    assert "99 crowns" in sources(one)
    assert "37 crowns" in sources(other)
    one.reload()
    one.wait_for_selector("#examples button")
    assert "99 crowns" in sources(one)


def test_a_training_begins_within_a_visitors_share(visit):
    page = visit()
    page.get_by_role("tab", name="Fine-tune").click()
    page.click("#builtin", timeout=PATIENCE)
    expect(page.locator("#rows-problem")).to_contain_text("the first 75 of 812", timeout=PATIENCE)
    rows = page.locator("#rows-view")
    expect(rows).to_contain_text("75 usable rows of 75", timeout=PATIENCE)
    page.click("#train")
    started = re.compile("^my-adapter · ")
    expect(page.locator("#run input")).to_have_value(started, timeout=PATIENCE)
    other = visit()
    other.get_by_role("tab", name="Fine-tune").click()
    expect(other.locator("#run-status")).to_contain_text("No training yet", timeout=PATIENCE)


def test_what_takes_more_than_a_share_is_refused_in_words(visit):
    page = visit()
    page.get_by_text("Options", exact=True).click()
    page.get_by_label("Longest answer (max_tokens)").fill("4096")
    page.fill("#question textarea", "Why?")
    page.click("#send")
    expect(page.get_by_text("limited to 512")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("tab", name="Trade-offs").click()
    page.click("#measure", timeout=PATIENCE)
    expect(page.locator("#measuring-problem")).to_contain_text(
        "on your own machine only", timeout=PATIENCE
    )
