"""The Knowledge tab in a real browser, over a fake model and an embedder that can be held up."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from playground.retrieval import HashEmbedder, Library
from playground.types import Document
from tests.ui.conftest import served_fake

pytestmark = pytest.mark.browser

PATIENCE = 30_000  # milliseconds; the machine may be busy
GATED = str(Path(__file__).with_name("gated_page.py"))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("knowledge")


@pytest.fixture(scope="module")
def served(home):
    """The page, with one base that another embedder built."""
    library = Library(home / "data" / "knowledge", HashEmbedder(dimension=64))
    list(library.create("from before").add([Document("old.md", "The stove is green.")]))
    with served_fake(home, GATED, GATE=str(home / "gate")) as served:
        yield served


@pytest.fixture
def gate(home):
    """Holds up all indexing while it is there."""
    gate = home / "gate"
    gate.touch()
    yield gate
    gate.unlink(missing_ok=True)


def tab(page, name):
    page.get_by_role("tab", name=name).click()


def see(page, text):
    expect(page.get_by_text(text).first).to_be_visible(timeout=PATIENCE)


def manage(page, opened="Create, rename"):
    """Open the part for whole bases, if it is not open."""
    if not page.locator("#bases").get_by_label("Name").is_visible():
        page.get_by_role("button", name=re.compile(opened)).click()


def make_base(page, name):
    tab(page, "Knowledge")
    manage(page)
    page.locator("#bases").get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.locator("#base input")).to_have_value(name, timeout=PATIENCE)
    see(page, "0 documents")


def choose(page, name):
    tab(page, "Knowledge")
    page.locator("#base input").click()
    page.get_by_role("option", name=name, exact=True).click()


def paste(page, text, title=""):
    if not page.locator("#paste textarea").last.is_visible():
        page.get_by_role("button", name="Paste text").click()
    page.locator("#paste").get_by_label("Title").fill(title)
    page.locator("#paste").get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Add this text").click()


def search(page, question):
    page.locator("#search textarea").fill(question)
    page.locator("#search textarea").press("Enter")


def test_pasted_text_is_found(visit):
    page = visit()
    make_base(page, "pasted")
    paste(page, "The kettle is orange.\nIt whistles.")
    see(page, "Documents indexed: 1")
    expect(page.locator("#documents")).to_contain_text("The kettle is orange.", timeout=PATIENCE)
    search(page, "What colour is the kettle?")
    result = page.locator("#results .pg-source").first
    expect(result).to_contain_text("It whistles", timeout=PATIENCE)
    expect(result).to_contain_text(re.compile(r"score [\d.]+ · meaning [\d.]+ · words [\d.]+"))


def test_a_search_keeps_to_the_chosen_documents_and_the_lowest_score(visit):
    page = visit()
    make_base(page, "filtered")
    paste(page, "The kettle is orange.", "one")
    see(page, "Documents indexed: 1")
    expect(page.locator("#documents")).to_contain_text("one", timeout=PATIENCE)
    paste(page, "The kettle is orange, they say.", "two")
    expect(page.locator("#documents")).to_contain_text("two", timeout=PATIENCE)
    page.get_by_label("Only in these documents").click()
    page.get_by_role("option", name="two").click()
    search(page, "kettle")
    expect(page.locator("#results")).to_contain_text("they say", timeout=PATIENCE)
    expect(page.locator("#results .pg-source")).to_have_count(1)
    page.get_by_label("Min. meaning (0: any)").fill("1")
    search(page, "kettle ")
    expect(page.locator("#results")).to_contain_text("Nothing found", timeout=PATIENCE)


def test_indexing_goes_on_while_the_page_is_reloaded(visit, gate, tmp_path):
    page = visit()
    make_base(page, "slow")
    (tmp_path / "pot.md").write_text("# Pot\n\nThe pot is blue.", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    with ZipFile(tmp_path / "box.zip", "w") as box:
        box.writestr("cup.md", "The cup is white.")
        box.writestr("plates/plate.txt", "The plate is round.")
    files = [tmp_path / name for name in ("pot.md", "empty.txt", "box.zip")]
    page.locator("#upload input[type=file]").set_input_files(files)
    running = page.locator("#job-status .pg-job")
    expect(running).to_contain_text(re.compile("Embedding slow.*0 / 3"), timeout=PATIENCE)
    page.reload()
    tab(page, "Knowledge")
    expect(page.locator("#base input")).to_have_value("slow", timeout=PATIENCE)
    expect(running).to_contain_text("Embedding slow", timeout=PATIENCE)
    manage(page)
    page.locator("#bases").get_by_label("Name").fill("other")
    page.get_by_role("button", name="Rename", exact=True).click()
    see(page, "is being worked on")
    gate.unlink()
    see(page, "Documents indexed: 3")
    expect(page.locator("#job-status .pg-error")).to_contain_text("empty.txt")
    for title in ("pot.md", "box.zip/cup.md", "box.zip/plates/plate.txt"):
        expect(page.locator("#documents")).to_contain_text(title)


def test_indexing_can_be_stopped_and_gone_on_with(visit, gate, tmp_path):
    page = visit()
    make_base(page, "halted")
    files = [tmp_path / f"{name}.md" for name in ("jug", "mug")]
    for file in files:
        file.write_text(f"The {file.stem} is blue.", encoding="utf-8")
    stop = page.locator("#stop-indexing")
    expect(stop).to_have_count(0)
    page.locator("#upload input[type=file]").set_input_files(files)
    expect(page.locator("#job-status .pg-job")).to_contain_text("Embedding", timeout=PATIENCE)
    stop.click()
    see(page, "It stops after what it is doing now.")
    expect(stop).to_have_count(0)
    gate.unlink()
    see(page, "Stopped. Documents indexed: 0.")
    page.locator("#upload input[type=file]").set_input_files(files)
    see(page, "Documents indexed: 2")


def test_a_base_is_renamed_exported_imported_and_deleted_on_the_second_click(visit, tmp_path):
    page = visit()
    make_base(page, "first 名")
    paste(page, "The spoon is silver.", "spoon")
    see(page, "Documents indexed: 1")
    page.locator("#bases").get_by_label("Name").fill("second 名")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.locator("#base input")).to_have_value("second 名", timeout=PATIENCE)
    expect(page.locator("#documents")).to_contain_text("spoon", timeout=PATIENCE)

    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download(timeout=PATIENCE) as started:
        page.get_by_text("Download second-名.kb.zip").click()
    exported = tmp_path / "exported.zip"
    started.value.save_as(exported)
    assert started.value.suggested_filename.endswith(".kb.zip")

    page.get_by_role("button", name="Delete", exact=True).click()
    confirm = page.get_by_role("button", name="Really delete “second 名”")
    expect(confirm).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Keep it").click()
    expect(confirm).to_be_hidden(timeout=PATIENCE)
    page.get_by_role("button", name="Delete", exact=True).click()
    confirm.click()
    expect(page.locator("#base input")).not_to_have_value("second 名", timeout=PATIENCE)

    page.locator("#bases input[type=file]").set_input_files(exported)
    expect(page.locator("#base input")).to_have_value("second 名", timeout=PATIENCE)
    expect(page.locator("#documents")).to_contain_text("spoon", timeout=PATIENCE)


def test_a_base_of_another_embedder_is_rebuilt_with_one_click(visit):
    page = visit()
    tab(page, "Ask")
    page.get_by_role("combobox", name="Knowledge base", exact=True).first.click()
    page.get_by_role("option", name="from before").first.click()
    page.fill("#question textarea", "What colour is the stove?")
    page.click("#send")
    see(page, "was built with the embedder 'hash-64'")
    choose(page, "from before")
    expect(page.locator("#rebuild")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#documents")).to_be_hidden()
    page.click("#rebuild")
    expect(page.locator("#documents")).to_contain_text("old.md", timeout=PATIENCE)
    expect(page.locator("#rebuild")).to_be_hidden()
    search(page, "stove")
    expect(page.locator("#results")).to_contain_text("green", timeout=PATIENCE)


def test_a_document_is_shown_when_it_is_chosen_and_can_be_deleted(visit):
    page = visit()
    make_base(page, "shown")
    paste(page, "The fork is bent.", "${1 + 1} {{fork}} <b>fork</b>")
    see(page, "Documents indexed: 1")
    expect(page.locator("#documents")).to_contain_text(
        "${1 + 1} {{fork}} <b>fork</b>", timeout=PATIENCE
    )
    chooser = page.get_by_label("Document to show or delete")
    expect(page.get_by_role("button", name="Delete document")).to_be_hidden()
    chooser.click()
    page.get_by_role("option", name="fork").click()
    frame = page.frame_locator("iframe.pg-document")
    expect(frame.locator("main")).to_contain_text("The fork is bent.", timeout=PATIENCE)
    page.get_by_role("button", name="Delete document").click()
    see(page, "0 documents")
    expect(page.locator("iframe.pg-document")).to_have_count(0)


@pytest.mark.parametrize("place", ["Ask", "Knowledge"])
def test_a_source_opens_with_its_passage_in_view(visit, place):
    page = visit()
    if place == "Ask":
        page.fill("#question textarea", "What is the cat of Halden Observatory called?")
        page.click("#send")
        cards = page.locator("#pane-rag .pg-sources")
        expect(cards).to_be_visible(timeout=PATIENCE)
        cards.locator("summary").first.click()
        cards.locator(".pg-source summary").first.click()
    else:
        choose(page, "Halden Observatory")
        search(page, "What is the cat called?")
        cards = page.locator("#results")
    card = cards.locator(".pg-source").first
    passage = card.locator("blockquote").inner_text()
    with page.context.expect_page() as opened:
        card.get_by_role("link").click()
    document = opened.value
    document.wait_for_load_state()
    mark = document.locator("#passage")
    expect(mark).to_be_in_viewport(timeout=PATIENCE)
    assert mark.inner_text().strip()[:40] in passage
    assert document.url.startswith(page.url.split("?")[0])
