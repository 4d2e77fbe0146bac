"""The one place that times and counts."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count

import pytest

from playground.answering import Failure, answer, budget, compare
from playground.engines.fake import FakeEngine
from playground.errors import NoAdapterChosen, NoKnowledgeBaseChosen, OverWindow, Unexpected
from playground.modes import MODES, Inquiry
from playground.types import Adapter, Answer, Delta, Finish, Prompt, Reading, Sampling, Source

SAMPLING = Sampling(max_tokens=20)


class TwoDocuments:
    """A knowledge base of two documents that finds the second one."""

    documents = (
        Source("a", "First", "The dome is blue.", 0, 17),
        Source("b", "Second", "The door is red.", 0, 16),
    )

    chunk_count = 214

    def whole_documents(self):
        return self.documents

    def search(self, query, *, top_k, min_score, documents):
        return self.documents[1:][:top_k]


@pytest.fixture
def adapter(tmp_path):
    return Adapter("mine", tmp_path, "fake", 8)


def inquiry(question="What is red?", room=1000, knowledge=TwoDocuments(), **more):
    return Inquiry(question, room, knowledge, **more)


def run(mode, asked=None, adapter=None, clock=None, engine=None):
    ticks = clock or count().__next__
    asked = asked or inquiry()
    return list(answer(engine or FakeEngine(), MODES[mode], asked, SAMPLING, adapter, clock=ticks))


def test_an_answer_comes_as_prompt_then_deltas_then_answer():
    prompt, *deltas, last = run("base")
    assert isinstance(prompt, Prompt)
    assert all(isinstance(delta, Delta) for delta in deltas)
    assert isinstance(last, Answer)
    assert last.text == "".join(delta.text for delta in deltas) == "[base] What is red?"


def test_while_the_prompt_is_read_it_is_told_how_long_that_will_take():
    class Slow(FakeEngine):
        def stream(self, messages, sampling, adapter=None):
            for read in (100, 200, 300, 400):
                yield Reading(read, 600)
            yield from super().stream(messages, sampling, adapter)

    events = run("base", engine=Slow(), clock=count(step=10).__next__)
    reading = [event for event in events if isinstance(event, Reading)]
    assert [event.seconds_left for event in reading] == [None, None, None, 20]
    assert {event.prompt_tokens for event in reading} == {600}
    assert events[-1].metrics.time_to_first_token == 60  # the clock is looked at six times before
    assert events[-1].text == "[base] What is red?"


def test_what_is_thought_aloud_is_no_part_of_the_answer_and_estimates_are_marked():
    class Thinker(FakeEngine):
        def stream(self, messages, sampling, adapter=None):
            yield Delta("", reasoning="Let me ")
            yield Delta("", reasoning="see.")
            yield Delta("Red.")
            yield Finish("stop", 9, 4, is_estimated=True)

    _, *deltas, last = run("base", engine=Thinker(), clock=iter([0.0, 1.0, 2.0, 9.0]).__next__)
    assert [(delta.text, delta.reasoning) for delta in deltas] == [
        ("", "Let me "),
        ("", "see."),
        ("Red.", ""),
    ]
    assert (last.text, last.reasoning) == ("Red.", "Let me see.")
    assert last.metrics.time_to_first_token == 2.0  # thinking is the first that is seen
    assert last.metrics.is_estimated


def test_times_are_read_from_one_clock():
    # start, prepared, first delta, end
    metrics = run("base", clock=iter([100.0, 100.5, 102.0, 105.0]).__next__)[-1].metrics
    assert metrics.prepare_seconds == 0.5
    assert metrics.time_to_first_token == 2.0
    assert metrics.total_seconds == 5.0
    assert metrics.completion_tokens == 4
    assert metrics.tokens_per_second == pytest.approx(1.0)  # 3 more tokens in 3 seconds


def test_a_clock_that_stands_at_zero_is_a_clock():
    metrics = run("base", clock=iter([-1.0, -0.5, 0.0, 3.0]).__next__)[-1].metrics
    assert metrics.time_to_first_token == 1.0
    assert metrics.tokens_per_second == pytest.approx(1.0)


@pytest.mark.parametrize("mode", ["lora", "rag+lora", "long-context+lora"])
def test_tuned_modes_answer_with_the_adapter(mode, adapter):
    assert run(mode, adapter=adapter)[-1].text.startswith("[mine]")


@pytest.mark.parametrize("mode", ["base", "rag", "long-context"])
def test_untuned_modes_never_answer_with_the_adapter(mode, adapter):
    assert run(mode, adapter=adapter)[-1].text.startswith("[base]")


def test_sources_are_what_stood_in_the_prompt():
    assert [source.title for source in run("rag")[-1].sources] == ["Second"]
    assert [source.title for source in run("long-context")[-1].sources] == ["First", "Second"]
    assert run("base")[-1].sources == ()


def test_modes_that_lack_something_say_what(adapter):
    with pytest.raises(NoKnowledgeBaseChosen):
        run("rag", inquiry(knowledge=None))
    with pytest.raises(NoAdapterChosen):
        run("lora")


def test_comparing_goes_on_after_a_mode_has_failed():
    events = list(
        compare(
            FakeEngine(context_window=60),
            [MODES[mode] for mode in ("base", "long-context", "lora", "rag")],
            inquiry(room=30),
            SAMPLING,
        )
    )
    last = dict(events)
    assert isinstance(last["base"], Answer)
    assert isinstance(last["long-context"].error, OverWindow)
    assert isinstance(last["lora"].error, NoAdapterChosen)
    assert isinstance(last["rag"], Answer)


def test_a_defect_becomes_a_failure_and_never_an_answer(caplog):
    class Broken(FakeEngine):
        def stream(self, *_, **__):
            yield Delta("half an ans")
            raise ZeroDivisionError("oops")

    events = list(compare(Broken(), [MODES["base"]], inquiry(), SAMPLING))
    failure = events[-1][1]
    assert isinstance(failure, Failure)
    assert isinstance(failure.error, Unexpected)
    assert "oops" in str(failure.error)
    assert "Traceback" in caplog.text
    assert not any(isinstance(event, Answer) for _, event in events)


def test_an_engine_that_ends_without_a_finish_is_a_defect():
    class Endless(FakeEngine):
        def stream(self, *_, **__):
            yield Delta("x")

    with pytest.raises(Unexpected, match="without a Finish"):
        run("base", engine=Endless())


def test_the_budget_tells_what_would_be_sent():
    told = budget(FakeEngine(context_window=60), MODES["long-context"], inquiry(), SAMPLING)
    sent = run("long-context", engine=FakeEngine())[-1].metrics.prompt_tokens
    assert told.prompt_tokens == sent
    assert told.fits == (sent + 20 <= 60)


def test_the_clock_starts_when_the_turn_has_come():
    times = iter(range(100))
    waited = []

    @contextmanager
    def turn():
        waited.extend(next(times) for _ in range(50))
        yield

    events = answer(
        FakeEngine(),
        MODES["base"],
        Inquiry("Hello there", room=100),
        Sampling(),
        turn=turn,
        clock=lambda: float(next(times)),
    )
    *_, last = events
    assert isinstance(last, Answer)
    assert waited == list(range(50))
    assert last.metrics.total_seconds < 10


class Nothing(TwoDocuments):
    """Finds nothing."""

    def search(self, query, *, top_k, min_score, documents):
        return ()


@pytest.mark.parametrize(
    ("question", "said"), [("Who?", "Not in the passages."), ("谁？", "资料中没有。")]
)
def test_nothing_found_is_said_without_asking_the_model(question, said):
    engine = Saying("made up")
    prompt, delta, last = run("rag", inquiry(question, knowledge=Nothing()), engine=engine)
    assert engine.asked == 0
    assert (prompt.outcome, delta.text) == ("not-in-knowledge", said)
    assert (last.outcome, last.text, last.finish_reason) == ("not-in-knowledge", said, "stop")
    assert last.metrics.completion_tokens == last.metrics.prompt_tokens == 0
    assert last.metrics.total_seconds == last.metrics.prepare_seconds > 0


class Saying(FakeEngine):
    """Says one thing, character by character."""

    def __init__(self, said):
        self.said = said
        self.asked = 0

    def stream(self, messages, sampling, adapter=None):
        self.asked += 1
        for character in self.said:
            yield Delta(character)
        yield Finish("stop", 1, len(self.said))


@pytest.mark.parametrize("mode", ["rag", "long-context"])
def test_a_model_that_says_so_has_found_nothing(mode):
    assert run(mode, engine=Saying("Not in the passages."))[-1].outcome == "not-in-knowledge"
    assert run(mode, engine=Saying("Red."))[-1].outcome == "answered"
    assert run("base", engine=Saying("Not in the passages."))[-1].outcome == "answered"


def test_numbers_that_point_to_no_source_are_removed_and_counted():
    _, *deltas, last = run("rag", engine=Saying("Red [1], blue [2]; see [9"))
    assert last.text == "".join(delta.text for delta in deltas) == "Red [1], blue; see [9"
    assert last.removed_citations == 1
    closed_book = run("base", engine=Saying("x[7]"))[-1]
    assert (closed_book.text, closed_book.removed_citations) == ("x[7]", 0)
