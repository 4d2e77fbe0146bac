"""The page in a real browser: a visitor asks, in two languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

MODES = ("base", "long-context", "rag", "lora")
PATIENCE = 60_000  # milliseconds; the machine may be busy


def wait_for_answers(page, modes=MODES):
    for mode in modes:
        expect(page.locator(f"#pane-{mode} .pg-cost")).to_be_visible(timeout=PATIENCE)


def test_one_click_on_an_example_fills_every_column(visit):
    page = visit()
    page.locator("#examples button").first.click()
    wait_for_answers(page)
    for mode in MODES:
        pane = page.locator(f"#pane-{mode}")
        assert pane.locator(".pg-answer.prose").inner_text().strip()
        assert "First token" in pane.inner_text()
        assert re.search(r"Prompt\s+[\d,]+ tokens", pane.inner_text())
    assert "read 16 whole documents" in page.locator("#pane-long-context").inner_text()
    assert "read 3 of " in page.locator("#pane-rag").inner_text()
    assert "adapter demo" in page.locator("#pane-lora").inner_text()
    read = re.search(r"Prompt\s+([\d,]+) tokens", page.locator("#pane-long-context").inner_text())
    meter = page.locator(".pg-budget").first  # of this question, which nobody typed
    expect(meter).to_contain_text(f"would take {read[1]} of", timeout=PATIENCE)


def test_a_source_opens_to_its_text(visit):
    page = visit()
    page.fill("#question textarea", "What is the cat of Halden Observatory called?")
    page.click("#send")
    wait_for_answers(page, ["rag"])
    sources = page.locator("#pane-rag .pg-sources")
    sources.locator("summary").first.click()
    sources.locator(".pg-source summary").first.click()
    assert sources.locator("blockquote").first.is_visible()


def test_what_a_new_visitor_does_before_the_page_is_filled_stays(browser, served):
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    page.route("**/queue/join*", lambda asked: None)  # neither answered nor refused
    page.goto(served.url)
    page.wait_for_selector("#question textarea")
    page.get_by_label("Long context", exact=True).uncheck()
    page.get_by_label("RAG + LoRA", exact=True).check()
    page.fill("#question textarea", "Typed early")
    page.unroute("**/queue/join*")  # which lets go on what was held
    page.wait_for_selector("#examples button")
    page.wait_for_timeout(1000)  # in which the rest is filled
    assert not page.get_by_label("Long context", exact=True).is_checked()
    assert page.get_by_label("RAG + LoRA", exact=True).is_checked()
    assert page.input_value("#question textarea") == "Typed early"
    context.close()


def test_a_returning_visitors_question_comes_back_unless_another_is_typed(visit):
    page = visit()
    box = page.locator("#question textarea")
    box.fill("What was asked before?")
    page.click("#send")
    wait_for_answers(page)
    page.reload()
    expect(box).to_have_value("What was asked before?", timeout=PATIENCE)
    page.route("**/queue/join*", lambda asked: None)
    page.reload()
    box.fill("Typed early")
    page.unroute("**/queue/join*")
    expect(page.locator("#pane-base .pg-cost")).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(1000)
    expect(box).to_have_value("Typed early")


def test_the_page_says_what_answers_and_why(visit):
    for language, said in (("en", r"engine \w+ \(."), ("zh", r"引擎 \w+（.")):
        page = visit(language)
        page.wait_for_selector(".pg-header h1")
        assert re.search(said, page.inner_text(".pg-header .pg-engine"))


def test_the_page_speaks_the_browsers_language(visit):
    chinese = visit("zh-CN")
    expect(chinese.get_by_role("tab", name="知识库")).to_be_visible()
    assert "哈尔登天文台" in chinese.locator("#examples").inner_text()
    assert "长文本将占用" in chinese.locator(".pg-budget").first.inner_text()
    chinese.locator("#examples button").first.click()
    wait_for_answers(chinese)
    assert "首个 token" in chinese.locator("#pane-base").inner_text()
    english = visit("en-GB")
    expect(english.get_by_role("tab", name="Fine-tune")).to_be_visible()
    assert "Long context would take" in english.locator(".pg-budget").first.inner_text()


def test_the_budget_is_shown_before_asking_and_too_long_is_refused_with_both_numbers(visit):
    page = visit()
    meter = page.locator(".pg-budget").first
    expect(meter).to_contain_text(re.compile(r"[\d,]+ of 32,768 tokens"), timeout=PATIENCE)
    page.get_by_text("Options", exact=True).click()
    longest = page.get_by_label("Longest answer (max_tokens)")
    longest.fill("30000")
    longest.blur()
    expect(page.locator(".pg-over")).to_contain_text("Too long", timeout=PATIENCE)
    for other in ("Base model", "Knowledge base (RAG)", "Fine-tuned (LoRA)"):
        page.get_by_label(other, exact=True).uncheck()
    page.fill("#question textarea", "Why?")
    page.click("#send")
    error = page.locator("#pane-long-context .pg-error")
    expect(error).to_contain_text("30,000", timeout=PATIENCE)
    assert "32,768" in error.inner_text()
    assert page.locator("#pane-long-context .pg-answer.prose").inner_text().strip() == ""


def test_the_meter_is_of_the_last_change_whichever_is_answered_first(visit):
    page = visit()
    expect(page.locator(".pg-budget").first).to_contain_text("of 32,768", timeout=PATIENCE)
    page.get_by_text("Options", exact=True).click()
    holding, held = True, []

    def pass_on(asked):  # but what measures: it posts the question
        if holding and "Why?" in (asked.request.post_data or ""):
            held.append(asked)
        else:
            asked.continue_()

    page.fill("#question textarea", "Why?")
    page.route("**/queue/join*", pass_on)
    page.get_by_label("Fine-tuned (LoRA)", exact=True).uncheck()
    page.wait_for_timeout(1000)
    assert held
    holding = False
    longest = page.get_by_label("Longest answer (max_tokens)")
    longest.fill("30000")
    longest.blur()
    page.wait_for_timeout(1500)  # in which it could be answered
    for asked in held:
        asked.continue_()
    page.wait_for_timeout(1500)
    expect(page.locator(".pg-over")).to_contain_text("Too long", timeout=PATIENCE)


def test_an_empty_question_is_a_message_and_no_answer(visit):
    page = visit("zh-CN")
    page.click("#send")
    expect(page.get_by_text("问题是空的")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Error", exact=True)).not_to_be_visible()  # Gradio's own title
