"""How right answers are: scores in both languages, and how sure they are."""

from playground.evaluation.scores import contains, exact_match, is_refusal, normalised
from playground.evaluation.shares import Share

__all__ = ["Share", "contains", "exact_match", "is_refusal", "normalised"]
