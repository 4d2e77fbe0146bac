"""The report as Markdown: what the page says, and nothing from outside that Markdown would obey."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from playground.evaluation.plan import key
from playground.reports import write
from playground.reports.markdown import plain
from tests.reports import made

markdown_it = pytest.importorskip("markdown_it")


def text_of(report, language="en"):
    return write(report, "md", language).decode()


def rendered(markdown):
    html = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)
    return BeautifulSoup(html, "html.parser")


@pytest.fixture(scope="module")
def report():
    asked = made.questions(12) + made.questions(8, "zh")
    return made.report(made.evaluation(asked), trial=made.trial(), run=made.run())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_says_what_the_page_says(report, language):
    page = BeautifulSoup(write(report, "html", language), "html.parser")
    markdown = rendered(text_of(report, language))
    assert [h.get_text() for h in markdown.find_all("h2")] == [
        h.get_text() for h in page.find_all("h2")
    ]
    tables = [
        [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
        for table in page.select("section:not(#answers) table")
    ]
    assert len(tables) >= 6
    assert [
        [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
        for table in markdown.find_all("table")[: len(tables)]
    ] == tables
    terms = {(dt.get_text(), dt.find_next("dd").get_text()) for dt in page.find_all("dt")}
    listed = {item.get_text() for item in markdown.find_all("li")}
    assert {f"{name} {value}" for name, value in terms} == listed


def test_every_answer_is_a_row_under_its_question(report):
    soup = rendered(text_of(report))
    heads = soup.find_all("h3")
    assert len(heads) == len(report.evaluation.questions)
    modes = report.evaluation.plan.modes
    given = {(key(one.question), one.mode): one for one in report.answers}
    for number, (head, question) in enumerate(
        zip(heads, report.evaluation.questions, strict=True), start=1
    ):
        assert head.get_text() == f"{number}. {question.question}"
        rows = head.find_next("table").select("tbody tr")
        for mode, row in zip(modes, rows, strict=True):
            name, verdict, said, _ = (cell.get_text() for cell in row.find_all("td"))
            one = given[key(question), mode]
            assert name == dict(made.NAMES)[mode]
            assert verdict[0] == ("✓" if one.mark.right else "✗")
            assert said == one.answer.text


@pytest.mark.parametrize(
    "text",
    [
        made.EVIL,
        "a | b\\| c `d` ``e`` **f** _g_ ~~h~~ [i](http://evil.example) ![j](k) <b>l</b> &amp; m",
        "# no heading",
        "$x$ and $$y$$",
        "<!-- gone? -->",
        "ends with a backslash \\",
    ],
)
def test_text_from_outside_is_shown_as_it_is(text):
    of = made.evaluation([replace(made.question(1), question=text, answers=(text,))], ("rag",))
    said = replace(made.results(of)["en:1", "rag"], text=text)
    soup = rendered(text_of(made.report(of, {("en:1", "rag"): said})))
    assert soup.h3.get_text() == f"1. {text}"
    assert soup.find_all("table")[-1].select("tbody td")[2].get_text() == text
    assert soup.find_all(["script", "img", "a", "em", "del", "code", "b"]) == []


def test_several_lines_stay_in_their_cell():
    of = made.evaluation([made.question(1)], ("rag",))
    said = replace(made.results(of)["en:1", "rag"], text="one\n\n| two |\r\nthree")
    soup = rendered(text_of(made.report(of, {("en:1", "rag"): said})))
    row = soup.find_all("table")[-1].select("tbody tr")
    assert len(row) == 1
    assert row[0].find_all("td")[2].get_text("\n") == "one\n| two |\nthree"
    assert plain("a\nb") == "a<br>b"


def test_curves_and_marks_are_told_in_words(report):
    soup = rendered(text_of(report))
    assert "Loss (lower is better): training 3.000 → 0.075; mock exam 0.200 → 0.050" in (
        soup.get_text()
    )
    assert "Right answers against the size of the knowledge: Long context 1,020 → 3/3, " in (
        soup.get_text()
    )
