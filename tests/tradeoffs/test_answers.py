"""What an evaluation's answers say of each mode."""

from __future__ import annotations

from dataclasses import replace

from playground.evaluation import Failed, Marked, mark
from playground.tradeoffs.answers import answers, evaluation_of, failures, figures
from playground.types import Answer, Metrics, Question
from tests.tradeoffs.reader import ground, split

METRICS = Metrics(100, 10, 0, 0, 0.1, 0.5, 20.0, 1.0)


def asked(mode, text="tea", *, kind="fact", accepted=("tea",), id="1", **changed):
    question = Question(id, "en", kind, "What?", accepted)
    answer = Answer(mode, text, "stop", (), replace(METRICS, **changed))
    return Marked(question, mode, answer, mark(question, answer))


def failed(mode, id="1"):
    question = Question(id, "en", "fact", "What?", ("tea",))
    return Marked(question, mode, Failed("OverWindow", "too long", "太长"), None)


def found(given):
    return [(m.name, m.kind, m.value, m.count, m.total) for m in figures(given)]


def test_right_answers_are_counted_by_kind():
    told = found([asked("rag"), asked("rag", "milk", id="2"), asked("rag", kind="style", id="3")])
    assert ("right", "fact", 0.5, 1, 2) in told
    assert ("right", "style", 1.0, 1, 1) in told


def test_costs_are_medians_over_the_answers_of_the_model():
    told = found(
        [
            asked("rag", prompt_tokens=100, total_seconds=1.0, id="1"),
            asked("rag", prompt_tokens=300, total_seconds=3.0, id="2"),
            asked("rag", prompt_tokens=900, total_seconds=2.0, id="3"),
            asked("rag", prompt_tokens=0, total_seconds=0.01, id="4"),  # nothing was found
        ]
    )
    assert ("prompt_tokens", "", 300, None, 3) in told
    assert ("seconds_to_answer", "", 2.0, None, 3) in told


def test_the_wait_is_told_with_and_without_the_cache_if_there_were_both():
    cold = asked("rag", time_to_first_token=4.0)
    cached = asked("rag", time_to_first_token=0.2, cached_tokens=90, id="2")
    told = [one for one in found([cold, cached]) if one[0] == "seconds_to_first_token"]
    assert [(kind, value) for _, kind, value, _, _ in told] == [
        ("", 2.1),
        ("cold", 4.0),
        ("cached", 0.2),
    ]
    told = [one for one in found([cold]) if one[0] == "seconds_to_first_token"]
    assert [kind for _, kind, _, _, _ in told] == [""]


def test_questions_of_which_nobody_knows_the_answer_are_no_share():
    told = found([asked("rag", kind="open", accepted=())])
    assert [name for name, *_ in told if name == "right"] == []
    assert ("prompt_tokens", "", 100, None, 1) in told


def test_a_mode_that_only_failed_is_missing_with_its_error():
    given = [failed("lora"), failed("lora", "2"), failed("rag"), asked("rag", id="2")]
    assert [(m.name, m.mode, m.en, m.zh) for m in failures(given)] == [
        ("right", "lora", "too long", "太长")
    ]
    assert {m.mode for m in figures(given)} == {"rag"}


def test_errors_count_neither_as_right_nor_as_wrong():
    assert ("right", "fact", 1.0, 1, 1) in found([failed("rag"), asked("rag", id="2")])


def test_memory_is_looked_at_while_each_mode_answers_first_the_lightest_first(tmp_path):
    where = ground(tmp_path, adapter="gone")
    for _ in where.playground.bases.add_world():
        pass
    evaluation = evaluation_of(where, ("long-context", "lora", "rag", "base"), 1)
    assert evaluation.plan.modes == ("base", "rag", "long-context", "lora")
    told, missing = split(answers(where, evaluation.id))
    memory = {one.mode: one.value for one in told if one.name == "memory_bytes"}
    assert list(memory) == ["base", "rag", "long-context"]
    assert all(value > 50e6 for value in memory.values())
    assert {(one.name, one.mode) for one in missing} >= {("memory_bytes", "lora")}
