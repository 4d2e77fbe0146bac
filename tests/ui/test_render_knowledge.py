"""Knowledge bases to HTML: what is in them, what is being done to them, and where sources lead."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from playground.errors import BaseUnusable, NoText
from playground.jobs import JobState
from playground.retrieval import DocumentInfo
from playground.rounds import Pane, advance
from playground.types import Answer, Metrics, Progress, Source
from playground.ui import render, render_knowledge
from playground.ui.knowledge_bases import export_name

SCALE = render.Scale(1.0, 2294)
EVIL = "'><script>alert(1)</script>"
INFO = DocumentInfo("id1", "scan.pdf", 4200, 1234, 7, 12, (3, 7, 8, 9), 1_700_000_000.0)
SOURCE = Source(
    "id1", "a.md", "the cat", 10, 17, score=0.03, dense_score=0.9, headings="Pets › Cats"
)
METRICS = Metrics(10, 2, 0, 0, 0.0, 0.1, None, 0.2)


def test_the_table_says_what_a_document_holds_and_leads_to_it():
    html = render_knowledge.document_table("my notes", [INFO], "en")
    for part in ("1 documents", "1,234", ">7<", "12 ", "base=my+notes&amp;id=id1", "scan.pdf"):
        assert part in html


def test_pages_without_text_are_named():
    assert render_knowledge.page_warning(INFO, "en") == "scan.pdf: pages 3, 7-9 hold no text"
    assert render_knowledge.page_warning(INFO, "zh") == "scan.pdf：第 3、7-9 页没有文字"
    one = replace(INFO, pages_without_text=(4,))
    assert render_knowledge.page_warning(one, "en") == "scan.pdf: page 4 holds no text"
    html = render_knowledge.document_table("b", [INFO, replace(one, pages_without_text=())], "en")
    assert html.count("pg-warning") == 1


@pytest.mark.parametrize(
    ("pages", "said"), [((1,), "1"), ((1, 2), "1-2"), ((1, 3, 4, 9), "1, 3-4, 9"), ((), "")]
)
def test_pages_in_a_row_are_said_together(pages, said):
    assert render_knowledge.page_ranges(pages, "en") == said


def test_a_long_list_is_cut_with_a_word():
    html = render_knowledge.document_table("b", [INFO] * 1200, "en")
    assert html.count("<tr>") == 1001
    assert "… and 200 more" in html
    assert "… and 1,195 more" in html  # warnings


def test_a_running_job_says_how_fast_and_how_long():
    state = JobState(Progress("embed", "notes", 1200, 4800), rate=8.64, seconds_left=417.0)
    html = render_knowledge.job_status(state, "en")
    for part in ("Embedding notes", "1,200 / 4,800", "8.6 passages/s", "about 6:57 min left"):
        assert part in html
    assert "width:25.0%" in html
    assert "每秒 8.6 个段落" in render_knowledge.job_status(state, "zh")
    assert "约剩 6:57 分钟" in render_knowledge.job_status(state, "zh")


def test_a_job_without_a_total_or_a_word_yet_is_no_meter():
    reading = JobState(Progress("read", "a.pdf", 3))
    assert "pg-meter" not in render_knowledge.job_status(reading, "en")
    assert "Starting" in render_knowledge.job_status(JobState(), "en")
    assert render_knowledge.job_status(None, "en") == ""


def test_every_file_that_failed_has_its_line_and_the_others_are_counted():
    errors = tuple(NoText(title=f"{number}.txt") for number in range(30))
    html = render_knowledge.job_status(JobState(errors=errors, done=True, stored=1234), "en")
    assert html.count("pg-error") == 30
    assert "Documents indexed: 1,234" in html
    running = render_knowledge.job_status(JobState(errors=errors), "en")
    assert running.count("pg-error") == 20
    assert "… and 10 more" in running


def test_what_ended_a_job_is_an_error_and_nothing_to_do_is_none():
    failure = BaseUnusable(folder="x", reason="disk full")
    failed = render_knowledge.job_status(JobState(done=True, failure=failure), "en")
    assert "disk full" in failed
    assert "Nothing to do" not in failed
    assert "Nothing to do" in render_knowledge.job_status(JobState(done=True), "en")


def test_a_job_that_was_stopped_says_what_is_there_and_how_to_go_on():
    stopping = JobState(Progress("embed", "notes", 1, 9), stopping=True)
    assert "It stops after" in render_knowledge.job_status(stopping, "en")
    stopped = render_knowledge.job_status(JobState(done=True, stored=3, stopped=True), "en")
    assert "Stopped. Documents indexed: 3." in stopped
    assert "已停止" in render_knowledge.job_status(JobState(done=True, stopped=True), "zh")


def test_a_source_leads_to_its_passage_and_a_whole_document_to_its_top():
    url = urlsplit(render.source_url("厨房 & co", SOURCE, "en"))
    assert (url.path, url.fragment) == ("knowledge/document", "passage")
    query = {"base": ["厨房 & co"], "id": ["id1"], "lang": ["en"], "start": ["10"], "end": ["17"]}
    assert parse_qs(url.query) == query
    whole = urlsplit(render.source_url("b", replace(SOURCE, score=None), "zh"))
    assert parse_qs(whole.query) == {"base": ["b"], "id": ["id1"], "lang": ["zh"]}
    assert whole.fragment == ""


def test_a_card_shows_headings_the_table_head_and_the_link():
    card = render.source_card(1, replace(SOURCE, table_head="a|b"), "en", knowledge="notes")
    assert "Pets › Cats" in card
    assert "a|b\nthe cat" in card
    assert "target='_blank' rel='noopener'" in card
    assert "href" not in render.source_card(1, SOURCE, "en")


def test_a_pane_links_its_sources_to_the_base_that_was_asked():
    pane = advance(Pane("rag", knowledge="notes"), Answer("rag", "t", "stop", (SOURCE,), METRICS))
    assert "base=notes&amp;id=id1" in render.pane_foot(pane, SCALE, "en")


def test_no_answer_in_the_knowledge_base_is_a_badge_and_not_an_answer():
    answer = Answer("rag", "Not in the passages.", "stop", (), METRICS)
    usual = advance(Pane("rag"), answer)
    absent = advance(Pane("rag"), replace(answer, outcome="not-in-knowledge"))
    assert "pg-absent" not in render.pane_head(usual, "en")
    assert "Not in the knowledge base" in render.pane_head(absent, "en")
    assert "知识库中没有" in render.pane_head(absent, "zh")


def test_citations_that_were_removed_are_counted():
    answer = Answer("rag", "t", "stop", (SOURCE,), METRICS, removed_citations=2)
    assert "removed: 2" in render.pane_foot(advance(Pane("rag"), answer), SCALE, "en")
    assert "2 处" in render.pane_foot(advance(Pane("rag"), answer), SCALE, "zh")
    usual = replace(answer, removed_citations=0)
    assert "removed" not in render.pane_foot(advance(Pane("rag"), usual), SCALE, "en")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_from_outside_becomes_markup(language):
    info = replace(INFO, id=EVIL, title=EVIL)
    source = replace(
        SOURCE, title=EVIL, text=EVIL, headings=EVIL, table_head=EVIL, document_id=EVIL
    )
    html = [
        render_knowledge.document_table(EVIL, [info], language),
        render_knowledge.document_view(EVIL, EVIL, EVIL, language),
        render_knowledge.search_results(EVIL, [source], language),
        render_knowledge.job_status(
            JobState(Progress("embed", EVIL, 1, 2), (NoText(title=EVIL),)), language
        ),
    ]
    assert "<script" not in "".join(html)
    assert "'>&lt;" not in "".join(html)


@pytest.mark.parametrize(
    ("base", "file"),
    [
        ("Notes 2026", "Notes-2026.kb.zip"),
        ("厨房 / notes", "厨房-notes.kb.zip"),
        ("../..", "knowledge.kb.zip"),
        ("a" * 100, "a" * 60 + ".kb.zip"),
        ('CON:<"x">', "CON-x.kb.zip"),
    ],
)
def test_a_base_is_exported_under_a_name_that_any_system_takes(base, file):
    assert export_name(base) == file
