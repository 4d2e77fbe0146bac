"""From a round, and from what was voted, to HTML: pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from playground.modes import MODES
from playground.modes.citations import Citations
from playground.rounds import Round
from playground.types import Language
from playground.ui import render
from playground.ui.render_run import wide_table
from playground.ui.strings import text
from playground.votes import Tally

LETTERS = "ABCDEF"
assert len(LETTERS) >= len(MODES)
ANSWERED = "<div class='pg-blind pg-answered'></div>"  # in place of `progress`, once all is drawn


def column(round: Round, place: int, language: Language) -> tuple[str, str, str]:
    """Head, answer and foot of the column at `place`.

    In a blind round, numbers of sources are left out of answers, for only some modes have any; what
    an answer says of its documents is left as it is, since that is what is judged.
    """
    pane = round.panes[place]
    if round.stage in ("answering", "voting"):
        answer = without_citations(pane.text) if round.stage == "voting" else ""
        return _blind_head(place, language), answer, ""
    head, foot = render.pane_head(pane, language), render.pane_foot(pane, scale_of(round), language)
    if round.blind:
        head = render.note(text("votes.answer", language, letter=LETTERS[place])) + head
    return head, pane.text, foot


def scale_of(round: Round) -> render.Scale:
    """The bars of all columns share it."""
    return render.Scale(round.slowest, round.longest_prompt)


def _blind_head(place: int, language: Language) -> str:
    title = text("votes.answer", language, letter=LETTERS[place])
    hidden = text("votes.hidden", language)
    return f"<div class='pg-head'><h3>{title}</h3><p>{hidden}</p></div>"


def without_citations(answer: str) -> str:
    """`answer` without numbers of sources, as if it had none; also without one that is cut off."""
    return Citations(0).feed(answer)


def progress(round: Round, language: Language) -> str:
    """How many of a blind round have answered. By this, the style sheet shows its columns."""
    if not round.blind:
        return ""
    done, total = sum(pane.is_over for pane in round.panes), len(round.panes)
    waiting = render.waiting(text("votes.progress", language, done=done, total=total))
    return f"<div class='pg-blind'>{waiting}</div>"


def state(round: Round, tallies: Sequence[Tally], model: str, language: Language) -> str:
    """Under the columns of a blind round: what to do, and what came of it."""
    if round.stage in ("open", "answering"):
        return ""
    if round.stage == "voting":
        key = "votes.which_better" if len(round.panes) == 2 else "votes.which_best"
        return f"<p class='pg-score'>{text(key, language)}</p>"
    if round.stage == "spoiled":
        return render.warning(text("votes.spoiled", language))
    if not round.is_counted:
        return render.note(text("votes.skipped", language))
    seen = [one for one in tallies if {one.first, one.second} <= set(round.modes)]
    counted = render.notice(text("votes.counted", language, model=model))
    return counted + _table(seen, language)


def all_votes(tallies: Sequence[Tally], language: Language) -> str:
    """Every two modes that were voted on, and how to read the figures."""
    if not tallies:
        return render.note(text("votes.none", language))
    return _table(tallies, language) + render.note(text("votes.explained", language))


def _table(tallies: Sequence[Tally], language: Language) -> str:
    rows = [
        (
            text(f"mode.{one.first}", language),
            text(f"mode.{one.second}", language),
            *map(str, (one.first_better, one.second_better, one.ties, one.both_bad)),
            _share(one),
            "&lt; 0.001" if one.p_value < 0.001 else f"{one.p_value:.3f}",
        )
        for one in tallies
    ]
    return wide_table(text("votes.columns", language).split("|"), rows)


def _share(one: Tally) -> str:
    if not one.share.total:
        return "–"
    low, high = one.share.interval
    return f"{100 * one.share.value:.0f} % ({100 * low:.0f}–{100 * high:.0f} %)"
