"""The Fine-tune tab in a real browser, over a tiny model: real trainings, in worker processes."""

from __future__ import annotations

import re
import shutil
import time

import psutil
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PATIENCE = 60_000  # milliseconds; the machine may be busy
TRAINING = 3 * PATIENCE  # a worker imports torch first


def tab(page, name):
    page.get_by_role("tab", name=name).click()


def open_tab(visit, locale="en-US"):
    page = visit(locale)
    tab(page, "微调" if locale.startswith("zh") else "Fine-tune")
    return page


def rows_csv(folder, head="question,answer", count=24):
    lines = [f"What is the number of thing {i}?,It is {7 * i}." for i in range(count)]
    file = folder / "rows.csv"
    file.write_text("\n".join([head, *lines, ",nothing", lines[3]]) + "\n", encoding="utf-8")
    return file


def upload(page, file):
    page.locator("#rows-file input[type=file]").set_input_files(file)


def view(page):
    return page.locator("#rows-view")


def status(page):
    return page.locator("#run-status")


def fill(page, label, value):
    widget = page.get_by_label(label, exact=True)
    widget.fill(value)
    widget.blur()


def ask_nothing_else(page):
    """Of the tiny model; it answers at length."""
    fill(page, "Of the exam’s rows", "1")
    fill(page, "General questions", "1")


def name_it(page, name):
    page.locator("#adapter-name textarea, #adapter-name input").first.fill(name)


def start(page, name):
    name_it(page, name)
    page.click("#train")
    expect(page.locator("#run input")).to_have_value(re.compile(f"^{name} · "), timeout=PATIENCE)


def start_long(page, name):
    """A training of several hundred steps."""
    page.click("#builtin")
    expect(view(page)).to_contain_text("812 usable rows of 812", timeout=PATIENCE)
    fill(page, "Of the exam’s rows", "0")
    fill(page, "General questions", "0")
    start(page, name)


def stop(page):
    page.click("#stop-run")
    expect(status(page)).to_contain_text("stopped", timeout=TRAINING)


def test_the_steps_lead_from_a_file_to_an_adapter_that_can_be_asked(visit, served, tmp_path):
    page = open_tab(visit)
    expect(view(page)).to_contain_text("Nothing to learn from yet", timeout=PATIENCE)
    upload(page, rows_csv(tmp_path))
    expect(view(page)).to_contain_text("25 usable rows of 26", timeout=PATIENCE)
    expect(view(page)).to_contain_text("Understood as question/answer")
    expect(view(page)).to_contain_text("Row 26 is left out: the field 'question' is missing")
    expect(view(page)).to_contain_text("Repeated: rows 5, 27 are the same")
    assert view(page).locator(".pg-turn mark").first.inner_text().startswith("It is")
    expect(page.locator("#split")).to_contain_text("23 rows are learned, 2 are held back")

    page.locator("#own-questions textarea").fill("What is the number of thing 3? => zzz\nWho?")
    ask_nothing_else(page)
    page.locator("#preset input").click()
    page.get_by_role("option", name="Quick look").click()
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("2", timeout=PATIENCE)
    expect(page.locator("#advice")).to_contain_text("only 6 steps", timeout=PATIENCE)

    start(page, "from-the-page")
    expect(page.locator("#run-live .pg-chart").first).to_be_visible(timeout=TRAINING)
    expect(status(page)).to_contain_text("is ready", timeout=TRAINING)
    expect(page.locator("#run-live .pg-chart").first).to_contain_text("mock exam")
    expect(page.locator("#run-live .pg-chart").nth(1)).to_contain_text("Learning rate")
    expect(page.locator("#run-live .pg-figures")).to_contain_text("Best exam")
    expect(page.locator("#run-live .pg-samples")).to_contain_text("step 6")
    answers = page.locator("#answers")
    expect(answers).to_contain_text("Right before: 0 of 1 · right after: 0 of 1")
    assert answers.locator("h4").all_inner_texts() == [
        "Your questions",
        "From the exam’s rows",
        "General questions: is anything forgotten?",
    ]
    assert answers.locator("tbody tr").count() == 4
    assert answers.locator("[aria-label='not right']").count() >= 2

    expect(page.locator("#adapter input")).to_have_value("from-the-page", timeout=PATIENCE)
    expect(page.locator("#client")).to_contain_text('model="lora:from-the-page"', timeout=PATIENCE)
    expect(page.locator("#vllm")).to_contain_text("--enable-lora", timeout=PATIENCE)
    expect(page.locator("#runs")).to_contain_text("ready")
    assert (served.adapters / "from-the-page" / "adapter_model.safetensors").is_file()
    page.get_by_role("button", name="Download (.zip)").click()
    with page.expect_download(timeout=PATIENCE) as zipped:
        page.get_by_text("Download from-the-page.zip").click()
    assert zipped.value.suggested_filename == "from-the-page.zip"
    tab(page, "Ask")
    page.get_by_role("combobox", name="Adapter", exact=True).click()
    expect(page.get_by_role("option", name="from-the-page")).to_be_visible(timeout=PATIENCE)


def test_starting_without_rows_says_what_to_do(visit):
    page = open_tab(visit)
    page.click("#train")
    problem = page.locator("#start-problem .pg-error")
    expect(problem).to_contain_text("nothing to learn from yet", timeout=PATIENCE)


def test_the_page_speaks_chinese(visit):
    page = open_tab(visit, "zh-CN")
    expect(page.locator("#step-exam h3")).to_contain_text("模拟考试", timeout=PATIENCE)
    expect(view(page)).to_contain_text("还没有训练数据")
    page.click("#builtin")
    expect(view(page)).to_contain_text("模型将看到的内容", timeout=PATIENCE)
    expect(page.locator("#split")).to_contain_text("行留作考试")
    page.locator("#preset input").click()
    expect(page.get_by_role("option", name="教风格")).to_be_visible()


def test_columns_that_are_not_clear_are_asked_for(visit, tmp_path):
    page = open_tab(visit)
    upload(page, rows_csv(tmp_path, head="left,right"))
    columns = page.locator("#columns")
    expect(columns).to_contain_text("not clear what the columns of rows.csv", timeout=PATIENCE)
    expect(columns.get_by_label("Question")).to_have_value("left")
    expect(columns.get_by_label("Answer")).to_have_value("right")
    columns.get_by_role("button", name="Read these columns").click()
    expect(view(page)).to_contain_text("you chose the columns left, right", timeout=PATIENCE)
    expect(view(page)).to_contain_text("25 usable rows of 26")


def test_a_broken_file_is_explained_and_its_rows_are_not_taken(visit, tmp_path):
    page = open_tab(visit)
    page.click("#builtin")
    expect(view(page)).to_contain_text("812 usable rows", timeout=PATIENCE)
    broken = tmp_path / "broken.json"
    broken.write_text('[{"question": "a", "answer": "b"},\n {"question" "c"}]', encoding="utf-8")
    upload(page, broken)
    problem = page.locator("#rows-problem .pg-error")
    expect(problem).to_contain_text("'broken.json' is not valid JSON: line 2", timeout=PATIENCE)
    expect(view(page)).to_contain_text("Nothing to learn from yet", timeout=PATIENCE)


def test_rows_are_edited_and_exported(visit, tmp_path):
    page = open_tab(visit)
    upload(page, rows_csv(tmp_path, count=4))
    expect(view(page)).to_contain_text("5 usable rows", timeout=PATIENCE)
    page.get_by_role("button", name="Edit or export the rows").click()
    page.get_by_role("button", name="Export for OpenAI").click()
    exported = page.locator("#rows-exported")
    expect(exported).to_contain_text("Rows in the file: 5", timeout=PATIENCE)
    expect(exported).to_contain_text("10")  # OpenAI wants so many
    editor = page.locator("#edit-rows .cm-content")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text('{"prompt": "Who?", "completion": "Me."}')
    page.click("#apply-rows")
    expect(view(page)).to_contain_text("edited.jsonl: 1 usable rows of 1", timeout=PATIENCE)
    expect(view(page).locator("mark")).to_contain_text("Me.")


def test_the_settings_are_shown_as_a_file_for_the_command_line(visit, tmp_path):
    page = open_tab(visit)
    upload(page, rows_csv(tmp_path))
    expect(view(page)).to_contain_text("25 usable rows", timeout=PATIENCE)
    page.locator("#own-questions textarea").fill("Who?")
    page.get_by_role("button", name="The same on the command line").click()
    page.get_by_role("button", name="Show all settings").click()
    recipe = page.locator("#recipe")
    expect(recipe).to_contain_text("--config recipe.json", timeout=PATIENCE)
    for file in ("recipe.json", "rows.jsonl", "questions.txt"):
        expect(recipe).to_contain_text(file)


def test_time_and_memory_are_measured_before_anything_is_chosen(visit):
    page = open_tab(visit)
    page.click("#measure-training")
    measured = page.locator("#measured")
    expect(measured).to_contain_text("Loading the model for", timeout=PATIENCE)
    expect(measured).to_contain_text(
        re.compile(r"train\.jsonl: [\d,]+ steps, about .* GB of memory"), timeout=TRAINING
    )
    expect(page.locator("#stop-trying")).to_be_hidden()


def test_a_look_at_very_many_rows_says_how_far_it_is_and_can_be_stopped(visit, tmp_path):
    page = open_tab(visit)
    lines = [f"Who is number {n} of them all?,It is I who am number {n}." for n in range(60_000)]
    (tmp_path / "many.csv").write_text("\n".join(["question,answer", *lines]), encoding="utf-8")
    upload(page, tmp_path / "many.csv")
    expect(view(page)).to_contain_text(re.compile(r"[\d,]+ / 60,000"), timeout=PATIENCE)
    page.locator("#stop-looking").click()
    expect(view(page)).to_contain_text(
        re.compile(r"Stopped after [\d,]+ of 60,000 rows"), timeout=PATIENCE
    )
    expect(page.locator("#stop-looking")).to_be_hidden()
    page.click("#builtin")
    expect(view(page)).to_contain_text("train.jsonl", timeout=PATIENCE)


def trials():
    """The processes that measure, whoever began them."""
    said = (process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"]))
    return [line for line in said if "playground.finetune.probe" in line]


def test_measuring_is_stopped_and_can_be_begun_again(visit):
    page = open_tab(visit)
    page.click("#measure-training")
    page.locator("#stop-trying").click(timeout=PATIENCE)
    expect(page.locator("#measured")).to_have_text(
        "Stopped: nothing was measured.", timeout=PATIENCE
    )
    expect(page.locator("#stop-trying")).to_be_hidden()
    latest = time.monotonic() + 60  # another test may measure, too
    while trials():
        assert time.monotonic() < latest
        time.sleep(0.1)
    expect(page.locator("#measured")).to_have_text("Stopped: nothing was measured.")
    page.click("#measure-training")
    expect(page.locator("#measured")).to_contain_text("GB of memory", timeout=TRAINING)


def test_a_training_is_seen_by_everyone_survives_a_reload_is_stopped_and_goes_on(visit):
    page = open_tab(visit)
    start_long(page, "seen")
    expect(status(page)).to_contain_text(re.compile(r"seen: step \d+ of"), timeout=TRAINING)
    page.reload()
    tab(page, "Fine-tune")
    other = open_tab(visit)
    for watching in (page, other):
        expect(status(watching)).to_contain_text(re.compile(r"seen: step \d+ of"), timeout=PATIENCE)
    stop(other)
    expect(status(page)).to_contain_text("what it had learned is kept", timeout=PATIENCE)
    step = int(re.search(r"\d+", page.locator("#runs td").nth(6).inner_text())[0])
    page.click("#resume-run")
    running = re.compile(rf"seen: step ({step + 1}|[^ ]*\d+) of")
    expect(status(page)).to_contain_text(running, timeout=TRAINING)
    stop(page)


def test_one_trains_while_another_asks_and_both_stay_live(visit):
    page, other = open_tab(visit), visit()
    start_long(page, "beside")
    expect(status(page)).to_contain_text(re.compile(r"beside: step \d+ of"), timeout=TRAINING)
    before = status(page).inner_text()
    for question in ("What is the cat called?", "Who is the director?"):
        other.fill("#question textarea", question)
        other.click("#send")
        expect(other.locator("#links a").first).to_be_visible(timeout=TRAINING)
        expect(other.locator("#pane-rag .pg-cost")).to_be_visible(timeout=TRAINING)
    expect(status(page)).to_contain_text("beside: step", timeout=PATIENCE)
    assert status(page).inner_text() != before
    assert "cat" not in page.locator("#step-train").inner_text()
    stop(page)


def test_a_second_training_waits_for_the_first(visit):
    page, other = open_tab(visit), open_tab(visit)
    start_long(page, "first")
    start_long(other, "second")
    expect(status(other)).to_contain_text("second waits until first has ended", timeout=PATIENCE)
    stop(page)
    expect(status(other)).to_contain_text(re.compile("second: (loading|step)"), timeout=TRAINING)
    stop(other)
    page.reload()
    tab(page, "Fine-tune")
    expect(page.locator("#runs")).to_contain_text("second", timeout=PATIENCE)
    page.locator("#step-after").get_by_label("Compare with").click()
    page.get_by_role("option", name=re.compile("^first · ")).click()
    compared = page.locator("#run-comparison")
    expect(compared).to_contain_text("What came of it", timeout=PATIENCE)
    page.get_by_role("button", name="Delete training").click()
    page.get_by_role("button", name=re.compile("Really delete .*second")).click()
    expect(page.locator("#runs")).not_to_contain_text("second", timeout=PATIENCE)


def test_an_adapter_is_renamed_and_deleted_on_the_second_click(visit, served):
    shutil.copytree(served.adapters / "demo", served.adapters / "a-copy")
    page = open_tab(visit)
    expect(page.locator("#adapters")).to_contain_text("a-copy", timeout=PATIENCE)
    page.locator("#adapter input").click()
    page.get_by_role("option", name="a-copy", exact=True).click()
    expect(page.locator("#client")).to_contain_text("lora:a-copy", timeout=PATIENCE)
    page.locator("#new-name textarea, #new-name input").first.fill("Bad Name")
    page.locator("#step-after").get_by_role("button", name="Rename").click()
    problem = page.locator("#adapter-problem .pg-error")
    expect(problem).to_contain_text("cannot name an adapter", timeout=PATIENCE)
    page.locator("#new-name textarea, #new-name input").first.fill("another")
    page.locator("#step-after").get_by_role("button", name="Rename").click()
    expect(page.locator("#adapter input")).to_have_value("another", timeout=PATIENCE)
    expect(page.locator("#client")).to_contain_text("lora:another", timeout=PATIENCE)
    page.get_by_role("button", name="Delete adapter").click()
    page.get_by_role("button", name="Really delete “another”").click()
    expect(page.locator("#adapters")).not_to_contain_text("another", timeout=PATIENCE)
    assert not (served.adapters / "another").exists()
