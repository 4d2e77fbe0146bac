"""Blind rounds in a real browser, over a fake model that can be held up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from playground.votes import Votes
from tests.ui.conftest import served_fake

pytestmark = pytest.mark.browser

PATIENCE = 60_000  # milliseconds; the machine may be busy
GATED = str(Path(__file__).with_name("gated_page.py"))
NAMES = re.compile("Base model|Knowledge base|Long context|LoRA|原始|知识库|长文本|微调")
COSTS = re.compile("token|First|Total|source|总用时|来源")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("votes")


@pytest.fixture(scope="module")
def served(home):
    """The page, whose model goes on while the gate is there."""
    with served_fake(home, GATED, ANSWER_GATE=str(home / "gate")) as served:
        yield served


@pytest.fixture
def gate(home):
    """No answer ends while it is there."""
    gate = home / "gate"
    gate.touch()
    yield gate
    gate.unlink(missing_ok=True)


@pytest.fixture
def votes(home):
    """Those of the page, of which there are none yet."""
    votes = Votes(home / "data" / "votes.sqlite")
    votes.reset("fake")
    return votes


def ask_blind(page, *without, question="What is the cat called?"):
    """Ask in the modes that are ticked by default but `without` some."""
    for name in without:
        page.get_by_label(name, exact=True).uncheck()
    page.locator("#blind input").check()
    page.fill("#question textarea", question)
    page.click("#send")


TWO = ("Long context", "Fine-tuned (LoRA)")
ZH_TWO = ("长文本", "微调（LoRA）")


def answers(page, *letters):
    for letter in letters:
        written = page.locator(f"#pane-{letter} .pg-answer.prose")
        expect(written).to_have_text(re.compile("cat|猫"), timeout=PATIENCE)


def counted(votes):
    return [
        (one.first, one.second, one.first_better + one.second_better, one.ties, one.both_bad)
        for one in votes.tallies("fake")
    ]


def test_names_sources_and_figures_are_hidden_until_the_vote(visit, votes):
    page = visit()
    ask_blind(page, *TWO)
    answers(page, "a", "b")
    panes = page.locator(".pg-round")
    expect(panes.locator(".pg-pane:visible")).to_have_count(2)
    assert NAMES.search(panes.inner_text()) is None
    assert COSTS.search(panes.inner_text()) is None
    ids = page.locator(".pg-nameless").evaluate(
        "e => [...e.querySelectorAll('[id]')].map(one => one.id).join(' ')"
    )
    assert "pane-a" in ids
    assert re.search("base|rag|context", ids) is None
    assert "[base]" in panes.inner_text()  # the fake model's own text, which is left as it is
    page.click("#vote-a")
    expect(page.locator("#pane-a .pg-cost")).to_be_visible(timeout=PATIENCE)
    heads = [page.locator(f"#pane-{letter} h3").inner_text() for letter in "ab"]
    assert sorted(heads) == ["Base model", "Knowledge base (RAG)"]
    [one] = votes.tallies("fake")
    assert one.first_better == (heads[0] == "Base model")
    assert one.second_better == (heads[0] != "Base model")


def test_a_vote_counts_once_and_the_buttons_are_dead_afterwards(visit, votes):
    page = visit()
    ask_blind(page, *TWO)
    answers(page, "a", "b")
    page.evaluate(
        "for (const id of ['tie', 'a', 'b']) document.getElementById('vote-' + id).click()"
    )
    expect(page.locator("#vote-state")).to_contain_text("Your vote is counted", timeout=PATIENCE)
    for button in ("a", "b", "tie", "bad", "skip"):
        expect(page.locator(f"#vote-{button}")).to_be_disabled()
    assert [decided + ties for _, _, decided, ties, _ in counted(votes)] == [1]


def test_the_best_of_three_beats_both_others(visit, votes):
    page = visit()
    ask_blind(page, "Fine-tuned (LoRA)")
    answers(page, "a", "b", "c")
    expect(page.locator("#vote-state")).to_have_text("Which answer is best?")
    expect(page.locator("#vote-d")).to_be_hidden()
    page.click("#vote-b")
    expect(page.locator("#vote-state")).to_contain_text("Your vote is counted", timeout=PATIENCE)
    best = page.locator("#pane-b h3").inner_text()
    assert len(counted(votes)) == 2
    for one in votes.tallies("fake"):
        winner = one.first if one.first_better else one.second
        name = {"base": "Base model", "rag": "Knowledge base (RAG)", "long-context": "Long context"}
        assert name[winner] == best


def test_an_unfinished_round_shows_nothing_and_cannot_be_voted_on(visit, votes, gate):
    page = visit()
    ask_blind(page, *TWO)
    expect(page.locator("#progress")).to_contain_text("0 of 2 have answered", timeout=PATIENCE)
    page.wait_for_timeout(500)  # in which the model goes on
    assert "on on" not in page.inner_text("body")
    for hidden in (".pg-named", ".pg-nameless", "#vote"):
        expect(page.locator(hidden)).to_be_hidden()
    gate.unlink()
    answers(page, "a", "b")
    expect(page.locator("#vote-tie")).to_be_enabled()


def test_a_stopped_round_is_told_and_cannot_be_voted_on(visit, votes, gate):
    page = visit()
    ask_blind(page, *TWO)
    expect(page.locator("#progress")).to_contain_text("0 of 2", timeout=PATIENCE)
    page.click("#stop")
    expect(page.locator("#vote-state")).to_contain_text("No vote", timeout=PATIENCE)
    heads = sorted(page.locator(f"#pane-{letter} h3").inner_text() for letter in "ab")
    assert heads == ["Base model", "Knowledge base (RAG)"]
    expect(page.locator("#vote-tie")).to_be_hidden()
    assert counted(votes) == []


def test_a_round_in_which_a_mode_failed_cannot_be_voted_on(visit, votes):
    page = visit()
    ask_blind(page, "Long context")  # and lora has no adapter
    expect(page.locator("#vote-state")).to_contain_text("No vote", timeout=PATIENCE)
    expect(page.locator(".pg-nameless .pg-error")).to_have_count(1)
    expect(page.locator("#vote-tie")).to_be_hidden()
    assert counted(votes) == []


def test_names_can_be_shown_without_a_vote(visit, votes):
    page = visit()
    ask_blind(page, *TWO)
    answers(page, "a", "b")
    page.click("#vote-skip")
    expect(page.locator("#pane-b .pg-cost")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#vote-tie")).to_be_disabled()
    assert counted(votes) == []


def test_visitors_vote_on_their_own_rounds_and_share_the_tally(visit, votes):
    first, second = visit(), visit()
    ask_blind(first, *TWO)
    answers(first, "a", "b")
    expect(second.locator("#pane-a")).to_be_hidden()
    ask_blind(second, *TWO, question="Where is the cat?")
    answers(second, "a", "b")
    first.click("#vote-tie")
    expect(first.locator("#vote-state")).to_contain_text("counted", timeout=PATIENCE)
    expect(second.locator("#vote-tie")).to_be_enabled()
    assert "Where" not in first.locator(".pg-round").inner_text()
    second.click("#vote-bad")
    expect(second.locator("#vote-state")).to_contain_text("counted", timeout=PATIENCE)
    assert counted(votes) == [("base", "rag", 0, 1, 1)]
    for page in (first, second):
        page.locator("#votes").locator("> button").click()
        row = page.locator("#votes td")
        expect(row.nth(4)).to_have_text("1", timeout=PATIENCE)
        expect(row.nth(5)).to_have_text("1")


def test_votes_are_deleted_once_that_is_confirmed(visit, votes):
    page = visit()
    ask_blind(page, *TWO)
    answers(page, "a", "b")
    page.click("#vote-tie")
    expect(page.locator("#vote-state")).to_contain_text("counted", timeout=PATIENCE)
    panel = page.locator("#votes")
    panel.locator("> button").click()
    panel.get_by_role("button", name="Delete these votes").click()
    sure = panel.get_by_role("button", name="Really delete the votes on “fake”")
    expect(sure).to_be_visible(timeout=PATIENCE)
    assert len(counted(votes)) == 1
    sure.click()
    expect(panel).to_contain_text("No votes yet", timeout=PATIENCE)
    assert counted(votes) == []


def test_the_next_question_has_names_again_where_blind_is_not_ticked(visit, votes):
    page = visit()
    ask_blind(page, *TWO)
    answers(page, "a", "b")
    page.locator("#blind input").uncheck()
    page.get_by_label("Long context", exact=True).check()
    expect(page.locator("#pane-a")).to_be_visible()
    assert NAMES.search(page.locator(".pg-round").inner_text()) is None
    page.click("#send")
    for mode in ("base", "long-context", "rag"):
        expect(page.locator(f"#pane-{mode} .pg-cost")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#pane-a")).to_be_hidden()
    expect(page.locator("#vote-tie")).to_be_hidden()


def test_the_blind_round_speaks_chinese(visit, votes):
    page = visit("zh-CN")
    expect(page.locator("#blind")).to_contain_text("盲评")
    ask_blind(page, *ZH_TWO, question="猫叫什么名字？")
    answers(page, "a", "b")
    assert NAMES.search(page.locator(".pg-round").inner_text()) is None
    expect(page.locator("#vote-state")).to_have_text("哪个回答更好？")
    page.get_by_role("button", name="A 更好").click()
    expect(page.locator("#vote-state")).to_contain_text("已计票", timeout=PATIENCE)
    expect(page.locator("#vote-state")).to_contain_text("知识库（RAG）")
    assert [decided for _, _, decided, _, _ in counted(votes)] == [1]
