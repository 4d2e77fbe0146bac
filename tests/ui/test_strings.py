"""Every word of the page is there in both languages."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from playground.ui.strings import I18N, STRINGS, text

UI = Path(__file__).parent.parent.parent / "playground" / "ui"


def placeholders(template):
    return sorted(name for _, name, _, _ in string.Formatter().parse(template) if name)


@pytest.mark.parametrize("key", STRINGS)
def test_both_languages_take_the_same_details(key):
    english, chinese = STRINGS[key]
    assert english
    assert chinese
    assert placeholders(english) == placeholders(chinese)


def test_there_is_one_catalogue_a_language():
    """Of all that speak Chinese, language.js makes one tag."""
    english, chinese = (I18N.translations_dict[tag] for tag in ("en", "zh-CN"))
    assert len(I18N.translations_dict) == 2
    assert english.keys() == chinese.keys()
    assert chinese["AskOptions.top_k"].startswith("段落数")


def test_no_string_is_missing_or_unused():
    source = "".join(file.read_text("utf-8") for file in UI.glob("*.py") if file.stem != "strings")
    called = set(re.findall(r"(?:text|I18N)\(\s*[\"']([^\"']+)[\"']", source))
    quoted = set(re.findall(r"[\"']([\w.-]+)[\"']", source))
    prefixes = tuple(match + "." for match in re.findall(r"f[\"']([a-z]+)\.\{", source))
    assert called <= STRINGS.keys()
    unused = [key for key in STRINGS if key not in quoted and not key.startswith(prefixes)]
    assert unused == []


def test_text_fills_in_the_details():
    assert text("sources", "en", count=3) == "3 sources"
    assert text("sources", "zh", count=3) == "3 个来源"
