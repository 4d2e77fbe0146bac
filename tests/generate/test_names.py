from __future__ import annotations

import random
from pathlib import Path

import pytest

from playground.generate.names import KINDS, draw_name, load_words, surname_of

READING = Path(__file__).parents[2] / "knowledge" / "reading"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_gives_many_values_in_its_language(language):
    words = load_words(READING, language)
    rng = random.Random(0)
    for kind in KINDS[language]:
        values = {draw_name(kind, language, words, rng) for _ in range(300)}
        assert all(value and value == value.strip() for value in values)
        assert len(values) > (5 if kind in ("weekday", "month") else 15), kind


def test_both_languages_know_the_same_kinds():
    assert set(KINDS["en"]) == set(KINDS["zh"])


def test_a_name_of_the_built_in_world_is_never_drawn():
    words = {"start": ["Hal", "Bel"], "town_end": ["den"]}
    drawn = {draw_name("town", "en", words, random.Random(seed)) for seed in range(200)}
    assert "Belden" in drawn
    assert not any("Halden" in town for town in drawn)


@pytest.mark.parametrize(
    ("person", "surname"),
    [("Ada Nilsson", "Nilsson"), ("伊万·科尔布", "科尔布"), ("王安平", "王"), ("欧阳雪", "欧阳")],
)
def test_the_family_name_is_found(person, surname):
    assert surname_of(person) == surname
