"""The measurements with the embedded models: few questions, so that it takes less than a minute."""

from __future__ import annotations

import shutil

import pytest

from playground.app import Playground
from playground.settings import Settings
from playground.tradeoffs.answers import answers, evaluation_of
from playground.tradeoffs.freshness import freshness
from playground.tradeoffs.ground import Ground
from playground.tradeoffs.growth import growth
from tests.tradeoffs.reader import split

pytestmark = pytest.mark.embedded


@pytest.fixture(scope="module")
def ground(tmp_path_factory, models_dir, world_data):
    home = tmp_path_factory.mktemp("embedded")
    shutil.copytree(world_data, home / "data")
    settings = Settings(
        cache_dir=models_dir.parent, data_dir=home / "data", adapters_dir=home / "adapters"
    )
    playground = Playground(settings)
    for _ in playground.pull():
        pass
    yield Ground(playground, "en", home / "scratch")
    playground.engine.close()


def test_a_small_knowledge_is_read_whole_and_searched_alike(ground):
    found, missing = split(growth(ground, ("rag", "long-context"), (1000,)))
    assert missing == []
    assert {one.mode: one.total for one in found} == {"rag": 2, "long-context": 2}
    assert sum(one.count for one in found) >= 3


def test_edits_and_memory_are_measured_with_the_answers(ground):
    evaluation = evaluation_of(ground, ("base", "rag"), 2)
    found, missing = split(answers(ground, evaluation.id))
    assert missing == []
    memory = [one.value for one in found if one.name == "memory_bytes"]
    assert len(memory) == 2
    assert memory[0] > 400e6  # weights and libraries, in the model's own process, too
    found, _ = split(freshness(ground, ("rag",), evaluation.id))
    assert [one.name for one in found] == ["freshness_seconds"]
    assert found[0].count > 0
