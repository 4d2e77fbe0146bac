"""Invented names, dates and amounts in two languages, each kind by one rule."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from playground.types import Language

_TAKEN = frozenset({"Halden"})
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WEEKDAYS_EN = tuple(
    f"{day}day" for day in ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")
)
_WEEKDAYS_ZH = tuple(f"星期{day}" for day in "一二三四五六日")
_DAYS_IN_EVERY_MONTH = 28
_FIRST_YEAR, _LAST_YEAR = 1500, 2020

Words = Mapping[str, list[str]]
Draw = Callable[[random.Random, Words], str]


def load_words(folder: Path, language: Language) -> Words:
    """The lists of words in `folder`/names.<language>.toml."""
    text = (folder / f"names.{language}.toml").read_text(encoding="utf-8")
    return {key: value.split() for key, value in tomllib.loads(text).items()}


def draw_name(kind: str, language: Language, words: Words, rng: random.Random) -> str:
    """A random value of `kind`, one of `KINDS`; never a name of the built-in world."""
    while (value := KINDS[language][kind](rng, words)) in _TAKEN or _TAKEN & set(value.split()):
        pass
    return value


def surname_of(person: str) -> str:
    """The family name in a full name made by `draw_name`."""
    for separator in (" ", "·"):
        if separator in person:
            return person.split(separator)[-1]
    return person[:2] if person[:2] in _LONG_SURNAMES else person[:1]


_LONG_SURNAMES = frozenset({"司马", "欧阳", "诸葛", "上官"})


def _year(rng: random.Random, words: Words) -> str:
    return str(rng.randint(_FIRST_YEAR, _LAST_YEAR))


def _amount(rng: random.Random) -> float:
    """Small amounts as often as large ones, and round ones often."""
    return rng.choice(
        (
            rng.randint(2, 99),
            rng.randint(100, 999),
            rng.randint(10, 99) * 100,
            rng.randint(11, 990) * 1000,
            rng.randint(2, 99) + rng.choice((0.25, 0.5, 0.75, 0.95)),
        )
    )


# English


def _person_en(rng: random.Random, words: Words) -> str:
    family = rng.choice(words["surname"]) if rng.random() < 0.7 else _joined(rng, words, "town_end")
    return f"{rng.choice(words['given'])} {family}"


def _joined(rng: random.Random, words: Words, end: str) -> str:
    return rng.choice(words["start"]) + rng.choice(words[end])


def _town_en(rng: random.Random, words: Words) -> str:
    town = _joined(rng, words, "town_end")
    return rng.choice(("", "", "", "", "New ", "Upper ", "Port ", "Saint ")) + town


def _money_en(rng: random.Random, words: Words) -> str:
    if rng.random() < 0.15:
        amount = f"{rng.randint(11, 99) / 10} {rng.choice(('million', 'billion'))}"
    else:
        value = _amount(rng)
        amount = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
    if rng.random() < 0.4:
        return rng.choice("$€£") + amount
    return f"{amount} {rng.choice(words['currency'])}"


def _clock_en(rng: random.Random, words: Words) -> str:
    minute = rng.choice((0, 10, 15, 20, 30, 40, 45, 50))
    if rng.random() < 0.4:
        return f"{rng.randint(0, 23):02}:{minute:02}"
    return f"{rng.randint(1, 12)}:{minute:02} {rng.choice(('a.m.', 'p.m.'))}"


def _percent(rng: random.Random) -> str:
    return str(rng.randint(2, 97)) if rng.random() < 0.7 else f"{rng.uniform(0.2, 97):.1f}"


def _day_en(rng: random.Random, words: Words) -> str:
    day, month = rng.randint(1, _DAYS_IN_EVERY_MONTH), rng.choice(MONTHS)
    return f"{day} {month}" if rng.random() < 0.5 else f"{month} {day}"


_ENGLISH: Mapping[str, Draw] = {
    "person": _person_en,
    "town": _town_en,
    "country": lambda rng, words: _joined(rng, words, "country_end"),
    "region": lambda rng, words: _joined(rng, words, "region_end"),
    "river": lambda rng, words: _joined(rng, words, "river_end"),
    "lake": lambda rng, words: f"Lake {_joined(rng, words, 'river_end')}",
    "mountain": lambda rng, words: f"Mount {_joined(rng, words, 'land_end')}",
    "island": lambda rng, words: f"{_joined(rng, words, 'land_end')} Island",
    "street": lambda rng, words: (
        f"{_joined(rng, words, 'town_end')} {rng.choice(words['street_word'])}"
    ),
    "company": lambda rng, words: (
        f"{rng.choice(words['surname'])} {rng.choice(words['company_word'])}"
    ),
    "university": lambda rng, words: rng.choice(
        ("University of {}", "{} University", "{} College")
    ).format(_joined(rng, words, "town_end")),
    "ship": lambda rng, words: (
        f"{rng.choice(words['ship_first'])} {rng.choice(words['ship_second'])}"
    ),
    "newspaper": lambda rng, words: (
        f"{_joined(rng, words, 'town_end')} {rng.choice(words['newspaper_word'])}"
    ),
    "people": lambda rng, words: _joined(rng, words, "people_end"),
    "weekday": lambda rng, words: rng.choice(_WEEKDAYS_EN),
    "month": lambda rng, words: rng.choice(MONTHS),
    "day": _day_en,
    "year": _year,
    "clock": _clock_en,
    "money": _money_en,
    "percent": lambda rng, words: _percent(rng) + rng.choice((" percent", " per cent", "%")),
    "colour": lambda rng, words: rng.choice(words["colour"]),
}


# Chinese


def _sounds(rng: random.Random, words: Words, low: int = 2, high: int = 3) -> str:
    return "".join(rng.choice(words["sound"]) for _ in range(rng.randint(low, high)))


def _person_zh(rng: random.Random, words: Words) -> str:
    if rng.random() < 0.6:
        return rng.choice(words["surname"]) + rng.choice(words["given"])
    return f"{_sounds(rng, words)}·{_sounds(rng, words)}"


def _place_zh(rng: random.Random, words: Words) -> str:
    return rng.choice(words["place"]) if rng.random() < 0.5 else _sounds(rng, words)


def _money_zh(rng: random.Random, words: Words) -> str:
    value = _amount(rng)
    amount = rng.choice((f"{value}", f"{value}万")) if value < 1000 else f"{value}"
    return amount + rng.choice(words["currency"])


def _clock_zh(rng: random.Random, words: Words) -> str:
    minute = rng.choice(("", "30分", "15分", "45分", "10分"))
    part, low, high = rng.choice((("早上", 6, 9), ("上午", 8, 11), ("下午", 1, 6), ("晚上", 6, 11)))
    return f"{part}{rng.randint(low, high)}点{minute}"


_CHINESE: Mapping[str, Draw] = {
    "person": _person_zh,
    "town": lambda rng, words: _place_zh(rng, words) + rng.choice(words["town_end"]),
    "country": lambda rng, words: _sounds(rng, words) + rng.choice(("国", "王国", "共和国", "亚")),
    "region": lambda rng, words: _place_zh(rng, words) + rng.choice(words["region_word"]),
    "river": lambda rng, words: _place_zh(rng, words) + rng.choice(("河", "河", "江", "溪")),
    "lake": lambda rng, words: _place_zh(rng, words) + rng.choice(("湖", "湖", "池", "泽")),
    "mountain": lambda rng, words: _place_zh(rng, words) + rng.choice(("山", "山", "岭", "峰")),
    "island": lambda rng, words: _place_zh(rng, words) + rng.choice(("岛", "屿", "群岛")),
    "street": lambda rng, words: _place_zh(rng, words) + rng.choice(words["street_word"]),
    "company": lambda rng, words: _place_zh(rng, words) + rng.choice(words["company_word"]),
    "university": lambda rng, words: _place_zh(rng, words) + rng.choice(("大学", "学院")),
    "ship": lambda rng, words: (
        f"{rng.choice(words['ship_first'])}{rng.choice(words['ship_second'])}号"
    ),
    "newspaper": lambda rng, words: (
        f"《{_place_zh(rng, words)}{rng.choice(words['newspaper_word'])}》"
    ),
    "people": lambda rng, words: _sounds(rng, words) + rng.choice(words["people_word"]),
    "weekday": lambda rng, words: rng.choice(_WEEKDAYS_ZH),
    "month": lambda rng, words: f"{rng.randint(1, 12)}月",
    "day": lambda rng, words: f"{rng.randint(1, 12)}月{rng.randint(1, _DAYS_IN_EVERY_MONTH)}日",
    "year": _year,
    "clock": _clock_zh,
    "money": _money_zh,
    "percent": lambda rng, words: f"{_percent(rng)}%",
    "colour": lambda rng, words: rng.choice(words["colour"]),
}

KINDS: Mapping[Language, Mapping[str, Draw]] = MappingProxyType({"en": _ENGLISH, "zh": _CHINESE})
