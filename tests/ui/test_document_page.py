"""The page of one document: its text and its pages, with a passage marked."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from playground.app import Playground
from playground.settings import Settings
from playground.types import Document
from playground.ui.document_page import document_route
from playground.ui.render import document_url
from playground.ui.render_document import document_page
from playground.ui.visit import Visits
from playground.visitors import Visitors

TEXT = "First page.\n<b>Second</b> page.\nThird page."
SECOND, THIRD = TEXT.index("<b>"), TEXT.index("Third")
PAGED = Document("<i>report</i>.pdf", TEXT, (0, SECOND, THIRD), format="plain")


def marked(html):
    return "".join(unescape(piece) for piece in re.findall(r"<mark[^>]*>(.*?)</mark>", html, re.S))


def readable(html):
    """What the visitor sees of the text."""
    main = re.search(r"<main>(.*)</main>", html, re.S)
    assert main
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<div.*?</div>", "", main[1])))


@pytest.mark.parametrize("span", [None, (0, 5), (SECOND, THIRD), (3, len(TEXT)), (0, len(TEXT))])
def test_the_passage_and_nothing_else_is_marked(span):
    html = document_page("notes", PAGED, span, "en")
    assert marked(html) == (TEXT[slice(*span)] if span else "")
    assert readable(html) == TEXT
    assert html.count("id='passage'") == (1 if span else 0)


def test_pages_begin_with_their_numbers_inside_the_passage_too():
    html = document_page("notes", PAGED, (0, len(TEXT)), "en")
    numbers = [html.index(f"<div class='page' id='page-{page}'>page {page}<") for page in (1, 2, 3)]
    assert numbers == sorted(numbers)
    assert "<mark>&lt;b&gt;Second" in html
    assert "第 2 页" in document_page("notes", PAGED, None, "zh")


def test_empty_pages_are_there_too():
    document = Document("d", "one", (0, 3, 3))
    html = document_page("notes", document, (0, 3), "en")
    assert "page 2" in html
    assert "page 3" in html


def test_nothing_of_a_document_is_markup():
    html = document_page("<base>", PAGED, (0, 5), "zh")
    for tag in ("<b>", "<i>", "<base>"):
        assert tag not in html
    assert "lang='zh-CN'" in html


@pytest.fixture
def playground(tmp_path):
    settings = Settings(model="fake", embedder="fake", data_dir=tmp_path)
    playground = Playground(settings)
    list(playground.bases.add_documents("厨房 notes", [PAGED]))
    return playground


@pytest.fixture
def client(playground):
    app = Starlette(routes=[document_route(Visits(Visitors(playground)))])
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def id(playground):
    return playground.bases.library.get("厨房 notes").documents()[0].id


def test_the_address_of_a_source_shows_its_passage(client, id):
    answer = client.get("/" + document_url("厨房 notes", id, "en", span=(SECOND, THIRD)))
    assert answer.status_code == 200
    assert marked(answer.text) == TEXT[SECOND:THIRD]
    assert "厨房 notes" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_it_speaks_the_visitors_language(client, id):
    assert "3 页" in client.get("/" + document_url("厨房 notes", id, "zh")).text
    url = f"/knowledge/document?base=厨房 notes&id={id}"
    assert "3 pages" in client.get(url, headers={"accept-language": "en"}).text
    assert "3 页" in client.get(url, headers={"accept-language": "zh-CN,en;q=0.5"}).text


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 404, "knowledge base"),
        ("base=nothing&id=x", 404, "nothing"),
        ("base=%3Cscript%3E&id=x", 404, "&lt;script&gt;"),
        ("base={base}&id=nothing", 404, "nothing"),
        ("base={base}", 404, "document"),
        ("base={base}&id={id}&start=5", 400, "end"),
        ("base={base}&id={id}&start=5&end=4", 400, "end"),
        ("base={base}&id={id}&start=-1&end=4", 400, "start"),
        ("base={base}&id={id}&start=0&end=99999", 400, "end"),
        ("base={base}&id={id}&start=x&end=4", 400, "start"),
        ("base={base}&id={id}&start=%C2%B2&end=4", 400, "start"),
        ("base={base}&id={id}&start=0&end=" + "9" * 5000, 400, "end"),
    ],
)
def test_a_wrong_address_is_an_error_in_words(client, id, query, status, said):
    answer = client.get("/knowledge/document?" + query.format(base="厨房 notes", id=id))
    assert answer.status_code == status
    assert said in answer.text
    assert "role='alert'" in answer.text
    assert "Traceback" not in answer.text
    assert "<script" not in answer.text
