"""Situations and trials, and which method is recommended, why, and with which caveats."""

from __future__ import annotations

import pytest

from playground.tradeoffs import Measurement, Missing, Situation, recommend
from tests.tradeoffs.examples import costs, full_trial, grown, share, trained, trial

ALL = ("base", "long-context", "rag", "lora")


def ask(change="monthly", size="pages", need="facts", hardware="laptop"):
    return Situation(change, size, need, hardware)


def measured(long_context=24, rag=18, lora=12, *, total=30, training=600.0, kind="fact"):
    """All quick enough, of thirty questions each."""
    return trial(
        share("base", 1, total, kind=kind),
        share("long-context", long_context, total, kind=kind),
        share("rag", rag, total, kind=kind),
        share("lora", lora, total, kind=kind),
        *costs("long-context", 4.0),
        *costs("rag", 2.0),
        *costs("lora", 1.0),
        *trained(training),
    )


def order(found):
    return [one.mode for one in found.ranked if one.ruled_out is None]


def out(found):
    return {one.mode: one.ruled_out for one in found.ranked if one.ruled_out}


def said(reasons):
    return " | ".join(reason.en for reason in reasons)


@pytest.mark.parametrize(
    ("trial", "situation", "ranked"),
    [
        (measured(24, 18, 12), ask(), ["long-context", "rag", "lora"]),
        (measured(12, 18, 24), ask(), ["lora", "rag", "long-context"]),
        (measured(15, 15, 15), ask(), ["lora", "rag", "long-context"]),  # the quicker first
        (measured(24, 18, 12), ask(size="book"), ["rag", "lora"]),
        (measured(24, 18, 12), ask(change="hourly"), ["long-context", "rag"]),
        (measured(24, 18, 12), ask(hardware="remote"), ["long-context", "rag"]),
        (measured(24, 18, 12), ask(hardware="gpu"), ["long-context", "rag", "lora"]),
        (measured(2, 3, 28, kind="style"), ask(need="style"), ["lora", "rag", "long-context"]),
        (
            measured(2, 3, 28, kind="style"),
            ask("hourly", need="style"),
            ["lora", "rag", "long-context"],
        ),
        (measured(2, 3, 28, kind="style"), ask(need="facts"), []),
        (measured(24, 18, 12, kind="my own kind"), ask(), ["long-context", "rag", "lora"]),
        (trial(), ask(), []),
    ],
)
def test_the_methods_that_can_be_come_best_first(trial, situation, ranked):
    assert order(recommend(trial, situation, ALL)) == ranked


def test_the_base_model_and_modes_of_exams_are_no_recommendation():
    with_oracle = trial(share("oracle", 30, 30), share("rag", 20, 30), share("base", 30, 30))
    found = recommend(with_oracle, ask(), with_oracle.modes)
    assert [one.mode for one in found.ranked] == ["rag"]


@pytest.mark.parametrize(
    ("size", "window", "fits"),
    [("pages", 8192, True), ("book", 8192, False), ("book", 131_072, True), ("shelf", 8192, False)],
)
def test_long_context_is_ruled_out_by_size_only_past_the_window(size, window, fits):
    found = recommend(
        trial(share("long-context", 20, 30), share("rag", 20, 30), window=window),
        ask(size=size),
        ALL,
    )
    assert ("long-context" in order(found)) == fits
    if not fits:
        assert f"{window:,}" in out(found)["long-context"].en
        assert f"{window:,}" in out(found)["long-context"].zh


def test_a_method_of_which_little_was_measured_comes_last_and_that_is_said():
    some = trial(share("rag", 12, 30), share("lora", 4, 4), *costs("rag", 2.0), *costs("lora", 1.0))
    found = recommend(some, ask(), ALL)
    assert order(found) == ["rag", "lora"]
    assert "Only 4 such questions were asked of fine-tuning" in said(found.caveats)
    assert "Chance" not in said(found.caveats)


@pytest.mark.parametrize("count", [1, 2])
def test_next_to_nothing_measured_rules_out(count):
    found = recommend(trial(share("rag", count, count)), ask(), ["rag"])
    assert order(found) == []
    assert f"({count})" in out(found)["rag"].en
    assert found.caveats == ()


def test_nothing_measured_rules_out():
    found = recommend(measured(), ask(need="style"), ALL)
    assert order(found) == []
    assert {reason.en for reason in out(found).values()} == {"nothing was measured of it for this"}


@pytest.mark.parametrize(
    ("training", "change", "possible"),
    [
        (300.0, "hourly", True),
        (400.0, "hourly", False),
        (400.0, "daily", True),
        (9000.0, "daily", False),
        (9000.0, "monthly", True),
        (9000.0, "never", True),
    ],
)
def test_a_training_must_fit_between_two_changes(training, change, possible):
    found = recommend(measured(training=training), ask(change), ALL)
    assert ("lora" in order(found)) == possible
    if not possible:
        assert "it changes every" in out(found)["lora"].en


def test_more_text_takes_more_training():
    """800 rows of 4,000 tokens took ten minutes: a library takes five thousand times as long."""
    found = recommend(measured(training=600.0), ask("never", "library"), ALL)
    assert "35 days" in out(found)["lora"].en
    assert "35 天" in out(found)["lora"].zh
    assert "lora" in order(recommend(measured(training=600.0), ask("never", "book"), ALL))


def test_passages_bring_new_facts_to_tuned_weights():
    both = trial(share("rag+lora", 20, 30), *costs("rag+lora", 2.0), *trained(9000.0))
    assert order(recommend(both, ask("hourly"), ["rag+lora"])) == ["rag+lora"]
    assert "2.5 h of training" in said(recommend(both, ask(), ["rag+lora"]).ranked[0].reasons)


def test_each_reason_names_its_number():
    found = recommend(full_trial(), ask("daily"), ALL)
    reasons = {one.mode: said(one.reasons) for one in found.ranked}
    assert "right in 50 % of such questions (6/12, 25–75 %)" in reasons["rag"]
    assert "3/3 right with 4,162 tokens of knowledge" in reasons["rag"]
    assert "2.0 s an answer" in reasons["rag"]
    assert "600 prompt tokens" in reasons["rag"]
    assert "2.5 s from a change to the first right answer" in reasons["rag"]
    assert "27 min of training" in reasons["lora"]
    assert "after a change: none of 2 was right" in reasons["lora"]
    for one in found.ranked:
        for reason in (*one.reasons, *filter(None, [one.ruled_out])):
            assert any(character.isdigit() for character in reason.en)
            assert any(character.isdigit() for character in reason.zh)


def test_what_does_not_change_need_not_be_fresh():
    found = recommend(full_trial(), ask("never"), ALL)
    assert "change" not in " ".join(said(one.reasons) for one in found.ranked)


def test_the_measured_size_next_below_the_users_counts():
    sizes = trial(share("rag", 20, 30), grown("rag", 3, 4162), grown("rag", 1, 64_162))
    pages, book = (recommend(sizes, ask(size=s), ["rag"]).ranked[0] for s in ("pages", "book"))
    assert "3/3 right with 4,162" in said(pages.reasons)
    assert "1/3 right with 64,162" in said(book.reasons)


def test_few_questions_are_a_caveat():
    assert "Only 9 such questions" in said(
        recommend(measured(8, 5, 1, total=9), ask(), ALL).caveats
    )
    assert "Only" not in said(recommend(measured(), ask(), ALL).caveats)


def test_chance_is_a_caveat_that_names_the_quickest():
    caveats = said(recommend(measured(20, 18, 1), ask(), ALL).caveats)
    assert "between long context, knowledge base; of these, knowledge base answers" in caveats
    assert "Chance" not in said(recommend(measured(30, 10, 1), ask(), ALL).caveats)


def test_a_poor_best_is_a_caveat():
    assert "in only 40 %" in said(recommend(measured(12, 2, 1), ask(), ALL).caveats)
    assert "larger model" not in said(recommend(measured(16, 2, 1), ask(), ALL).caveats)


@pytest.mark.parametrize(("size", "beyond"), [("pages", False), ("book", True), ("library", True)])
def test_more_knowledge_than_was_measured_is_a_caveat(size, beyond):
    grown_far = trial(share("rag", 20, 30), grown("rag", 3, 64_162))
    caveats = said(recommend(grown_far, ask(size=size), ["rag"]).caveats)
    assert ("only up to 64,162" in caveats) == beyond


@pytest.mark.parametrize(
    ("hardware", "other"), [("laptop", False), ("gpu", True), ("remote", True)]
)
def test_seconds_of_another_machine_are_a_caveat(hardware, other):
    caveats = said(recommend(measured(), ask(hardware=hardware), ALL).caveats)
    assert ("measured on this machine" in caveats) == other


def test_everything_is_said_in_both_languages():
    for change in ("never", "hourly"):
        for size in ("pages", "library"):
            for hardware in ("laptop", "remote"):
                found = recommend(full_trial(), ask(change, size, "both", hardware), ALL)
                told = [r for one in found.ranked for r in (*one.reasons, one.ruled_out) if r]
                for reason in (*told, *found.caveats):
                    assert any("\u4e00" <= c <= "\u9fff" for c in reason.zh), reason
                    assert not any("\u4e00" <= c <= "\u9fff" for c in reason.en), reason


def test_a_missing_freshness_speaks_against_a_method():
    lacking = trial(
        share("lora", 20, 30),
        Measurement("seconds_to_answer", "lora", 1.0, "s"),
        missing=[Missing("freshness_seconds", "lora", "none was right", "都没有答对")],
    )
    assert "after a change: none was right" in said(
        recommend(lacking, ask(), ["lora"]).ranked[0].reasons
    )
