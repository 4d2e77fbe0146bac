"""What the literature says of the methods, tested on the model that answers here."""

from playground.claims.claim import Claim, Count, Verdict
from playground.claims.suite import CLAIMS, examine

__all__ = ["CLAIMS", "Claim", "Count", "Verdict", "examine"]
