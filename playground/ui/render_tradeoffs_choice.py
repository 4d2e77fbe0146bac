"""From a trial to which method to choose, and what each costs, as HTML: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from playground.modes import MODES
from playground.tradeoffs import Advice, Prices, Recommendation, Trial, bill, break_even
from playground.tradeoffs.money import ANSWERS, spent
from playground.tradeoffs.wording import MONEY, TIME, paid_back, seconds
from playground.types import Language
from playground.ui.render import note, table, warning
from playground.ui.strings import text


def recommendation(found: Recommendation, language: Language) -> str:
    """The methods, best first, each with its numbers; those ruled out; and what to beware of."""
    possible = [one for one in found.ranked if one.ruled_out is None]
    if not possible:
        ranked = note(text("advice.none", language))
    else:
        ranked = "".join(_advice(one, language) for one in possible)
        ranked = f"<ol class='pg-ranked'>{ranked}</ol>"
    out = "".join(_ruled_out(one, language) for one in found.ranked if one.ruled_out)
    out = f"<h4>{text('advice.out', language)}</h4><ul class='pg-out'>{out}</ul>" if out else ""
    caveats = "".join(warning(caveat.text(language)) for caveat in found.caveats)
    return ranked + out + caveats


def _advice(one: Advice, language: Language) -> str:
    reasons = "".join(f"<li>{escape(reason.text(language))}</li>" for reason in one.reasons)
    return f"<li><b>{_named(one.mode, language)}</b><ul>{reasons}</ul></li>"


def _ruled_out(one: Advice, language: Language) -> str:
    assert one.ruled_out
    why = escape(one.ruled_out.text(language))
    return f"<li><b>{_named(one.mode, language)}</b> {why}</li>"


def _named(mode: str, language: Language) -> str:
    return escape(text(f"mode.{mode}", language))


def costs(trial: Trial, prices: Prices, language: Language) -> str:
    """Time and money beforehand and for many answers, and when a training is paid back."""
    modes = [mode for mode in trial.modes if mode in MODES and spent(trial, mode)]
    if not modes:
        return note(text("costs.none", language))
    heads = text("costs.head", language, answers=f"{ANSWERS:,}").split("|")
    if prices.are_given:
        heads += text("costs.money", language, answers=f"{ANSWERS:,}").split("|")
    rows = [
        (text(f"mode.{mode}", language), *_row(trial, mode, prices, language)) for mode in modes
    ]
    paid = "".join(f"<p>{escape(line)}</p>" for line in _paid_back(trial, modes, prices, language))
    hint = "" if prices.are_given else note(text("costs.hint", language))
    return table(heads, rows) + paid + hint


def _row(trial: Trial, mode: str, prices: Prices, language: Language) -> list[str]:
    time = spent(trial, mode)
    assert time
    cells = [seconds(time.before, language), seconds(ANSWERS * time.answer, language)]
    if prices.are_given:
        money = bill(trial, mode, prices)
        cells += [amount(money.beforehand), amount(money.thousand_answers)] if money else ["–"] * 2
    return cells


def _paid_back(trial: Trial, modes: Sequence[str], prices: Prices, language: Language) -> list[str]:
    counted = [(None, TIME), *([(prices, MONEY)] if prices.are_given else [])]
    others = [mode for mode in ("rag", "long-context") if mode in modes]
    return [
        paid_back(answers, "lora", other, unit, language)
        for at, unit in counted
        for other in others
        if (answers := break_even(trial, "lora", other, at)) is not None
    ]


def amount(money: float) -> str:
    """A sum in whatever currency the prices are in, with as many digits as say something."""
    if money >= 100:
        return f"{money:,.0f}"
    return f"{money:,.2f}" if money >= 1 or not money else f"{money:.2g}"
