"""A training as one file: what is written is read, and what is wrong in it is named."""

from __future__ import annotations

import pytest

from playground.dataset.mapping import Mapping
from playground.errors import InvalidSetting, RecipeInvalid
from playground.finetune import TrainConfig
from playground.finetune.config import PRESETS
from playground.finetune.recipe import Recipe


def test_a_recipe_is_read_as_it_was_written():
    recipe = Recipe(
        "我的-facts",
        "行.csv",
        mapping=Mapping("问", "答"),
        questions="q.txt",
        replay_rows=4,
        config=TrainConfig(epochs=3, low_memory=True),
    )
    assert Recipe.from_json(recipe.to_json()) == recipe


def test_what_is_not_named_keeps_its_default():
    assert Recipe.from_json('{"name": "a", "rows": "r.csv", "config": {"r": 4}}') == Recipe(
        "a", "r.csv", config=TrainConfig(r=4)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Expecting"),
        ("[]", "config"),
        ('{"name": "a"}', "rows"),
        ('{"rows": "r.csv"}', "name"),
        ('{"name": "a", "rows": "r", "lr": 1}', "lr"),
        ('{"name": "a", "rows": "r", "config": {"rank": 1}}', "rank"),
        ('{"name": "a", "rows": "r", "form": "raft"}', "passages"),
        ('{"name": "a", "rows": "r", "form": "passages"}', "knowledge"),
        ('{"name": "a", "rows": "r", "processes": 0}', "processes"),
        ('{"name": "a", "rows": "r", "replay_rows": -1}', "replay_rows"),
    ],
)
def test_a_file_that_is_no_recipe_says_why(text, said):
    with pytest.raises(RecipeInvalid, match=said):
        Recipe.from_json(text)


def test_an_option_out_of_bounds_is_named():
    with pytest.raises(InvalidSetting, match="epochs"):
        Recipe.from_json('{"name": "a", "rows": "r", "config": {"epochs": 0}}')


def test_every_preset_is_a_config_with_a_name_in_both_languages():
    for preset in PRESETS.values():
        assert preset.config() != TrainConfig() or preset.changes
        assert preset.en
        assert preset.zh
        assert preset.config(seed=7).seed == 7
