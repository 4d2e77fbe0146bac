"""The Trade-offs tab in a real browser, over a fake model that can be held up."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from playground.app import Playground
from playground.evaluation import Plan
from playground.settings import Settings
from playground.tradeoffs import CRITERIA
from playground.tradeoffs.trial import Trials
from playground.types import Question
from tests.tradeoffs.examples import full_trial
from tests.ui.conftest import served_fake

pytestmark = pytest.mark.browser

PATIENCE = 60_000  # milliseconds; the machine may be busy
STEP = re.compile(r"Step \d of|第 \d 步")
GATED = str(Path(__file__).with_name("gated_page.py"))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("tradeoffs")


@pytest.fixture(scope="module")
def served(home):
    """The page, whose model does not go on while the gate is there."""
    with served_fake(home, GATED, ANSWER_GATE=str(home / "gate")) as served:
        yield served


@pytest.fixture(autouse=True)
def gate(home, settings):
    """No answer ends while it is there; and there is no trial yet."""
    shutil.rmtree(settings.evaluations_dir / "trials", ignore_errors=True)
    yield home / "gate"
    (home / "gate").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def settings(home):
    return Settings(model="fake", embedder="fake", data_dir=home / "data")


@pytest.fixture
def trials(settings):
    return Trials(settings)


def open_tab(visit, locale="en-US"):
    page = visit(locale)
    show_tab(page, locale)
    return page


def show_tab(page, locale="en-US"):
    page.get_by_role("tab", name="取舍" if locale.startswith("zh") else "Trade-offs").click()
    expect(page.locator("#step-measuring h3")).to_be_visible(timeout=PATIENCE)


def status(page):
    return page.locator("#measuring-status")


def table(page):
    return page.locator("#criteria")


def hold(page, gate):
    """Start a measurement and hold it where it asks."""
    gate.touch()
    page.click("#measure")
    expect(status(page)).to_contain_text(STEP, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("locale", "language", "hint", "advice"),
    [
        ("en-US", "en", "Nothing was measured yet", "needs numbers"),
        ("zh-CN", "zh", "还没有实测", "需要实测数字"),
    ],
)
def test_without_a_measurement_there_are_the_statements_and_a_hint(
    visit, locale, language, hint, advice
):
    page = open_tab(visit, locale)
    expect(table(page).locator("tbody th")).to_have_count(11, timeout=PATIENCE)
    for row in CRITERIA:
        expect(table(page)).to_contain_text(row.title.text(language))
        expect(table(page)).to_contain_text(row.statements["rag"].text(language))
    expect(page.locator("#tradeoffs-about")).to_contain_text(hint)
    expect(page.locator("#advice")).to_contain_text(advice)
    assert table(page).locator(".pg-measured").count() == 0
    for idle in ("Delete measurement", "Write the report", "删除测量", "生成报告"):
        expect(page.get_by_role("button", name=idle)).to_have_count(0)


@pytest.mark.parametrize(
    ("locale", "done", "cell"),
    [("en-US", "Measured in", "prompt tokens"), ("zh-CN", "测量完成", "提示")],
)
def test_one_click_fills_the_table_in_the_pages_language(visit, trials, home, locale, done, cell):
    page = open_tab(visit, locale)
    page.click("#measure")
    expect(status(page)).to_contain_text(STEP, timeout=PATIENCE)  # not what the last one said
    expect(status(page)).to_contain_text(done, timeout=3 * PATIENCE)
    resources = page.locator("#criterion-resources")
    expect(resources).to_contain_text(cell, timeout=PATIENCE)
    expect(table(page).locator(".pg-lacking").first).to_be_visible()
    expect(table(page).locator("figure.pg-chart")).to_be_visible()
    (trial,) = trials.list()
    assert trial.language == locale[:2]
    expect(page.locator("#trial input")).to_have_value(re.compile("fake"))
    expect(page.locator("#advice")).not_to_be_empty()
    page.reload()
    show_tab(page, locale)
    expect(page.locator("#criterion-resources")).to_contain_text(cell, timeout=PATIENCE)
    assert not (home / "data" / "evaluations" / "trial").exists()


def test_it_is_seen_by_everyone_survives_a_reload_and_leaves_nothing_when_stopped(
    visit, gate, home, trials
):
    page, early = open_tab(visit), open_tab(visit, "zh-CN")
    hold(page, gate)
    page.reload()
    show_tab(page)
    other = open_tab(visit, "zh-CN")
    expect(status(page)).to_contain_text("Step", timeout=PATIENCE)
    expect(status(other)).to_contain_text("步", timeout=PATIENCE)
    expect(page.locator("#measure")).to_be_disabled()
    # One that was opened before does not know, and is told so.
    early.click("#measure")
    problem = early.locator("#measuring-problem")
    expect(problem).to_contain_text("已有一次测量正在进行", timeout=PATIENCE)
    other.click("#stop-measuring")
    expect(status(other)).to_contain_text("正在停止", timeout=PATIENCE)
    gate.unlink()
    expect(status(page)).to_contain_text("nothing of it was kept", timeout=PATIENCE)
    expect(status(other)).to_contain_text("没有保留", timeout=PATIENCE)
    expect(page.locator("#stop-measuring")).to_be_hidden()
    expect(page.locator("#measure")).to_be_enabled()
    assert not (home / "data" / "evaluations" / "trial").exists()
    assert trials.list() == ()


def test_a_second_start_is_refused_in_english_too(visit, gate):
    early, page = open_tab(visit), open_tab(visit)
    hold(page, gate)
    early.click("#measure")
    problem = early.locator("#measuring-problem")
    expect(problem).to_contain_text("running already", timeout=PATIENCE)
    page.click("#stop-measuring")
    gate.unlink()
    expect(status(page)).to_contain_text("nothing of it was kept", timeout=PATIENCE)


@pytest.mark.parametrize(
    ("locale", "really"), [("en-US", "Delete for good"), ("zh-CN", "确定删除")]
)
def test_an_earlier_measurement_is_shown_and_deleted(visit, trials, locale, really):
    language = locale[:2]
    trials.keep(full_trial(language))
    page = open_tab(visit, locale)
    expect(page.locator("#criterion-freshness")).to_contain_text("2.5", timeout=PATIENCE)
    delete = "删除测量" if language == "zh" else "Delete measurement"
    page.get_by_role("button", name=delete).click()
    page.get_by_role("button", name=really).click()
    expect(table(page).locator(".pg-measured")).to_have_count(0, timeout=PATIENCE)
    assert trials.list() == ()


def test_four_answers_make_a_recommendation(visit, trials):
    trials.keep(full_trial())
    page = open_tab(visit)
    advice = page.locator("#advice")
    page.locator("#situation-size").get_by_label("some pages").check()
    expect(advice.locator(".pg-ranked > li b").first).to_have_text("Long context", timeout=PATIENCE)
    page.locator("#situation-size").get_by_label("a book").check()
    expect(advice.locator(".pg-out")).to_contain_text("do not fit", timeout=PATIENCE)
    page.locator("#situation-hardware").get_by_label("a provider").check()
    expect(advice.locator(".pg-out")).to_contain_text("Fine-tuned", timeout=PATIENCE)
    page.locator("#situation-need").get_by_label("a style").check()
    expect(advice.locator(".pg-ranked > li")).to_have_count(1, timeout=PATIENCE)
    expect(advice).to_contain_text("3/3")


def test_prices_become_costs(visit, trials):
    trials.keep(full_trial("zh"))
    page = open_tab(visit, "zh-CN")
    costs = page.locator("#costs")
    expect(costs).to_contain_text("27 分钟", timeout=PATIENCE)
    expect(costs).to_contain_text("次回答后收回时间成本")
    price = page.get_by_label("每百万输入 token 的价格")
    price.fill("10")
    price.blur()
    expect(costs).to_contain_text("60.00", timeout=PATIENCE)
    price.fill("-1")
    price.blur()
    page.wait_for_timeout(2000)
    expect(costs).to_contain_text("60.00")  # a price below nothing changes nothing


def test_an_evaluation_of_ones_own_takes_the_place_of_the_built_in_questions(
    visit, trials, settings
):
    trials.keep(full_trial())
    playground = Playground(settings)
    asked = [Question(str(n), "en", "quiz", f"Is it {n}?", (str(n),)) for n in range(4)]
    plan = Plan(("base",), questions="mine.jsonl")
    made = playground.evaluations.create(plan, asked)
    list(playground.evaluations.run(made.id))
    page = open_tab(visit)
    expect(page.locator("#criterion-goal")).to_contain_text("9/15 right", timeout=PATIENCE)
    page.locator("#own input").click()
    page.get_by_role("option").nth(1).click()
    expect(page.locator("#criterion-goal")).to_contain_text("4/4 right", timeout=PATIENCE)
    expect(page.locator("#criterion-goal")).not_to_contain_text("9/15")
    expect(page.locator("#tradeoffs-about")).to_contain_text("mine.jsonl, 4 questions")
    expect(page.locator("#criterion-freshness .pg-world")).to_contain_text("2.5 s")
    playground.evaluations.delete(made.id)
    show_tab(page)
    page.reload()
    show_tab(page)
    expect(page.locator("#criterion-goal")).to_contain_text("9/15 right", timeout=PATIENCE)


def find_tab(page, name, shows):
    """What does not fit goes into a menu, soon after the page is drawn; `shows` is in this tab."""
    in_menu = page.locator(".overflow-dropdown button").filter(has_text=name)
    menu = page.locator(".overflow-menu > button")
    page.get_by_role("tab", name=name).or_(menu).filter(visible=True).first.click()
    in_menu.or_(page.locator(shows)).filter(visible=True).first.wait_for()
    if in_menu.is_visible():
        in_menu.click()


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_a_narrow_screen_shows_it_all_without_scrolling_aside(visit, trials, locale):
    trials.keep(full_trial(locale[:2]))
    page = visit(locale, width=390)
    find_tab(page, "取舍" if locale == "zh-CN" else "Trade-offs", shows="#criteria")
    expect(page.locator("#criterion-freshness")).to_contain_text("2.5", timeout=PATIENCE)
    for part in ("#criteria", "#advice", "#costs"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    cell = page.locator("#criterion-freshness td").nth(1).bounding_box()
    assert cell
    assert cell["width"] > 250
