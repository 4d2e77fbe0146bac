"""Every error speaks both languages, and says the same in both."""

from __future__ import annotations

import string

import pytest

from playground import errors
from playground.errors import PlaygroundError


def leaves(kind=PlaygroundError):
    children = kind.__subclasses__()
    own = [kind] if "en" in vars(kind) else []
    return own + [leaf for child in children for leaf in leaves(child)]


def placeholders(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("error", leaves(), ids=lambda error: error.__name__)
def test_both_languages_are_there_with_the_same_details(error):
    assert placeholders(error.en) == placeholders(error.zh)
    assert any("\u4e00" <= character <= "\u9fff" for character in error.zh)
    assert not any("\u4e00" <= character <= "\u9fff" for character in error.en)


def test_the_string_of_an_error_is_its_english():
    error = errors.EmptyQuestion()
    assert str(error) == error.text("en") != error.text("zh")
