"""How right answers are, in both languages, how sure that is, and what was asked to find out."""

from playground.evaluation.marks import Mark, mark
from playground.evaluation.paired import Paired
from playground.evaluation.plan import WORLD, Plan
from playground.evaluation.positions import PLACES, Place, by_place
from playground.evaluation.questions import QuestionFile, load_questions
from playground.evaluation.records import Evaluation, Failed, Records
from playground.evaluation.scores import contains, exact_match, f1, is_refusal, normalised
from playground.evaluation.shares import Share
from playground.evaluation.summary import (
    Judged,
    Marked,
    ModeSummary,
    Versus,
    judged,
    known_by_heart,
    marked,
    summarise,
    versus,
)

__all__ = [
    "PLACES",
    "WORLD",
    "Evaluation",
    "Failed",
    "Judged",
    "Mark",
    "Marked",
    "ModeSummary",
    "Paired",
    "Place",
    "Plan",
    "QuestionFile",
    "Records",
    "Share",
    "Versus",
    "by_place",
    "contains",
    "exact_match",
    "f1",
    "is_refusal",
    "judged",
    "known_by_heart",
    "load_questions",
    "mark",
    "marked",
    "normalised",
    "summarise",
    "versus",
]
