"""The page of a report: whole, alone, safe, and with every number in it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from playground.evaluation import Judged, Share, known_by_heart, marked, summarise, versus
from playground.evaluation.plan import key
from playground.reports import Report, write
from playground.tradeoffs import CRITERIA, METHODS
from playground.tradeoffs.wording import phrases
from playground.types import Source
from tests.reports import made


def parsed(report, language="en"):
    return BeautifulSoup(write(report, "html", language), "html.parser")


def table(soup, section, number=0):
    """{row's name: {column's head: cell's text}}; lines of a cell are separated by spaces."""
    found = soup.select(f"#{section} table")[number]
    heads = [th.get_text() for th in found.select("thead th")]
    rows = {}
    for row in found.select("tbody tr"):
        name, *cells = (cell.get_text(" ") for cell in row.find_all(["th", "td"]))
        rows[name] = dict(zip(heads[1:], cells, strict=True))
    return rows


@pytest.fixture(scope="module")
def report():
    asked = made.questions(24) + made.questions(16, "zh")
    return made.report(made.evaluation(asked), trial=made.trial(), run=made.run())


@pytest.fixture(scope="module")
def soup(report):
    return parsed(report)


# ---------------------------------------------------------------- alone and safe


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_fetched_and_nothing_is_run(report, language):
    soup = parsed(report, language)
    assert soup.find_all(["script", "link", "img", "iframe", "object", "base", "form"]) == []
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "src"]
        assert tag.get("href", "#").startswith("#")
    style = soup.style.string
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in soup.find("meta", {"http-equiv": True})["content"]


def test_its_parts_are_named_and_its_contents_lead_to_them(soup):
    assert [h1.get_text() for h1 in soup.find_all("h1")] == ["Evaluation of fake"]
    assert soup.html["lang"] == "en"
    links = [a["href"] for a in soup.select("nav a")]
    assert links == [f"#{section['id']}" for section in soup.select("main > section")]
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_what_models_files_and_users_say_is_text():
    fields = {"question": made.EVIL, "kind": made.EVIL}
    evil = replace(made.question(1), answers=(made.EVIL,), documents=(made.EVIL,), **fields)
    of = made.evaluation([evil], ("rag", "lora"), knowledge=made.EVIL, adapter=made.EVIL)
    of = replace(of, setup={**of.setup, "model": made.EVIL, made.EVIL: made.EVIL})
    said = made.results(of)[key(evil), "rag"]
    said = replace(said, text=made.EVIL, sources=(replace(said.sources[0], title=made.EVIL),))
    given = {(key(evil), "rag"): said, (key(evil), "lora"): made.failed()}
    trial = made.trial()
    missing = (replace(trial.missing[0], en=made.EVIL),)
    kinds = tuple(replace(one, kind=made.EVIL) for one in trial.measurements)
    trial = replace(trial, missing=missing, measurements=kinds)
    soup = parsed(made.report(of, given, trial=trial, run=made.run(made.EVIL)))
    assert soup.find_all(["script", "img"]) == []
    assert soup.h1.get_text() == f"Evaluation of {made.EVIL}"
    assert soup.select_one("#q1 h3").get_text() == f"1 {made.EVIL}"
    assert soup.select_one("#q1 .answers p").get_text() == made.EVIL
    assert made.EVIL in soup.select_one("#q1 .answers div:nth-child(2) p").get_text()
    assert soup.select_one("#missing dd").get_text() == made.EVIL
    assert soup.get_text().count(made.EVIL) > 12


# ---------------------------------------------------------------- every number


def expected(one):
    """What is to be read in a mode's column, told by other code than the report's."""

    def per_cent(share):
        return f"{100 * share.count / share.total:.1f}% {share.count}/{share.total}"

    def spread(of, digits=None):
        form = "{:." + str(digits) + "f}" if digits is not None else None
        values = [
            (form or ("{:.2f}" if v >= 0.1 else "{:.3f}")).format(v) for v in (of.p50, of.p95)
        ]
        return " / ".join(values)

    low, high = one.right.interval
    return {
        "Right": f"{per_cent(one.right)} · {100 * low:.1f}–{100 * high:.1f}%",
        "Right: facts": per_cent(one.by_kind["fact"]),
        "Right: whole documents": per_cent(one.by_kind["whole-document"]),
        "Exact (EM) SQuAD / CMRC": per_cent(one.exact_match),
        "F1 SQuAD / CMRC": f"{one.f1:.3f}",
        "ROUGE-L": f"{one.rouge_l:.3f}",
        "Length": f"{one.characters:.0f}",
        "Refused": per_cent(one.refusals),
        "First token": spread(one.time_to_first_token),
        "Cold": spread(one.cold),
        "Warm": spread(one.warm),
        "Total": spread(one.total_seconds),
        "Tokens/s": spread(one.tokens_per_second, 1),
        "Errors": str(one.failed),
    }


def test_every_figure_of_every_mode_is_told(report, soup):
    told = table(soup, "figures")
    for one in summarise(report.answers):
        name = dict(made.NAMES)[one.mode]
        for measure, text in expected(one).items():
            assert told[measure][name] == text, (measure, one.mode)
        if one.false_answers.total:
            share = one.false_answers
            wanted = f"{100 * share.count / share.total:.1f}% {share.count}/{share.total}"
            assert told["False answers"][name] == wanted
        assert (
            told["Prompt tokens"][name]
            .replace(",", "")
            .startswith(f"{one.prompt_tokens.p50:.0f} / ")
        )


def test_without_what_was_known_by_heart_all_is_told_again(report, soup):
    by_heart = known_by_heart(report.answers)
    assert by_heart
    others = [one for one in report.answers if one.mode != "base"]
    told = table(soup, "filtered")
    assert "Base model" not in told["Right"]
    for one in summarise(others, without=by_heart):
        for measure, text in expected(one).items():
            assert told[measure][dict(made.NAMES)[one.mode]] == text
    assert f"got {len(by_heart)} questions right" in soup.select_one("#filtered .note").get_text()
    assert len(table(soup, "filtered", 1)) == 10  # every two of the five others


def test_every_two_modes_are_compared(report, soup):
    told = table(soup, "pairs")
    pairs = versus(report.answers)
    assert len(told) == len(pairs) == 15
    names = dict(made.NAMES)
    for pair in pairs:
        row, of = told[f"{names[pair.first]} / {names[pair.second]}"], pair.outcome
        assert [row["Both right"], row["Only A"], row["Only B"], row["Neither"]] == [
            str(n) for n in (of.both, of.only_first, of.only_second, of.neither)
        ]
        assert float(row["B − A"]) == pytest.approx(100 * of.difference, abs=0.05)
        assert row["p"] == ("<0.001" if of.p_value < 0.001 else f"{of.p_value:.3f}")


def test_how_well_passages_were_found_is_told_of_the_modes_that_searched(report, soup):
    told = table(soup, "retrieval")
    found = {one.mode: one.retrieval for one in summarise(report.answers) if one.retrieval}
    assert set(told) == {dict(made.NAMES)[mode] for mode in found}
    assert set(found) == {"rag", "rag+lora"}
    for mode, of in found.items():
        row = told[dict(made.NAMES)[mode]]
        assert row["Questions"] == str(of.questions)
        figures = (of.hit_at_1, of.hit_at_k, of.recall_at_k, of.mrr_at_10, of.ndcg_at_10)
        heads = ("hit@1", "hit@k", "recall@k", "MRR@10", "nDCG@10")
        assert [row[head] for head in heads] == [f"{figure:.3f}" for figure in figures]


# ---------------------------------------------------------------- every answer


def test_every_answer_stands_beside_the_others_with_its_mark(report, soup):
    articles = soup.select("#answers article")
    assert len(articles) == len(report.evaluation.questions)
    modes = report.evaluation.plan.modes
    given = {(key(one.question), one.mode): one for one in report.answers}
    signs = {True: "✓", False: "✗", None: "·"}
    for article, question in zip(articles, report.evaluation.questions, strict=True):
        assert question.question in article.h3.get_text()
        cells = article.select(".answers > div")
        for mode, cell in zip(modes, cells, strict=True):
            if (key(question), mode) not in given:
                assert "not asked" in cell.get_text()
                continue
            one = given[key(question), mode]
            assert cell.b.get_text() == dict(made.NAMES)[mode]
            assert cell.i.get_text() == signs[one.mark.right]
            assert cell.p.get_text() == one.answer.text
            small = " ".join(small.get_text() for small in cell.find_all("small"))
            took = float(re.search(r"([\d.]+) s ·", small)[1])
            assert took == pytest.approx(one.answer.metrics.total_seconds, abs=0.005)
            assert f"{one.answer.metrics.prompt_tokens:,} prompt tokens" in small
            assert all(source.title in small for source in one.answer.sources)
            assert ("cut off" in small) == (one.answer.finish_reason == "length")


def test_of_many_sources_the_first_are_named_and_the_others_counted():
    of = made.evaluation([made.question(1)], ("rag",))
    said = made.results(of)["en:1", "rag"]
    sources = tuple(replace(said.sources[0], title=f"{n}.md") for n in range(9))
    soup = parsed(made.report(of, {("en:1", "rag"): replace(said, sources=sources * 2)}))
    assert soup.select(".answers small")[-1].get_text() == (
        "Sources: 0.md, 1.md, 2.md, 3.md, 4.md, 5.md, and 3 more"
    )


def test_questions_on_which_the_modes_disagree_can_be_shown_alone(report, soup):
    by_question = {}
    for one in report.answers:
        if one.mark.right is not None:
            by_question.setdefault(key(one.question), set()).add(one.mark.right)
    agreed = sum(len(verdicts) < 2 for verdicts in by_question.values())
    assert 0 < agreed < len(by_question)
    assert len(soup.select("article.agreed")) == agreed
    assert soup.select_one("input#disputed")


# ---------------------------------------------------------------- what there is, and is not


def test_an_evaluation_without_answers_says_so():
    soup = parsed(made.report(made.evaluation(made.questions(3)), {}))
    assert soup.select_one("#figures").get_text(strip=True).endswith("Nothing was answered yet.")
    assert not soup.select("#answers, #pairs, figure, #legend")
    assert "0 of 18" in soup.header.get_text()
    assert soup.select("#plan dd")


def test_an_evaluation_that_goes_on_says_how_far_it_is_and_what_failed():
    of = made.evaluation(made.questions(4))
    given = made.results(of)
    given["en:0", "rag"] = made.failed()
    del given["en:1", "lora"], given["en:3", "oracle"]
    for mode in made.MODES:
        del given["en:2", mode]
    soup = parsed(made.report(of, given))
    notes = soup.select_one("#figures").get_text()
    assert "16 of 24 answers were there" in notes
    assert "error: 1." in notes
    assert [article["id"] for article in soup.select("article")] == ["q1", "q2", "q4"]
    assert "Too long" in soup.select_one("#q1 .failed p").get_text()
    assert "not asked yet" in soup.select("#q2 .answers > div")[3].get_text()
    assert table(soup, "figures")["Errors"]["Knowledge base (RAG)"] == "1"


def test_modes_that_cannot_be_asked_are_not_waited_for():
    unknown = replace(made.question(1), documents=())
    of = made.evaluation([unknown, made.question(2)])
    soup = parsed(made.report(of))
    assert "nobody knows where its answer stands" in soup.select_one("#q1").get_text()
    assert "answers were there" not in soup.get_text()


def test_answers_that_nobody_can_mark_are_neither_right_nor_wrong():
    of = made.evaluation([replace(made.question(1), answers=())], ("base",))
    soup = parsed(made.report(of))
    assert soup.select_one(".answers i").get_text() == "·"
    assert "Right" not in table(soup, "figures")
    assert not soup.select("figure, #pairs")


def test_a_multiple_choice_tells_the_chosen_option():
    asked = replace(made.question(1), options=("1 crowns", "2 crowns"))
    of = made.evaluation([asked], ("base", "rag"), multiple_choice=True)
    given = {place: replace(said, chosen=1) for place, said in made.results(of).items()}
    given["en:1", "rag"] = replace(given["en:1", "rag"], chosen=None)
    soup = parsed(made.report(of, given))
    assert "chosen option: 2 crowns" in soup.select_one("#q1 .answers > div").get_text()
    assert "chose no option" in soup.select("#q1 .answers > div")[1].get_text()
    assert table(soup, "figures")["Choice"]["Base model"] == "0.0% 0/1"


def test_plan_and_machine_are_told(soup):
    plan = {dt.get_text(): dt.find_next("dd").get_text() for dt in soup.select("#plan dt")}
    assert plan["Passages (top_k)"] == "3"
    assert plan["Adapter"] == "halden-facts"
    assert plan["Languages"] == "English, Chinese"
    machine = {dt.get_text(): dt.find_next("dd").get_text() for dt in soup.select("#setup dt")}
    assert machine["torch"] == "2.13"
    assert machine["Processor"] == "Processor 1"
    assert machine["Engine"] == "fake (as set)"


# ---------------------------------------------------------------- trial, training, charts


def test_the_eleven_criteria_stand_with_statements_and_measurements(report, soup):
    told_cells = table(soup, "tradeoffs")
    assert len(told_cells) == len(CRITERIA) == 11
    names = dict(made.NAMES)
    for criterion in CRITERIA:
        row = told_cells[criterion.title.en]
        for method in METHODS:
            measured = phrases(criterion.measured(report.trial, method), "en")
            lines = [criterion.statements[method].en, *measured]
            assert row[names[method]] == " ".join(lines)
    assert "1/4 right" in told_cells["Core goal"]["Base model"]
    missing = soup.select_one("#missing").get_text()
    assert "Long context · Right at a size of the knowledge (64,050)" in missing
    assert "none of 2 edits" in missing


def test_growth_is_drawn_and_tabled_up_to_what_did_not_fit(soup):
    told_cells = table(soup, "growth")
    assert list(told_cells) == ["1,020", "4,100", "64,050"]
    assert told_cells["64,050"] == {
        "Knowledge base (RAG)": "2/3",
        "Long context": "not measured",
    }
    assert len(soup.select("#growth .pg-at")) == 5
    assert soup.select_one("#growth figure")["aria-label"].endswith("context window: 8,192")


def test_charts_have_a_mark_a_mode_and_say_what_they_show(report, soup):
    scatter = soup.select_one("#figures figure")
    assert len(scatter.select(".pg-at")) == len(made.MODES)
    for one in summarise(report.answers):
        label = f"{dict(made.NAMES)[one.mode]}: {one.right.value:.0%}"
        assert label in scatter["aria-label"]
    loss = soup.select_one("#training figure")["aria-label"]
    assert "training: 3.000 → 0.075; mock exam: 0.200 → 0.050" in loss


def test_without_a_run_or_a_trial_their_sections_are_left_out(report):
    soup = parsed(replace(report, trial=None, run=None))
    assert not soup.select("#training, #tradeoffs, #growth, #missing")


def test_a_trial_can_stand_alone():
    soup = parsed(Report(made.CREATED, trial=made.trial()))
    assert soup.h1.get_text() == "Trade-offs of fake"
    assert [part["id"] for part in soup.select("main > section")] == [
        *("tradeoffs", "growth", "missing", "setup")
    ]


# ---------------------------------------------------------------- languages


# Names, and what is called so in Chinese, too.
_NAMES = (
    "Context Playground fake UTC halden facts file md other rows jsonl Processor Linux torch Python"
    " RAG LoRA EM F1 CMRC SQuAD ROUGE L token hit k recall MRR nDCG Wilson McNemar A B p r GB abcd"
    " top_k min_score max_tokens temperature top_p seed refuse drop fair"
)


def test_the_chinese_one_is_chinese():
    of = made.evaluation(made.questions(12, "zh"))
    given = made.results(of)
    given["zh:1", "rag"] = replace(made.failed(), zh="太长")
    del given["zh:2", "lora"]
    given["zh:4", "rag"] = replace(given["zh:4", "rag"], outcome="not-in-knowledge")
    whole = made.report(of, given, trial=made.trial("zh"), run=made.run())
    soup = parsed(whole, "zh")
    assert soup.html["lang"] == "zh-CN"
    soup.style.decompose()
    texts = [soup.get_text(" ")]
    for tag in soup.find_all(True):
        texts += [tag[name] for name in ("aria-label", "title", "data-head") if tag.get(name)]
    latin = set(re.findall(r"[A-Za-z][A-Za-z_]*\d?", " ".join(texts)))
    assert latin - set(_NAMES.split()) == set()


def test_the_same_report_is_the_same_file(report):
    assert write(report, "html", "en") == write(report, "html", "en")
    again = replace(report, answers=marked(report.evaluation, made.results(report.evaluation)))
    assert write(again, "html", "en") == write(report, "html", "en")


# ---------------------------------------------------------------- places and judges


@pytest.mark.parametrize(
    ("language", "places"), [("en", ("beginning", "end")), ("zh", ("开头", "结尾"))]
)
def test_right_answers_are_told_by_where_the_answer_stood(language, places):
    asked = made.question(1, language)
    long = [Source("o", "other.md", "-" * 60, 0, 60, score=1.0)] * 3
    gold = Source("g", "file-1.md", asked.answers[0], 0, 9, score=1.0)
    second = replace(asked, id="2")
    of = made.evaluation([asked, second], ("base", "rag"))
    base = made.results(of)[key(asked), "base"]
    first = replace(base, mode="rag", text=asked.answers[0], sources=(gold, *long))
    last = replace(first, text="-", sources=(*long, gold))
    given = {(key(asked), "rag"): first, (key(second), "rag"): last, (key(asked), "base"): base}
    soup = parsed(made.report(of, given), language)
    (row,) = table(soup, "positions").values()
    assert row[places[0]].startswith("100.0% 1/1")
    assert row[places[1]].startswith("0.0% 0/1")
    assert soup.select_one("#positions figure svg")


def test_what_judges_said_is_told_with_what_they_left_open():
    of = made.evaluation(made.questions(2), ("base",))
    judges = (Judged(made.EVIL, "base", Share(3, 4), 2),)
    row = table(parsed(made.report(of, judged=judges)), "judged")[made.EVIL]
    assert row["Mode"] == "Base model"
    assert row["Right"].startswith("75.0% 3/4")
    assert row["No verdict"] == "2"
    assert not parsed(made.report(of)).select("#judged, #positions")
