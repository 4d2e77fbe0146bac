"""Every tab, in both languages, wide and narrow, light and dark: seen by axe-core, and kept as
pictures in build/screenshots for whoever looks at them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.ui.conftest import served_fake

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parent.parent.parent / "build" / "screenshots"
GATED = str(Path(__file__).with_name("gated_page.py"))
PATIENCE = 60_000  # milliseconds; the machine may be busy
TABS = ("ask", "knowledge", "finetune", "evaluate", "tradeoffs", "api")
# What each tab has when it is filled in.
FILLED = {
    "ask": "#pane-rag .pg-cost",
    "knowledge": "#documents td",
    "finetune": "#step-model h3",
    "evaluate": "#asked-view td",
    "tradeoffs": "#criteria td",
    "api": "#api-ids",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with served_fake(tmp_path_factory.mktemp("accessible"), GATED) as served:
        yield served


@pytest.fixture
def page(browser, served, request):
    locale, width, scheme = request.param
    context = browser.new_context(
        locale=locale, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = context.new_page()
    wrong = []
    page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(served.url)
    page.wait_for_selector("#examples button")
    yield page
    context.close()
    assert wrong == []


LOOKS = [
    pytest.param(("en-US", 1440, "light"), id="en-wide-light"),
    pytest.param(("zh-CN", 390, "dark"), id="zh-phone-dark"),
    pytest.param(("en-US", 390, "light"), id="en-phone-light"),
    pytest.param(("zh-CN", 1440, "dark"), id="zh-wide-dark"),
]


def open_tab(page, tab):
    """On a phone, some stand in a menu."""
    button = page.locator(f"[role=tab][data-tab-id={tab}]")
    if button.is_visible():
        button.click()
        return
    name = page.evaluate(
        "([tab, zh]) => gradio_config.i18n_translations[zh ? 'zh-CN' : 'en'][`tab.${tab}`]",
        [tab, page.evaluate("document.documentElement.lang") == "zh-CN"],
    )
    page.get_by_label("More tabs").click()
    page.locator(".overflow-dropdown button", has_text=re.compile(f"^{name}$")).click()


@pytest.mark.parametrize("page", LOOKS, indirect=True)
def test_no_tab_has_a_serious_barrier(page, request):
    page.locator("#examples button").nth(3).click()
    look = request.node.callspec.id
    barriers = []
    for tab in TABS:
        open_tab(page, tab)
        expect(page.locator(FILLED[tab]).first).to_be_visible(timeout=PATIENCE)
        page.wait_for_timeout(500)
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{tab}-{look}.png", full_page=True)
        for found in Axe().run(page).response["violations"]:
            if found["impact"] in ("serious", "critical"):
                barriers += [
                    f"{tab}: {found['id']}: {node['html'][:150]}" for node in found["nodes"]
                ]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{tab} is {wide} pixels too wide"
    assert barriers == [], "\n".join(barriers)
