"""Claims that answers alone decide, from answers of which is known what they should give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from playground.app import Playground
from playground.claims import asked
from playground.claims.given import Given
from playground.evaluation import Marked, mark
from playground.settings import Settings
from playground.tradeoffs.ground import Ground
from playground.types import Answer, Metrics, Question


def answer(mode: str, text: str, *, tokens: int = 10, speed: float = 20.0) -> Answer:
    metrics = Metrics(tokens, 5, 0, 0, 0.0, 0.1, speed, 0.5)
    outcome = "not-in-knowledge" if text.startswith("Not in") else "answered"
    return Answer(mode, text, "stop", (), metrics, outcome)


@dataclass(frozen=True)
class Told(Given):
    """`said` is (mode, kind) -> the text of each answer, and `costs` mode -> its metrics."""

    said: dict | None = None
    costs: dict | None = None

    @property
    def answers(self):
        found = []
        for (mode, kind), texts in (self.said or {}).items():
            for number, text in enumerate(texts):
                accepted = () if kind == "unanswerable" else ("tea",)
                question = Question(f"{kind}{number}", "en", kind, "What?", accepted)
                given = answer(mode, text, **(self.costs or {}).get(mode, {}))
                found.append(Marked(question, mode, given, mark(question, given)))
        return tuple(found)


@pytest.fixture
def told(tmp_path: Path):
    playground = Playground(Settings(model="fake", embedder="fake", data_dir=tmp_path))
    ground = Ground(playground, "en", tmp_path)
    return lambda said, **costs: Told(ground, said=said, costs=costs)


def right(count: int, total: int = 12) -> list[str]:
    return ["tea"] * count + ["milk"] * (total - count)


@pytest.mark.parametrize(
    ("rag", "lora", "ruling"),
    [(2, 10, "holds"), (10, 2, "does not hold"), (5, 6, "not decided")],
)
def test_style_compares_the_same_questions(told, rag, lora, ruling):
    said = {("rag", "style"): right(rag), ("lora", "style"): right(lora)}
    verdict = asked.style(told(said))
    assert verdict.ruling == ruling
    assert [count.share.count for count in verdict.counts] == [0, rag, lora]


def test_utilisation_needs_both_steps(told):
    said = {("base", "fact"): right(0), ("rag", "fact"): right(6), ("oracle", "fact"): right(12)}
    assert asked.utilisation(told(said)).ruling == "holds"
    said[("oracle", "fact")] = right(7)
    assert asked.utilisation(told(said)).ruling == "not decided"


@pytest.mark.parametrize(
    ("base", "lora", "cost", "ruling"),
    [
        (12, 4, {"tokens": 10, "speed": 20.0}, "holds"),
        (12, 12, {"tokens": 10, "speed": 20.0}, "not decided"),  # nothing is forgotten
        (12, 4, {"tokens": 10, "speed": 10.0}, "does not hold"),  # half as fast
        (12, 4, {"tokens": 90, "speed": 20.0}, "does not hold"),  # longer prompts
    ],
)
def test_tuned_weights_are_to_be_free_and_to_forget(told, base, lora, cost, ruling):
    said = {("base", "general"): right(base), ("lora", "general"): right(lora)}
    assert asked.tuned_cost(told(said, lora=cost)).ruling == ruling


def test_self_route_takes_the_whole_documents_where_nothing_was_found(told):
    said = {
        ("rag", "fact"): ["tea"] * 9 + ["Not in the passages."] * 3,
        ("long-context", "fact"): right(12),
    }
    costs = {"rag": {"tokens": 500}, "long-context": {"tokens": 5000}}
    verdict = asked.self_route(told(said, **costs))
    assert verdict.ruling == "holds"
    counts = {count.label: count for count in verdict.counts}
    assert counts["self-route"].share.count == 12
    assert counts["answered from passages alone"].share.count == 9
    assert counts["tokens, of long-context's"].value == pytest.approx(
        (12 * 500 + 3 * 5000) / (12 * 5000)
    )


def test_self_route_that_loses_answers_does_not_hold(told):
    said = {("rag", "fact"): right(2), ("long-context", "fact"): right(12)}
    costs = {"rag": {"tokens": 500}, "long-context": {"tokens": 5000}}
    assert asked.self_route(told(said, **costs)).ruling == "does not hold"


@pytest.mark.parametrize(("refused", "ruling"), [(12, "holds"), (0, "does not hold")])
def test_abstention_counts_what_was_answered_all_the_same(told, refused, ruling):
    texts = ["Not in the passages."] * refused + ["tea"] * (12 - refused)
    said = {("rag", "unanswerable"): texts, ("long-context", "unanswerable"): texts}
    said[("rag", "fact")] = ["tea", "Not in the passages."]
    verdict = asked.abstention(told(said))
    assert verdict.ruling == ruling
    assert [count.share.count for count in verdict.counts] == [12 - refused, 12 - refused, 1]
