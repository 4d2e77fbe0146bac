"""Claims about how much text there is, where the answer stands in it, and what reading costs."""

from __future__ import annotations

from statistics import median

from playground.claims.claim import SIGNIFICANT, Count, Ruling, Verdict, better, paired, together
from playground.claims.given import Given
from playground.errors import OverWindow
from playground.evaluation import Share
from playground.generate.documents import distractor_documents
from playground.tradeoffs.ground import is_right
from playground.tradeoffs.growth import filled, gold_document, grown
from playground.tradeoffs.shelf import Shelf

SIZES = (1000, 2000, 4000, 7000, 16_000)
PLACES = (0.0, 0.25, 0.5, 0.75, 1.0)
QUESTIONS = 6
_POSITION_TOKENS = 3000
_PROMPTS = (1000, 4000)
_GROWS = 2.0  # times longer, the least for a prompt of four times the length
_CACHED = 0.3  # of the cold time, the most that a cached prompt may take


def growth(given: Given) -> Verdict:
    """4: long-context is no worse while all fits, and rag goes on beyond."""
    ground = given.ground
    gold, questions = gold_document(ground, QUESTIONS)
    base, _ = ground.base("claims", (gold,))
    counts: list[Count] = []
    inside: dict[str, list[bool]] = {"rag": [], "long-context": []}
    beyond: list[bool] = []
    for tokens, added, shelf in grown(ground, gold, SIZES):
        given.say(f"{tokens:,} tokens")
        ground.add("claims", added)
        found = [is_right(q, ground.ask(q, "rag", base=base)) for q in questions]
        counts.append(Count.of(f"rag, {tokens:,} tokens", Share.of(found)))
        try:
            answers = [ground.ask(q, "long-context", base=shelf) for q in questions]
        except OverWindow:
            beyond += found
            counts.append(Count(f"long-context, {tokens:,} tokens: over the window", 0.0))
            continue
        read = [is_right(*pair) for pair in zip(questions, answers, strict=True)]
        inside["rag"] += found
        inside["long-context"] += read
        counts.append(Count.of(f"long-context, {tokens:,} tokens", Share.of(read)))
    outcome = paired(inside["rag"], inside["long-context"])
    is_better, test = better("rag", "long-context", outcome)
    no_worse: Ruling = "holds" if outcome.difference >= 0 else is_better
    past: Ruling = "holds" if any(beyond) else "does not hold" if beyond else "not decided"
    return Verdict(4, together([no_worse, past]), tuple(counts), (test,))


def position(given: Given) -> Verdict:
    """5: the same documents, with the one that holds the answers at five places."""
    ground = given.ground
    gold, questions = gold_document(ground, QUESTIONS)
    source = distractor_documents(ground.settings.world_dir, ground.language, seed=1)
    others, _ = filled(ground, source, _POSITION_TOKENS)
    right: dict[float, list[bool]] = {}
    for place in PLACES:
        given.say(f"gold at {100 * place:.0f} %")
        at = round(place * len(others))
        shelf = Shelf([*others[:at], gold, *others[at:]])
        right[place] = [is_right(q, ground.ask(q, "long-context", base=shelf)) for q in questions]
    worst, best = (pick(PLACES, key=lambda place: sum(right[place])) for pick in (min, max))
    outcome = paired(right[worst], right[best])
    ruling, test = better(f"{100 * worst:.0f} %", f"{100 * best:.0f} %", outcome)
    # The best and the worst of five were picked after looking, from ten pairs.
    if outcome.p_value >= SIGNIFICANT / 10:
        ruling = "not decided"
    counts = (Count.of(f"gold at {100 * p:.0f} %", Share.of(right[p])) for p in PLACES)
    return Verdict(5, ruling, tuple(counts), (test, "ten pairs: p is to be below 0.005"))


def prefix_cache(given: Given) -> Verdict:
    """7: the first token of a short and a long prompt, new ones and ones that were read before."""
    ground = given.ground
    _, questions = gold_document(ground, 2)
    cold: dict[int, list[float]] = {size: [] for size in _PROMPTS}
    warm: list[float] = []
    source = distractor_documents(ground.settings.world_dir, ground.language, seed=2)
    for round_ in range(3):
        for size in _PROMPTS:
            given.say(f"round {round_ + 1}, {size:,} tokens")
            shelf = Shelf(filled(ground, source, size)[0])
            first, second = (
                ground.ask(question, "long-context", base=shelf).metrics for question in questions
            )
            cold[size].append(first.time_to_first_token)
            if size == _PROMPTS[-1]:
                warm.append(second.time_to_first_token)
    short, long = (median(cold[size]) for size in _PROMPTS)
    grows = long / short
    left = median(warm) / long
    rulings: list[Ruling] = [
        "holds" if grows >= _GROWS else "does not hold",
        "holds" if left <= _CACHED else "does not hold",
    ]
    counts = (
        Count(f"first token at {_PROMPTS[0]:,} tokens", short, " s"),
        Count(f"first token at {_PROMPTS[1]:,} tokens", long, " s"),
        Count("the same prompt's next question", median(warm), " s"),
        Count("times longer", grows),
        Count("of it left when cached", left),
    )
    return Verdict(7, together(rulings), counts)
