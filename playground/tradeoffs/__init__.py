"""The methods against one another, in numbers of one's own.

`trial` and `own` load the whole program, so they are imported by themselves.
"""

from playground.tradeoffs.criteria import CRITERIA, METHODS, Criterion
from playground.tradeoffs.measurement import Doing, Measurement, Missing, Trial
from playground.tradeoffs.money import Bill, Prices, bill, break_even
from playground.tradeoffs.recommend import Advice, Recommendation, recommend
from playground.tradeoffs.running import Measuring, TrialState
from playground.tradeoffs.situation import Situation

__all__ = [
    "CRITERIA",
    "METHODS",
    "Advice",
    "Bill",
    "Criterion",
    "Doing",
    "Measurement",
    "Measuring",
    "Missing",
    "Prices",
    "Recommendation",
    "Situation",
    "Trial",
    "TrialState",
    "bill",
    "break_even",
    "recommend",
]
