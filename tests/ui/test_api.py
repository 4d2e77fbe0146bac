"""The API tab in a browser: a program that works, and another server's model in Ask."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from playground.app import Playground
from playground.settings import Settings
from tests.api.conftest import serving
from tests.tiny import make_model

pytestmark = pytest.mark.browser
PATIENCE = 60_000  # milliseconds; the machine may be busy
KEY = "sk-visitor"


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """A server that wants a key; its model repeats what it is asked."""
    home = tmp_path_factory.mktemp("other")
    settings = Settings(
        model="fake", embedder="fake", data_dir=home / "d", adapters_dir=home / "a", api_key=KEY
    )
    with serving(Playground(settings)) as url:
        yield url


def open_tab(visit, locale="en-US", name="API"):
    page = visit(locale)
    page.get_by_role("tab", name=name).click()
    expect(page.locator("#api-address code")).to_be_visible(timeout=PATIENCE)
    return page


def test_the_program_on_the_page_is_one_that_runs(visit, served, capsys):
    page = open_tab(visit)
    expect(page.locator("#api-address code")).to_have_text(f"{served.url}/v1", timeout=PATIENCE)
    page.locator("#api-model input").click()
    page.get_by_role("option", name="lora:demo", exact=True).click()
    program = page.locator("#api-program .cm-content")
    expect(program).to_contain_text("lora:demo", timeout=PATIENCE)
    text = program.inner_text().replace("max_tokens=4096", "max_tokens=8")
    exec(compile(text, "program", "exec"), {})
    assert capsys.readouterr().out
    page.locator("#api-ids summary").click()
    expect(page.locator("#api-ids table")).to_contain_text("rag:Halden Observatory")


def test_another_servers_model_answers_in_ask_for_this_visitor_alone(visit, other):
    page = open_tab(visit)
    page.locator("#remote-url").get_by_role("textbox").fill(other)
    page.locator("#remote-key input").fill("wrong")
    page.click("#remote-find")
    expect(page.locator("#remote-problem")).to_contain_text("does not accept", timeout=PATIENCE)
    page.locator("#remote-key input").fill(KEY)
    page.click("#remote-find")
    expect(page.locator("#remote-model input")).not_to_have_value("", timeout=PATIENCE)
    expect(page.locator("#remote-problem")).not_to_contain_text("does not accept")
    page.locator("#remote-model input").click()
    page.get_by_role("option", name="fake", exact=True).click()
    page.click("#remote-use")
    expect(page.locator("#remote-state")).to_contain_text("fake at", timeout=PATIENCE)
    assert KEY not in page.content()

    page.get_by_role("tab", name="Ask").click()
    page.fill("#question textarea", "How wide is the main mirror?")
    page.click("#send")
    for mode in ("base", "rag"):
        pane = page.locator(f"#pane-{mode}")
        expect(pane.locator(".pg-cost")).to_be_visible(timeout=PATIENCE)
        expect(pane).to_contain_text("[base]")
        expect(pane).to_contain_text("fake")

    stranger = visit()
    stranger.fill("#question textarea", "How wide is the main mirror?")
    stranger.click("#send")
    expect(stranger.locator("#pane-base .pg-cost")).to_be_visible(timeout=PATIENCE)
    expect(stranger.locator("#pane-base")).not_to_contain_text("[base]")


@pytest.fixture(scope="module")
def trainer(tmp_path_factory):
    """A server that really trains, a tiny model."""
    home = tmp_path_factory.mktemp("trainer")
    settings = Settings(
        model=str(make_model(home / "model")),
        engine="transformers",
        embedder="fake",
        data_dir=home / "d",
        adapters_dir=home / "a",
    )
    with serving(Playground(settings)) as url:
        yield url


def test_the_rows_of_the_finetune_tab_are_trained_on_another_server(visit, trainer, tmp_path):
    page = open_tab(visit)
    page.locator("#remote-url").get_by_role("textbox").fill(trainer)
    page.locator("#remote-model input").fill("base")
    page.locator("#remote-model input").blur()
    page.click("#tuning-start")
    expect(page.locator("#tuning-problem")).to_contain_text("load a file", timeout=PATIENCE)
    rows = tmp_path / "rows.csv"
    rows.write_text("question,answer\n" + "".join(f"Say {n},{n}\n" for n in range(12)))
    page.get_by_role("tab", name="Fine-tune").click()
    page.locator("#rows-file input[type=file]").set_input_files(rows)
    expect(page.locator("#rows-view")).to_contain_text("12", timeout=PATIENCE)
    page.get_by_role("tab", name="API").click()
    page.locator("#tuning-name").get_by_role("textbox").fill("counting")
    page.click("#tuning-start")
    status = page.locator("#tuning-status")
    expect(status).to_contain_text("lora:counting", timeout=PATIENCE)
    expect(status).to_contain_text("Done.")
    expect(status).to_contain_text("training loss")


def test_the_tab_speaks_chinese(visit):
    page = open_tab(visit, "zh-CN", "接口")
    expect(page.locator("#step-calling h3")).to_contain_text("在程序里调用", timeout=PATIENCE)
    expect(page.locator("#remote-state")).to_contain_text("本机的模型")
    page.click("#remote-use")
    expect(page.locator("#remote-problem")).to_contain_text("不是服务地址", timeout=PATIENCE)
