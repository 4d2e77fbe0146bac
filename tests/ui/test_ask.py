"""The heart of the page: talks that go on, edits, earlier comparisons, and two languages."""

from __future__ import annotations

import json
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
    return tmp_path_factory.mktemp("asking") / "gate"


@pytest.fixture(scope="module")
def served(gate):
    """The page, whose model goes on while the gate is there."""
    with served_fake(gate.parent, GATED, ANSWER_GATE=str(gate)) as served:
        yield served


def ask(page, question, modes=("base", "rag")):
    page.fill("#question textarea", question)
    page.click("#send")
    for mode in modes:
        pane = page.locator(f"#pane-{mode}")
        expect(pane.locator(".pg-answer.prose")).to_contain_text(question, timeout=PATIENCE)
        expect(pane.locator(".pg-cost")).to_be_visible(timeout=PATIENCE)


def test_a_follow_up_goes_on_in_each_column_from_its_own_answer(visit):
    page = visit()
    ask(page, "What is the cat called?")
    page.locator("#follow input").check()
    ask(page, "And how old is it?")
    talk = page.locator("#pane-rag .pg-talk")
    expect(talk).to_contain_text("What is the cat called?")
    expect(talk).to_contain_text("[base]")  # what the fake model answered
    page.locator("#follow input").uncheck()
    ask(page, "Who is the director?")
    expect(page.locator("#pane-rag .pg-talk")).to_have_count(0)


def test_the_same_can_be_asked_again(visit):
    page = visit()
    expect(page.locator("#again")).to_have_count(0)
    ask(page, "What is the cat called?")
    page.fill("#question textarea", "Something else, not sent")
    saved = page.locator("#links a").first.get_attribute("href")
    page.click("#again")
    expect(page.locator("#links a").first).not_to_have_attribute("href", saved, timeout=PATIENCE)
    answer = page.locator("#pane-rag .pg-answer.prose")
    expect(answer).to_contain_text("What is the cat called?")
    expect(page.locator("#question textarea")).to_have_value("Something else, not sent")


def test_a_reload_in_the_middle_of_an_answer_loses_nothing(visit, gate):
    page = visit()
    gate.touch()
    page.fill("#question textarea", "Tell me a long story.")
    page.click("#send")
    answer = page.locator("#pane-base .pg-answer.prose")
    expect(answer).to_have_text(re.compile("on on"), timeout=PATIENCE)
    page.reload()
    expect(answer).to_have_text(re.compile("on on"), timeout=PATIENCE)
    expect(page.locator("#question textarea")).to_have_value("Tell me a long story.")
    expect(page.locator("#pane-rag .pg-wait")).to_have_text(re.compile("waiting"))
    gate.unlink()
    expect(page.locator("#pane-rag .pg-cost")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#pane-base .pg-answer.prose")).to_contain_text("Tell me a long story.")


def test_nobody_sees_what_another_asks(visit):
    first, second = visit(), visit()
    ask(first, "What is mine?")
    second.reload()
    second.wait_for_selector("#examples button")
    expect(second.locator("#question textarea")).to_have_value("")
    assert "mine" not in second.inner_text("body")
    second.get_by_text("Earlier comparisons").click()
    second.locator("#before input").first.click()
    assert "mine" not in second.inner_text("body")


def test_an_edited_fact_is_known_at_once(visit):
    page = visit()
    page.locator("#examples button").nth(3).click()
    expect(page.locator("#hint")).to_contain_text("save the change below", timeout=PATIENCE)
    expect(page.locator("#pane-rag .pg-cost")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#edit-text textarea")).to_have_value(re.compile("43 crowns"))
    assert "43 crowns" not in page.locator("#pane-rag").inner_html()
    page.click("#edit-save")
    expect(page.locator("#edit-state")).to_contain_text("is saved, and known", timeout=PATIENCE)
    page.click("#send")
    page.locator("#pane-rag .pg-sources summary").first.click(timeout=PATIENCE)
    expect(page.locator("#pane-rag .pg-sources")).to_contain_text("43 crowns", timeout=PATIENCE)
    page.locator("#edit-text textarea").fill("  ")
    page.click("#edit-save")
    expect(page.locator("#edit")).to_contain_text("would have no text", timeout=PATIENCE)


def test_an_earlier_comparison_is_shown_again_and_can_be_forgotten(visit):
    page = visit()
    ask(page, "First question?")
    ask(page, "Second question?")
    page.reload()
    expect(page.locator("#question textarea")).to_have_value("Second question?", timeout=PATIENCE)
    page.get_by_text("Earlier comparisons").click()
    page.locator("#before input").first.click()
    page.get_by_role("option", name=re.compile("First question")).click()
    expect(page.locator("#pane-base .pg-answer.prose")).to_contain_text(
        "First question?", timeout=PATIENCE
    )
    expect(page.locator("#question textarea")).to_have_value("First question?")
    page.locator("#before").get_by_role("button", name="Delete all").click()
    page.locator("#before").get_by_role("button", name="Really delete all").click()
    page.reload()
    page.wait_for_selector("#examples button")
    page.get_by_text("Earlier comparisons").click()
    page.locator("#before input").first.click()
    expect(page.get_by_role("option")).to_have_count(0)


def test_a_comparison_is_saved_as_a_file_in_three_formats(visit):
    page = visit()
    ask(page, "Is 1 < 2 & 3?")
    saved = {}
    for name in ("HTML", "Markdown", "JSON"):
        with page.expect_download() as download:
            page.locator("#links").get_by_role("link", name=name).click()
        saved[name] = Path(download.value.path()).read_text("utf-8")
    told = json.loads(saved["JSON"])
    assert told["question"] == "Is 1 < 2 & 3?"
    assert [answer["mode"] for answer in told["answers"]][:3] == ["base", "long-context", "rag"]
    assert told["answers"][2]["sources"][0]["text"]
    assert "## Knowledge base (RAG)" in saved["Markdown"]
    assert "Is 1 &lt; 2 &amp; 3?" in saved["HTML"]
    assert "<script" not in saved["HTML"]


def test_a_link_asks_the_same_in_the_same_modes(visit, browser):
    page = visit()
    page.get_by_label("Long context", exact=True).uncheck()
    ask(page, "What is shared?")
    link = page.locator("#links").get_by_role("link", name="link that asks the same")
    url = link.evaluate("link => link.href")
    other = browser.new_context(locale="en-US").new_page()
    other.goto(url)
    expect(other.locator("#question textarea")).to_have_value("What is shared?", timeout=PATIENCE)
    expect(other.get_by_label("Long context", exact=True)).not_to_be_checked()
    expect(other.get_by_label("Base model", exact=True)).to_be_checked()
    other.context.close()


def test_the_language_is_switched_with_nothing_lost(visit):
    page = visit()
    ask(page, "What is the cat called?")
    page.get_by_role("tab", name="Evaluate").click()
    page.locator("#asked-per-kind input").fill("2")
    page.get_by_role("tab", name="Ask").click()
    page.fill("#question textarea", "Half a question")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("tab", name="微调")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#send")).to_have_text("提问")
    expect(page.locator("#pane-base h3")).to_have_text("原始模型", timeout=PATIENCE)
    expect(page.locator("#pane-base .pg-answer.prose")).to_contain_text("What is the cat called?")
    expect(page.locator("#question textarea")).to_have_value("Half a question")
    assert "lang=zh" in page.url
    page.get_by_role("tab", name="评测").click()
    expect(page.locator("#asked-per-kind input")).to_have_value("2")
    expect(page.locator("#step-asked h3")).to_contain_text("问题", timeout=PATIENCE)
    for name in ("知识库", "微调", "取舍", "接口"):
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tabpanel").last).to_contain_text(
            re.compile(r"[\u4e00-\u9fff]{4}"), timeout=PATIENCE
        )
    page.reload()
    expect(page.get_by_role("tab", name="提问")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("tab", name="Fine-tune")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#examples")).to_contain_text("facts", timeout=PATIENCE)


def test_the_address_says_the_language_whatever_the_browser_speaks(browser, served):
    page = browser.new_context(locale="en-US").new_page()
    page.goto(served.url + "/?lang=zh")
    expect(page.locator("#examples")).to_contain_text("哈尔登", timeout=PATIENCE)
    expect(page.get_by_role("tab", name="知识库")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.context.close()


@pytest.mark.parametrize("locale", ["zh-TW", "zh-HK", "zh"])
def test_whoever_speaks_chinese_gets_all_of_it_in_chinese(visit, locale):
    page = visit(locale)
    expect(page.get_by_role("tab", name="知识库")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#send")).to_have_text("提问")
