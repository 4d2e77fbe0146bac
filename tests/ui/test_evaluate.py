"""The Evaluate tab in a real browser, over a model that waits while a gate is closed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from playground.app import Playground
from playground.evaluation import Plan
from playground.settings import Settings
from tests.ui.conftest import served_fake

pytestmark = pytest.mark.browser

PATIENCE = 60_000  # milliseconds; the machine may be busy
GATED = str(Path(__file__).with_name("gated_page.py"))


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """No answer ends while it is there."""
    return tmp_path_factory.mktemp("evaluating") / "gate"


@pytest.fixture(scope="module")
def served(gate):
    """The page over the fake model."""
    with served_fake(gate.parent, GATED, ANSWER_GATE=str(gate)) as served:
        yield served


@pytest.fixture(autouse=True)
def opened(gate):
    """Every test begins and ends with an open gate."""
    gate.unlink(missing_ok=True)
    yield
    gate.unlink(missing_ok=True)


def open_tab(visit, locale="en-US"):
    page = visit(locale)
    show_tab(page, locale)
    return page


def show_tab(page, locale="en-US"):
    page.get_by_role("tab", name="评测" if locale.startswith("zh") else "Evaluate").click()


def status(page):
    return page.locator("#evaluation-status")


def view(page):
    return page.locator("#asked-view")


def choose_modes(page, *modes):
    group = page.locator("#answering-modes")
    for box in group.get_by_role("checkbox").all():
        box.uncheck()
    for mode in modes:
        group.get_by_label(mode, exact=True).check()


def draw(page, count):
    """So many questions of each kind."""
    number = page.locator("#asked-per-kind input")
    number.fill(str(count))
    number.blur()


def own_file(page, folder, content, name="mine.jsonl"):
    file = folder / name
    file.write_text(content, encoding="utf-8")
    page.locator("#asked-source").get_by_label("A file of my own").check()
    page.locator("#asked-file input[type=file]").set_input_files(file)


def lines(*rows):
    return "\n".join(json.dumps(row) for row in rows)


def start(page):
    page.click("#evaluate")


def test_an_evaluation_is_started_followed_and_read(visit):
    page = open_tab(visit)
    expect(view(page)).to_contain_text("Questions: 18", timeout=PATIENCE)
    expect(view(page)).to_contain_text("unanswerable 3")
    draw(page, 4)
    expect(view(page)).to_contain_text("Questions: 24", timeout=PATIENCE)
    choose_modes(page, "Base model", "Knowledge base (RAG)", "Gold passage given")
    # Of facts and of what has changed, and of nothing else, is known where it stands.
    expect(page.locator("#evaluation-size")).to_contain_text("answers: 56", timeout=PATIENCE)
    start(page)
    expect(status(page)).to_contain_text("Done: 56 answers", timeout=PATIENCE)
    figures = page.locator("#figures")
    for told in ("Right answers", "SQuAD", "What they cost", "McNemar", "nDCG@10", "processor"):
        expect(figures).to_contain_text(told, timeout=PATIENCE)
    assert figures.locator(".pg-grid-table").first.locator("tbody tr").count() == 3
    expect(figures.locator("figure.pg-chart")).to_be_visible()
    sides = page.locator("#sides tbody tr")
    expect(sides).to_have_count(20)
    page.click("#sides-next")
    expect(page.locator("#sides-range")).to_contain_text("21–24 of 24", timeout=PATIENCE)
    expect(sides).to_have_count(4)
    page.locator("#sides-kind input").click()
    page.get_by_role("option", name="unanswerable").click()
    expect(page.locator("#sides-range")).to_contain_text("1–4 of 4", timeout=PATIENCE)
    page.get_by_role("button", name="All evaluations").click()
    expect(page.locator("#evaluations")).to_contain_text("done", timeout=PATIENCE)


def test_the_page_speaks_chinese(visit):
    page = open_tab(visit, "zh-CN")
    expect(page.locator("#step-figures h3")).to_contain_text("结果", timeout=PATIENCE)
    expect(view(page)).to_contain_text("天文台", timeout=PATIENCE)
    expect(page.locator("#answering-modes")).to_contain_text("给定原文")
    draw(page, 1)
    choose_modes(page, "原始模型", "知识库（RAG）")
    expect(page.locator("#evaluation-size")).to_contain_text("回答 12 个", timeout=PATIENCE)
    start(page)
    expect(status(page)).to_contain_text("已完成：12 个回答", timeout=PATIENCE)
    figures = page.locator("#figures")
    expect(figures).to_contain_text("CMRC", timeout=PATIENCE)
    expect(figures).to_contain_text("两两比较")
    expect(page.locator("#sides")).to_contain_text("天文台")
    page.click("#report-evaluation")
    file = page.get_by_role("button", name=re.compile("下载"))
    with page.expect_download(timeout=PATIENCE) as download:
        file.click(timeout=PATIENCE)
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert "两两比较" in report
    assert "Fine-tune" not in report


def test_it_is_seen_by_everyone_survives_a_reload_is_stopped_and_goes_on(visit, gate):
    page = open_tab(visit)
    draw(page, 1)
    choose_modes(page, "Base model")
    expect(page.locator("#evaluation-size")).to_contain_text("answers: 6", timeout=PATIENCE)
    gate.touch()
    start(page)
    expect(status(page)).to_contain_text("0 of 6 answers", timeout=PATIENCE)
    page.reload()
    show_tab(page)
    other = open_tab(visit)
    for watching in (page, other):
        expect(status(watching)).to_contain_text("0 of 6 answers", timeout=PATIENCE)
    other.click("#stop-evaluation")
    expect(status(other)).to_contain_text("Stopping after the present answer", timeout=PATIENCE)
    gate.unlink()
    for watching in (page, other):
        expect(status(watching)).to_contain_text("Stopped at 1 of 6", timeout=PATIENCE)
    expect(page.locator("#figures")).to_contain_text("Right answers", timeout=PATIENCE)
    page.click("#resume-evaluation")
    expect(status(page)).to_contain_text("Done: 6 answers", timeout=PATIENCE)
    expect(page.locator("#resume-evaluation")).to_be_hidden()


def test_one_that_runs_in_another_process_is_shown_as_running(visit, gate):
    settings = Settings(model="fake", embedder="fake", data_dir=gate.parent / "data")
    evaluations = Playground(settings).evaluations
    plan = Plan(modes=("base",), languages=("en",), per_kind=1)
    made = evaluations.create(plan, evaluations.questions(plan))
    answers = evaluations.run(made.id)
    next(answers)
    page = open_tab(visit)
    expect(status(page)).to_contain_text("1 of 6 answers", timeout=PATIENCE)
    page.get_by_role("button", name="All evaluations").click()
    expect(page.locator("#evaluations")).to_contain_text("running", timeout=PATIENCE)
    assert len(list(answers)) == 5
    expect(status(page)).to_contain_text("Done: 6 answers", timeout=PATIENCE)


def test_a_file_of_ones_own_is_read_asked_and_its_bad_rows_are_told(visit, tmp_path):
    page = open_tab(visit)
    rows = ({"question": "Is it 7?", "answers": "7"}, {"question": "", "answers": "8"})
    page.locator("#asked-source").get_by_label("A file of my own").check()
    expect(view(page)).to_contain_text("Choose a file above", timeout=PATIENCE)
    own_file(page, tmp_path, lines(*rows, {"question": "Who?", "kind": "people"}))
    expect(view(page)).to_contain_text("Questions: 2 · facts 1 · people 1", timeout=PATIENCE)
    expect(view(page)).to_contain_text("Row 2 cannot be asked: the question is empty")
    choose_modes(page, "Base model", "Knowledge base (RAG)")
    start(page)
    expect(status(page)).to_contain_text("Done: 4 answers", timeout=PATIENCE)
    expect(page.locator("#sides")).to_contain_text("nobody said what is right", timeout=PATIENCE)
    expect(page.locator("#sides [aria-label=right]").first).to_be_visible()


def test_a_broken_file_is_explained_where_it_was_given(visit, tmp_path):
    page = open_tab(visit)
    own_file(page, tmp_path, lines({"left": "a", "right": "b"}), "broken.jsonl")
    problem = page.locator("#asked-problem .pg-error")
    expect(problem).to_contain_text("'broken.jsonl' has no column of questions", timeout=PATIENCE)
    start(page)
    refused = page.locator("#evaluation-problem .pg-error")
    expect(refused).to_contain_text("no file of questions yet", timeout=PATIENCE)


def test_starting_with_no_mode_or_no_adapter_says_what_to_do(visit):
    page = open_tab(visit)
    expect(view(page)).to_contain_text("Questions: 18", timeout=PATIENCE)
    start(page)
    problem = page.locator("#evaluation-problem .pg-error")
    expect(problem).to_contain_text("'lora' needs an adapter", timeout=PATIENCE)
    choose_modes(page)
    expect(page.locator("#evaluation-size")).to_contain_text("at least one mode", timeout=PATIENCE)


def test_a_plan_is_saved_and_fills_in_the_form_again(visit, tmp_path):
    page = open_tab(visit)
    draw(page, 2)
    choose_modes(page, "Knowledge base (RAG)")
    expect(page.locator("#evaluation-size")).to_contain_text("answers: 12", timeout=PATIENCE)
    page.get_by_role("button", name="The plan as a file").click()
    page.get_by_role("button", name="Save as a file").click()
    with page.expect_download(timeout=PATIENCE) as saved:
        page.get_by_text("Download plan.json").click()
    file = tmp_path / "plan.json"
    saved.value.save_as(file)
    plan = json.loads(file.read_text(encoding="utf-8"))
    assert (plan["modes"], plan["per_kind"], plan["languages"]) == (["rag"], 2, ["en"])
    other = open_tab(visit)
    other.get_by_role("button", name="The plan as a file").click()
    other.locator("#plan input[type=file]").set_input_files(file)
    expect(other.locator("#plan-problem")).to_contain_text("Filled in", timeout=PATIENCE)
    expect(other.locator("#evaluation-size")).to_contain_text("answers: 12", timeout=PATIENCE)
    broken = tmp_path / "broken.json"
    broken.write_text("{}", encoding="utf-8")
    other.locator("#plan input[type=file]").set_input_files(broken)
    problem = other.locator("#plan-problem .pg-error")
    expect(problem).to_contain_text("no plan of an evaluation", timeout=PATIENCE)


def test_an_evaluation_is_deleted_on_the_second_click(visit):
    page = open_tab(visit)
    draw(page, 1)
    choose_modes(page, "Base model")
    expect(page.locator("#evaluation-size")).to_contain_text("answers: 6", timeout=PATIENCE)
    start(page)
    expect(status(page)).to_contain_text("Done: 6 answers", timeout=PATIENCE)
    page.get_by_role("button", name="All evaluations").click()
    listed = page.locator("#evaluations")
    made = listed.locator("tr").nth(1).inner_text().split("\t")[0]
    step = page.locator("#step-evaluation")
    step.get_by_role("button", name="Delete", exact=True).click()
    step.get_by_role("button", name=re.compile("Really delete 20")).click()
    expect(listed).not_to_contain_text(made, timeout=PATIENCE)
