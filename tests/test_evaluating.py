"""Evaluations that run: kept answer by answer, stopped, killed and resumed, one at a time each."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext

import pytest

from playground.engines.fake import FakeEngine
from playground.errors import (
    EmptyQuestion,
    EvaluationBusy,
    FileUnreadable,
    NoGoldPassage,
    NoQuestionsLeft,
    NotAChoice,
    UnknownName,
)
from playground.evaluating import Evaluations
from playground.evaluation import Failed, Plan, judged
from playground.modes import AskOptions
from playground.settings import Settings
from playground.types import Answer, Delta, Finish
from playground.world import BASE_NAMES, WORLD_ADAPTER
from tests.evaluation.examples import answer, question

TWO = Plan(("base", "rag"))
QUESTIONS = tuple(question(str(n)) for n in range(20))


class Asks:
    """Answers at once, and remembers what it was asked."""

    def __init__(self, *, seconds=0.0):
        self.asked = []
        self._seconds = seconds

    def __call__(self, asked, mode, plan):
        self.asked.append((asked.id, mode))
        time.sleep(self._seconds)
        return answer(f"{asked.id} {mode}", mode=mode)


def evaluations_in(folder, ask, *, model="fake", choosing=None):
    """As one process has them; another of the same folder is another process in all but name."""
    settings = Settings(model=model, embedder="fake", data_dir=folder)
    setup = {"model": model, "embedder": "fake"}
    nobody = nullcontext(lambda asked, mode, plan: None)
    return Evaluations(settings, ask, lambda plan: setup, choosing or (lambda: nobody))


def run_all(evaluations, id):
    return list(evaluations.run(id))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


@pytest.fixture(scope="module")
def playground(tmp_path_factory):
    from playground.app import Playground

    folder = tmp_path_factory.mktemp("data")
    playground = Playground(Settings(model="fake", embedder="fake", data_dir=folder))
    for _ in playground.bases.add_world():
        pass
    return playground


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


# ---------------------------------------------------------------- asking


def test_modes_take_turns_at_each_question_and_an_answer_is_kept_before_the_next(playground):
    evaluations = playground.evaluations
    modes = ("base", "long-context", "rag", "lora", "oracle")
    kinds = ("fact", "unanswerable")
    plan = Plan(modes, languages=("en",), kinds=kinds, per_kind=1, adapter=WORLD_ADAPTER)
    made = evaluations.create(plan, evaluations.questions(plan))
    seen = []
    for asked in evaluations.run(made.id):
        seen.append((asked.question.kind, asked.mode))
        assert isinstance(asked.result, Answer)
        assert (asked.done, asked.total) == (len(seen), 9)
        assert len(evaluations.records.done(made.id)) == asked.done
    # Where nobody knows a document, there is none to give.
    assert seen == [*(("fact", m) for m in modes), *(("unanswerable", m) for m in modes[:-1])]
    fact = {one.mode: one.answer for one in evaluations.marked(made.id)[:5]}
    assert fact["lora"].text.startswith(f"[{WORLD_ADAPTER}]")
    assert fact["base"].sources == ()
    assert len(fact["long-context"].sources) == 16
    (gold,) = fact["oracle"].sources
    assert made.questions[0].answers[0] in gold.text
    assert evaluations.state(made.id).done == 9
    assert made.setup["model"] == "fake"


def test_an_error_ends_its_own_answer_alone_and_is_kept_in_both_languages(folder):
    def ask(asked, mode, plan):
        if mode == "rag":
            raise EmptyQuestion
        if asked.id == "1":
            raise ValueError("{what}")
        return answer()

    evaluations = evaluations_in(folder, ask)
    made = evaluations.create(TWO, QUESTIONS[:2])
    results = [asked.result for asked in evaluations.run(made.id)]
    assert results[0] == answer()
    assert results[1] == results[3] == Failed.of(EmptyQuestion())
    assert isinstance(results[2], Failed)
    assert results[2].type == "Unexpected"
    assert "ValueError: {what}" in results[2].en
    assert "ValueError: {what}" in results[2].zh
    assert [one.answer for one in evaluations.marked(made.id)] == results


def test_a_fresh_question_sees_the_edited_document_and_the_library_never_does(playground):
    evaluations, library = playground.evaluations, playground.bases.library
    whole = AskOptions(top_k=50, min_score=0)
    modes = ("long-context", "rag", "oracle")
    plan = Plan(modes, kinds=("fresh",), per_kind=2, options=whole)
    made = evaluations.create(plan, evaluations.questions(plan))
    for asked in evaluations.run(made.id):
        assert isinstance(asked.result, Answer), asked.result
        told = "\n".join(source.text for source in asked.result.sources)
        assert asked.question.answers[0] in told, asked
    assert set(library.names()) == set(BASE_NAMES.values())
    for asked in made.questions:
        base = library.get(BASE_NAMES[asked.language])
        assert all(asked.answers[0] not in source.text for source in base.whole_documents())


def test_where_the_answer_does_not_stand_in_its_document_oracle_says_so(playground):
    plan = Plan(("oracle", "base"), questions="q.csv", knowledge=BASE_NAMES["en"])
    data = b"question,answers,source\nWho?,nobody at all,01-overview.md\n"
    made = playground.evaluations.create(plan, playground.evaluations.questions(plan, data))
    oracle, base = (asked.result for asked in playground.evaluations.run(made.id))
    assert oracle == Failed.of(NoGoldPassage(question="Who?"))
    assert base.text == "[base] Who?"


# ---------------------------------------------------------------- stopping and going on


def test_who_leaves_stops_it_and_who_resumes_asks_only_what_is_left(folder):
    first, second = Asks(), Asks()
    evaluations = evaluations_in(folder, first)
    made = evaluations.create(TWO, QUESTIONS)
    with closing(evaluations.run(made.id)) as answers:
        for asked in answers:
            if asked.done == 15:
                break
    assert not evaluations.state(made.id).running
    rest = list(evaluations_in(folder, second).run(made.id))
    assert [asked.done for asked in rest] == list(range(16, 41))
    assert first.asked + second.asked == [(q.id, mode) for q in QUESTIONS for mode in TWO.modes]
    assert list(evaluations.run(made.id)) == []
    texts = [one.answer.text for one in evaluations.marked(made.id)]
    assert texts == [f"{id} {mode}" for id, mode in first.asked + second.asked]


def test_what_failed_is_asked_again(folder):
    def fail(asked, mode, plan):
        raise EmptyQuestion

    evaluations = evaluations_in(folder, fail)
    made = evaluations.create(TWO, QUESTIONS[:3])
    list(evaluations.run(made.id))
    assert evaluations.state(made.id).done == 6
    asks = Asks()
    again = [asked.done for asked in evaluations_in(folder, asks).run(made.id)]
    assert again == [1, 2, 3, 4, 5, 6]
    assert all(
        isinstance(result, Answer) for result in evaluations.records.results(made.id).values()
    )


def test_one_in_the_background_tells_how_far_it_is_stops_and_goes_on(folder):
    asks = Asks(seconds=0.01)
    evaluations = evaluations_in(folder, asks)
    made = evaluations.create(TWO, QUESTIONS)
    evaluations.start(made.id)
    until(lambda: evaluations.state(made.id).done > 3)
    state = evaluations.state(made.id)
    assert (state.running, state.total, state.failure) == (True, 40, None)
    assert state.seconds_left is not None
    evaluations.stop(made.id)
    until(lambda: not evaluations.state(made.id).running)
    assert evaluations.state(made.id).done < 40
    evaluations.start(made.id)
    until(lambda: not evaluations.state(made.id).running)
    assert evaluations.state(made.id).done == 40
    assert len(asks.asked) == len(set(asks.asked)) == 40


def test_what_ends_one_in_the_background_is_told_and_it_can_be_started_again(folder):
    @contextmanager
    def broken():
        raise EmptyQuestion
        yield

    evaluations = evaluations_in(folder, Asks(), choosing=broken)
    made = evaluations.create(TWO, QUESTIONS)
    for _ in range(2):
        evaluations.start(made.id)
        until(lambda: not evaluations.state(made.id).running)
        assert isinstance(evaluations.state(made.id).failure, EmptyQuestion)


# ---------------------------------------------------------------- one at a time


def test_one_that_runs_is_neither_run_nor_started_nor_deleted_by_others(folder):
    ours, others = (evaluations_in(folder, Asks()) for _ in range(2))
    made = ours.create(TWO, QUESTIONS)
    with closing(ours.run(made.id)) as answers:
        next(answers)
        for evaluations in (ours, others):
            assert evaluations.state(made.id).running
            for act in (run_all, Evaluations.start, Evaluations.delete):
                with pytest.raises(EvaluationBusy, match=made.id):
                    act(evaluations, made.id)
    assert not others.state(made.id).running
    assert len(list(others.run(made.id))) == 39


def test_one_that_ran_here_is_seen_to_run_elsewhere(folder):
    ours, others = (evaluations_in(folder, Asks(seconds=0.005)) for _ in range(2))
    made = ours.create(TWO, QUESTIONS)
    ours.start(made.id)
    ours.stop(made.id)
    until(lambda: not ours.state(made.id).running)
    with closing(others.run(made.id)) as answers:
        next(answers)
        assert ours.state(made.id).running
        assert ours.state(made.id).elsewhere
        with pytest.raises(EvaluationBusy):
            ours.start(made.id)
    assert not ours.state(made.id).running
    assert not ours.state(made.id).elsewhere
    ours.start(made.id)
    assert not ours.state(made.id).elsewhere
    ours.stop(made.id)
    until(lambda: not ours.state(made.id).running)


def test_many_who_look_do_not_take_one_another_for_a_run(folder):
    evaluations = evaluations_in(folder, Asks())
    made = evaluations.create(TWO, QUESTIONS[:1])
    list(evaluations.run(made.id))
    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(lambda _: evaluations.state(made.id), range(200)))
    assert not any(state.running for state in states)


_CHILD = """
import sys
from pathlib import Path
from tests.test_evaluating import Asks, evaluations_in
for asked in evaluations_in(Path(sys.argv[1]), Asks(seconds=0.1)).run(sys.argv[2]):
    print(asked.done, flush=True)
"""


def test_a_killed_process_leaves_what_it_had_and_another_goes_on_at_once(folder):
    ours = evaluations_in(folder, Asks())
    made = ours.create(Plan(("base", "rag", "lora", "long-context")), QUESTIONS)
    done = 0
    for _ in range(3):
        command = [sys.executable, "-c", _CHILD, str(folder), made.id]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            lines = [int(next(child.stdout)) for _ in range(5)]
            assert lines[0] == done + 1
            assert ours.state(made.id).running
            with pytest.raises(EvaluationBusy):
                ours.start(made.id)
            child.kill()
            lines += map(int, child.stdout)
        state = ours.state(made.id)
        assert not state.running
        assert lines[-1] <= state.done <= lines[-1] + 1  # it may have been about to say so
        done = state.done
    assert len(list(ours.run(made.id))) == 80 - done
    assert len(ours.marked(made.id)) == 80


# ---------------------------------------------------------------- what there is


def test_an_evaluation_is_not_mixed_with_the_answers_of_another_model(folder):
    made = evaluations_in(folder, Asks(), model="another").create(TWO, QUESTIONS)
    for act in (run_all, Evaluations.start):
        with pytest.raises(NotAChoice, match="PLAYGROUND_MODEL is 'fake', but must be one of"):
            act(evaluations_in(folder, Asks()), made.id)


@pytest.mark.parametrize("id", ["none", "../none"])
def test_one_that_is_not_there_is_said_and_leaves_no_file(folder, id):
    evaluations = evaluations_in(folder, Asks())
    methods = (Evaluations.start, Evaluations.state, Evaluations.delete, Evaluations.marked)
    for act in (run_all, *methods):
        with pytest.raises(UnknownName, match="no evaluation called"):
            act(evaluations, id)
    assert not list(folder.rglob("*.lock"))


def test_a_deleted_one_is_gone_with_its_files(folder):
    evaluations = evaluations_in(folder, Asks())
    kept, made = (evaluations.create(TWO, QUESTIONS[:1]) for _ in range(2))
    list(evaluations.run(made.id))
    evaluations.delete(made.id)
    assert [one.id for one in evaluations.records.list()] == [kept.id]
    assert not evaluations.state(kept.id).running  # looking leaves no file either
    assert not list(folder.rglob("*.lock"))


# ---------------------------------------------------------------- questions


def test_the_built_in_questions_are_drawn_in_the_plans_languages(folder):
    evaluations = evaluations_in(folder, Asks())
    both = evaluations.questions(Plan(("base",), per_kind=1))
    assert len(both) == 12
    assert {asked.language for asked in both} == {"en", "zh"}
    chinese = evaluations.questions(Plan(("base",), languages=("zh",), kinds=("fact",)))
    assert len(chinese) >= 60
    assert {(asked.language, asked.kind) for asked in chinese} == {("zh", "fact")}


def test_a_files_questions_come_with_the_rows_that_hold_none(folder, tmp_path):
    evaluations = evaluations_in(folder, Asks())
    file = tmp_path / "问题.csv"
    file.write_text("问题,类型\n一？,a\n,a\n二？,b\n", encoding="utf-8")
    drawn = evaluations.drawn(Plan(("base",), questions=str(file), kinds=("b",)))
    assert [asked.question for asked in drawn.questions] == ["二？"]
    assert list(drawn.problems) == [3]
    plan = Plan(("base",), questions="elsewhere.csv")
    assert evaluations.questions(plan, file.read_bytes())[0].question == "一？"
    with pytest.raises(FileUnreadable, match="elsewhere"):
        evaluations.drawn(plan)
    with pytest.raises(NoQuestionsLeft, match=r"\(fact\); there are: a, b"):
        evaluations.drawn(Plan(("base",), questions=str(file), kinds=("fact",)))


class Judge(FakeEngine):
    """Takes whatever names tea for right, has no opinion of milk, and fails at water."""

    def __init__(self):
        super().__init__()
        self.asked = 0

    def stream(self, messages, sampling, adapter=None):
        self.asked += 1
        said = messages[-1].content.rpartition("Answer to grade: ")[2].partition("\n")[0]
        if "water" in said:
            raise EmptyQuestion
        yield Delta("CORRECT" if "Tea" in said else "Hm." if "milk" in said else "WRONG")
        yield Finish("stop", 1, 1)


def test_a_judge_is_asked_once_and_what_it_does_not_say_is_not_scored(folder):
    said = {"0": "Tea", "1": "milk", "2": "water", "3": "ice"}
    evaluations = evaluations_in(
        folder, lambda asked, mode, plan: answer(said[asked.id], mode=mode)
    )
    id = evaluations.create(Plan(("base",)), QUESTIONS[:4]).id
    run_all(evaluations, id)
    judge = Judge()
    verdicts = {one.question.id: v for one, v in evaluations.judge(id, "large", judge)}
    assert verdicts == {"0": True, "1": None, "2": None, "3": False}
    assert list(evaluations.judge(id, "large", judge)) == []
    assert judge.asked == 4
    (found,) = judged(evaluations.records.verdicts(id))
    assert (found.judge, found.mode, found.unscored) == ("large", "base", 2)
    assert (found.right.count, found.right.total) == (1, 2)


def test_another_answer_is_judged_anew(folder):
    evaluations = evaluations_in(folder, lambda asked, mode, plan: answer("ice"))
    id = evaluations.create(Plan(("base",)), QUESTIONS[:1]).id
    run_all(evaluations, id)
    list(evaluations.judge(id, "large", Judge()))
    evaluations.records.store(id, "en:0", "base", answer("Tea"))
    ((_, verdict),) = evaluations.judge(id, "large", Judge())
    assert verdict is True
