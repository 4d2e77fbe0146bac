"""What a report is made of is found by id, by "latest", or through the trial."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.app import Playground
from playground.errors import UnknownName
from playground.evaluation.plan import key
from playground.reports import FORMS, gather, write
from playground.reports.report import training_of
from playground.settings import Settings
from playground.tradeoffs.trial import Trials
from tests.reports import made


@pytest.fixture
def playground():
    settings = replace(Settings.from_env(), model="fake", embedder="fake")
    return Playground(settings)


def keep(playground, id, created, modes=("base", "rag")):
    of = replace(made.evaluation(made.questions(3), modes), id=id, created=created)
    playground.evaluations.records.add(of)
    for (question, mode), said in made.results(of).items():
        playground.evaluations.records.store(id, question, mode, said)
    return of


def test_the_latest_evaluation_is_reported_unless_another_is_named(playground):
    old, new = keep(playground, "old", 1.0), keep(playground, "new", 2.0)
    for named, wanted in ((None, new), ("latest", new), ("old", old)):
        found = gather(playground, named)
        assert found.evaluation == wanted
        assert [(key(one.question), one.mode) for one in found.answers] == [
            (key(question), mode) for question, mode in wanted.asked
        ]
        assert found.trial is None


def test_a_trial_brings_the_evaluation_behind_it_while_that_is_there(playground):
    keep(playground, "behind", 1.0)
    keep(playground, "later", 2.0)
    Trials(playground.settings).keep(made.trial(evaluation="behind"))
    assert gather(playground, trial="latest").evaluation.id == "behind"
    assert gather(playground, "later", "latest").evaluation.id == "later"
    playground.evaluations.records.delete("behind")
    alone = gather(playground, trial="latest")
    assert alone.evaluation is None
    assert alone.trial == made.trial(evaluation="behind")
    assert all(write(alone, form, "zh") for form in FORMS)


@pytest.mark.parametrize("named", [("no-such",), (None, "no-such"), (None,), ("latest", "latest")])
def test_what_is_not_there_is_an_error_that_names_what_is(playground, named):
    with pytest.raises(UnknownName, match=r"there are: -\."):
        gather(playground, *named)


def test_the_training_is_the_latest_of_that_name_before_the_evaluation():
    of = made.evaluation(made.questions(1), ("base", "lora"))
    runs = [
        made.run(created=made.CREATED - 2000),
        made.run(created=made.CREATED - 1000),
        made.run("another", made.CREATED - 500),
        made.run(created=made.CREATED + 500),
    ]
    assert training_of(of, runs) is runs[1]
    assert training_of(of, runs[2:]) is None
    assert training_of(of, [replace(runs[1], events=())]) is None


def test_an_evaluation_without_a_tuned_mode_has_no_training():
    of = made.evaluation(made.questions(1), ("base", "rag"))
    assert training_of(of, [made.run()]) is None
