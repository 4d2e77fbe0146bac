"""Every word of a report is there in both languages, and is that of the page."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import get_args

from playground.modes import EXAM_MODES
from playground.reports.words import WORDS, mode_name
from playground.tradeoffs.measurement import Name
from playground.ui.strings import STRINGS

ROOM = Path(__file__).parent.parent.parent / "playground" / "reports"


def placeholders(template):
    return sorted(name for _, name, _, _ in string.Formatter().parse(template) if name)


def test_both_languages_say_everything_and_take_the_same_details():
    assert all(english and chinese for english, chinese in WORDS.values())
    taken = {key: tuple(map(placeholders, pair)) for key, pair in WORDS.items()}
    assert {key for key, (english, chinese) in taken.items() if english != chinese} == set()


_SHARED = ("mode.", "question.", "measure.")


def test_what_the_page_names_too_is_called_the_same():
    shared = [
        key
        for key in WORDS
        if key in STRINGS and key.startswith(_SHARED) and not key.endswith("_help")
    ]
    assert len(shared) > 30
    assert {key: WORDS[key] for key in shared} == {key: STRINGS[key] for key in shared}


def test_every_mode_and_every_measurement_has_a_name():
    assert all(mode_name(mode, "zh") != mode for mode in EXAM_MODES)
    assert {f"trial.{name}" for name in get_args(Name)} <= WORDS.keys()


def test_no_word_is_missing_or_unused():
    sources = {file.stem: file.read_text("utf-8") for file in ROOM.glob("*.py")}
    prefixes = re.findall(r"""f["']([a-z]+\.)\{""", "".join(sources.values()))
    del sources["words"]
    source = "".join(sources.values())
    called = set(re.findall(r"""word\(\s*["']([^"']+)["']""", source))
    quoted = set(re.findall(r"""["']([\w.]+)["']""", source))
    assert called <= WORDS.keys()
    assert [key for key in WORDS if key not in quoted and not key.startswith(tuple(prefixes))] == []
